import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lock, tryLock } from './lock-file.js';

describe('lock files', () => {
  let home: string;
  let file: string;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    file = path.join(home, 'lock');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('should be held by one at a time and leave nothing behind', () => {
    const release = tryLock(file);
    expect(tryLock(file)).toMatchObject({ pid: process.pid });
    expect(typeof release).toBe('function');
    if (typeof release === 'function') release();
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    ['a dead process', JSON.stringify({ pid: 4_194_304_000, startedAt: '1' })],
    ['a number that another process has now', JSON.stringify({ pid: process.pid, startedAt: 'long ago' })],
    ['half a file', '{"pid":'],
  ])('should be taken over from %s', (_, text) => {
    writeFileSync(file, text);
    expect(typeof tryLock(file)).toBe('function');
  });

  it('should wait for the holder and say so once', async () => {
    const holders: number[] = [];
    const release = await lock(file, () => undefined);
    const second = lock(file, ({ pid }) => holders.push(pid));
    setTimeout(release, 250);
    (await second)();
    expect(holders).toEqual([process.pid]);
  });
});
