import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError, readStartOptions, slugOf } from './start-options.js';

describe('readStartOptions', () => {
  let home: string;

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    mkdirSync(path.join(home, 'Bodegón El Ávila'));
    writeFileSync(path.join(home, 'sales.csv'), '');
  });

  afterAll(() => rmSync(home, { recursive: true }));

  it('should start the demo without arguments', () => {
    expect(readStartOptions([])).toEqual({ help: false });
  });

  it('should name the tenant after the folder', () => {
    const folder = path.join(home, 'Bodegón El Ávila');
    const expected = { help: false, data: { folder, slug: 'bodegon-el-avila', shift: true } };
    expect(readStartOptions(['--data', folder, '--shift'])).toEqual(expected);
    expect(readStartOptions([`--data=${folder}/`, '--shift'])).toEqual(expected);
  });

  it.each([
    [['--shift'], /name the folder/],
    [['--data'], /--data/],
    [['--data='], /needs a folder/],
    [['--data', '/no/such/folder'], /no folder \/no\/such\/folder/],
    [['--dta', '.'], /--dta[\s\S]*--data DIR/],
    [['shop'], /shop/],
  ])('should say what is wrong with %j', (argv, message) => {
    expect(() => readStartOptions(argv)).toThrow(message);
    expect(() => readStartOptions(argv)).toThrow(UsageError);
  });

  it('should refuse a file', () => {
    expect(() => readStartOptions(['--data', path.join(home, 'sales.csv')])).toThrow(/is not a folder/);
  });
});

describe('slugOf', () => {
  it.each([
    ['shop', 'shop'],
    ['Mi Tienda #2', 'mi-tienda-2'],
    ['2024 Ñandú', 'nandu'],
    [`${'a'.repeat(39)}-b`, 'a'.repeat(39)],
  ])('should make %j a slug', (name, slug) => expect(slugOf(name)).toBe(slug));

  it.each(['', 'ab', '2024', '日本'])('should refuse %j', (name) => expect(() => slugOf(name)).toThrow(UsageError));
});
