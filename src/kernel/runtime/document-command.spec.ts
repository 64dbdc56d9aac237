import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from './commands.js';
import { documentCommand } from './document-command.js';

const home = mkdtempSync(path.join(os.tmpdir(), 'fluxion-document-'));
afterAll(() => rmSync(home, { recursive: true }));

const said: string[] = [];
beforeEach(() => (said.length = 0));
const sut = documentCommand({ name: 'poem', subject: 'poem that the code makes', text: async () => 'roses\n' });
const run = (...argv: string[]) => runCommand([sut], ['poem', ...argv], (text) => said.push(text));

describe('documentCommand', () => {
  it('should print the document when nothing is asked', async () => {
    expect(await run()).toBe(0);
    expect(said).toEqual(['roses']);
  });

  it('should write it, with the folders on the way', async () => {
    const file = path.join(home, 'a', 'b', 'poem.txt');
    expect(await run('--write', file)).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('roses\n');
  });

  it('should find a file that is the same, and say what makes another one right', async () => {
    const file = path.join(home, 'poem.txt');
    writeFileSync(file, 'roses\n');
    expect(await run('--check', file)).toBe(0);
    expect(said).toEqual([]);
    writeFileSync(file, 'tulips\n');
    expect(await run('--check', file)).toBe(1);
    expect(said).toEqual([`${file} is not the poem that the code makes: run npx fluxion poem --write ${file} and commit it`]);
  });

  it('should take a file that is missing for another one', async () => {
    expect(await run('--check', path.join(home, 'none'))).toBe(1);
    expect(existsSync(path.join(home, 'none'))).toBe(false);
  });

  it('should not write and compare at once', async () => {
    await expect(run('--check', 'a', '--write', 'b')).rejects.toThrow('--write or --check, not both');
  });
});
