import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Config } from '../config/config.js';
import { loadKeys, SigningKeys } from './signing-keys.js';

const folder = mkdtempSync(path.join(tmpdir(), 'fluxion-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const key = (kid: string, byte: number) => ({ kid, k: Buffer.alloc(32, byte).toString('base64url') });
const fileOf = (name: string, content: unknown): string => {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('SigningKeys', () => {
  it('should generate once below DATA_DIR, readable by the owner alone', () => {
    const first = loadKeys(undefined, folder, 'jwt.json');
    expect(loadKeys(undefined, folder, 'jwt.json')).toEqual(first);
    expect(statSync(path.join(folder, 'keys/jwt.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(folder, 'keys/jwt.json'), 'utf8')).toContain(first[0]?.kid);
  });

  it('should sign with the first, verify with all, and derive keys that differ by purpose', () => {
    const file = fileOf('two.json', { keys: [key('new', 1), key('old', 2)] });
    const sut = new SigningKeys(Object.assign(new Config(), { JWT_KEYS_FILE: file }));
    expect(sut.current().kid).toBe('new');
    expect(sut.byId('old')?.secret).toEqual(Buffer.alloc(32, 2));
    expect(sut.byId('none')).toBeUndefined();
    const [cursor, mail] = [sut.derive('cursor'), sut.derive('mail')];
    expect(cursor).toHaveLength(2);
    expect(cursor[0]).not.toEqual(mail[0]);
    expect(cursor[0]).not.toEqual(sut.current().secret);
  });

  it.each([
    ['is not JSON', 'no'],
    ['has no "keys"', { keys: [] }],
    ['needs "kid" and "k"', { keys: [{ kid: 'a' }] }],
    ['shorter than 32 bytes', { keys: [{ kid: 'a', k: 'AAAA' }] }],
    ['"kid" twice', { keys: [key('a', 1), key('a', 2)] }],
  ])('should refuse a file that %s', (says, content) => {
    expect(() => loadKeys(fileOf('bad.json', content), folder, 'x')).toThrow(says);
  });
});
