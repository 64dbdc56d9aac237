import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { MAX_RECORD_BYTES, readCsv, type CsvLayout, type FilePosition, type SourceRecord } from './csv-reader.js';
import { memorySource } from './memory-source.js';

const LAYOUT: CsvLayout = { encoding: 'utf-8', delimiter: ';', lineEnd: '\n' };
const START: FilePosition = { offset: 0, line: 1 };

async function read(
  content: Uint8Array | string,
  { size = 65_536, layout = LAYOUT, from = START }: { size?: number; layout?: CsvLayout; from?: FilePosition } = {},
): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  for await (const batch of readCsv(
    memorySource(typeof content === 'string' ? Buffer.from(content) : content, size),
    layout,
    from,
  ))
    records.push(...batch);
  return records;
}

const fieldsOf = (records: SourceRecord[]): (readonly string[])[] => records.map((record) => record.fields);

const quote = (value: string): string => (/[";\n\r ]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

describe('readCsv', () => {
  it('should read what csv-parse reads, whatever the quoting, the characters and the chunk size', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', 'ñ', '€', '😀', ';', ',', '"', '\n', '\r\n', ' ', '=', '7'),
      maxLength: 6,
    });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (rows, eol, size, closed) => {
          const file = rows.map((row) => row.map(quote).join(';')).join(eol) + (closed ? eol : '');
          const expected: string[][] = parse(file, { delimiter: ';', relax_column_count: true, record_delimiter: eol });
          const visible = expected.filter((row) => row.some((value) => value.trim() !== ''));
          expect(fieldsOf(await read(file, { size }))).toEqual(visible);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('should go on from every position it gave, to the same records', async () => {
    const file = 'a;b\n\n"dos\nlíneas";ñ\nx;"y ""z"""\r\nfin;€\n';
    const all = await read(file, { size: 7 });
    expect(all.map((record) => record.line)).toEqual([1, 3, 5, 6]);
    for (const [i, record] of all.entries()) {
      expect(await read(file, { from: record.next, size: 5 })).toEqual(all.slice(i + 1));
    }
    expect(all.at(-1)?.next.offset).toBe(Buffer.byteLength(file));
  });

  it('should count bytes after a byte order mark', async () => {
    const file = '\uFEFFcódigo;b\n1;2\n';
    const [header, first] = await read(file);
    expect(header?.fields).toEqual(['código', 'b']);
    expect(await read(file, { from: header?.next ?? START })).toEqual([first]);
  });

  it('should read Windows-1252 by its own bytes', async () => {
    const bytes = Buffer.from([0x80, 0x3b, 0x6e, 0xf1, 0x0a, 0x93, 0x3b, 0x31, 0x0a]);
    const records = await read(bytes, { layout: { ...LAYOUT, encoding: 'windows-1252' }, size: 3 });
    expect(fieldsOf(records)).toEqual([
      ['€', 'nñ'],
      ['“', '1'],
    ]);
    expect(records[0]?.next.offset).toBe(5);
  });

  it('should read the line ends of the classic Mac OS', async () => {
    expect(fieldsOf(await read('a;b\r1;2\r', { layout: { ...LAYOUT, lineEnd: '\r' } }))).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('should report a broken quote and read the lines after it', async () => {
    const records = await read('1;"a"b\n2;ok\n3;"never closed\n4;ok\n');
    expect(records.map((record) => [record.line, record.bad?.code ?? record.fields.join()])).toEqual([
      [1, 'imports.malformed_quote'],
      [2, '2,ok'],
      [3, 'imports.unclosed_quote'],
      [4, '4,ok'],
    ]);
  });

  it('should keep a quote inside an unquoted field, as Excel does', async () => {
    expect(fieldsOf(await read('TV 32" LED;1\n ;  "x" ;\n'))).toEqual([
      ['TV 32" LED', '1'],
      [' ', 'x', ''],
    ]);
  });

  it('should drop an overlong line without holding it, and go on', async () => {
    const long = 'x'.repeat(MAX_RECORD_BYTES * 3);
    const file = `a;b\n${long};1\n2;ok\n`;
    for (const size of [1000, 65_536, 1_000_000]) {
      const records = await read(file, { size });
      expect(records.map((record) => [record.line, record.bad?.code ?? null])).toEqual([
        [1, null],
        [2, 'imports.line_too_long'],
        [3, null],
      ]);
      expect(records[1]?.bad?.value.length).toBeLessThan(200);
      expect(records.at(-1)?.next.offset).toBe(file.length);
    }
  });

  it('should give up an open quote after the limit instead of swallowing the file', async () => {
    const rest = 'r;1\n'.repeat(40_000);
    const records = await read(`1;"open\n${rest}`, { size: 10_000 });
    expect(records[0]?.bad?.code).toBe('imports.unclosed_quote');
    expect(records.length).toBe(40_001);
  });

  it('should refuse a line with NUL', async () => {
    expect((await read('a;b\n1;\0\n')).map((record) => record.bad?.code ?? null)).toEqual([null, 'imports.nul_character']);
  });

  it('should pass over blank lines and lines of delimiters alone', async () => {
    expect((await read('a;b\n\n;\n ; \n1;2')).map((record) => record.line)).toEqual([1, 5]);
  });
});
