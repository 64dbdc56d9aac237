import { buffer } from 'node:stream/consumers';
import writeXlsxFile from 'write-excel-file/node';
import { memorySource } from './memory-source.js';
import { openImportFile, newRowContext, type WorkbookReader } from './import-file.js';
import { code, date, decimal, flag, optional, text } from './fields.js';
import { ImportFileError, type RowProblem } from './problem.js';
import { defineRow } from './row-definition.js';
import { sheetRows } from './sheet.js';
import { sheetRecords } from './xlsx-reader.js';

const definition = defineRow({
  date: date({ future: false, aliases: ['fecha'] }),
  sku: code(10, { blanks: false, aliases: ['código'] }),
  name: text(20),
  quantity: decimal({ scale: 4, min: -1000, max: 10_000, nonZero: true }),
  promotion: optional(flag()),
});

/** What the thread does, without the thread: jest's sandbox cannot start one from TypeScript. */
const inProcess: WorkbookReader = async function* read(bytes, from) {
  yield sheetRecords(await sheetRows(Buffer.from(bytes)), 1, from.line);
};

async function readAll(bytes: Uint8Array): Promise<{ rows: unknown[]; problems: RowProblem[]; format: string }> {
  const file = await openImportFile(memorySource(bytes, 11), definition.columns, inProcess);
  const parse = definition.bind(file.header, newRowContext('2026-11-21'));
  const rows: unknown[] = [];
  const problems: RowProblem[] = [];
  for await (const batch of file.records(file.start)) {
    for (const record of batch) {
      const parsed = parse(record);
      if (parsed.problems) problems.push(...parsed.problems);
      else rows.push(parsed.row);
    }
  }
  return { rows, problems, format: file.format };
}

async function refusal(bytes: Uint8Array | string): Promise<string[]> {
  const outcome = await readAll(typeof bytes === 'string' ? Buffer.from(bytes) : bytes).catch((error: unknown) => error);
  if (!(outcome instanceof ImportFileError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.problems.map((problem) => [problem.code, problem.field].filter(Boolean).join(' '));
}

const EXPECTED = [
  { date: '2026-11-20', sku: 'LAC001', name: 'Leche añeja 1L', quantity: '3.25', promotion: true },
  { date: '2026-11-19', sku: '=cmd|1', name: "=cmd|'/C calc'!A0", quantity: '-2', promotion: null },
  { date: '2026-11-18', sku: '0012', name: 'Pan "francés"; 2', quantity: '1000', promotion: false },
];

const CSV_POINT = `date,sku,name,quantity,promotion
2026-11-20,LAC001,Leche añeja 1L,3.25,1
2026-11-19,=cmd|1,=cmd|'/C calc'!A0,-2,
2026-11-18,0012,"Pan ""francés""; 2",1000,0
`;
const CSV_COMMA = `quantity; Código ;Promotion;FECHA;name
3,25;LAC001;sí;20/11/2026;Leche añeja 1L\r
-2,00;=cmd|1;;19/11/2026;=cmd|'/C calc'!A0\r
1000;0012;No;18/11/2026;"Pan ""francés""; 2"`;

const day = (iso: string): { value: Date; type: DateConstructor; format: string } => ({
  value: new Date(`${iso}T00:00:00Z`),
  type: Date,
  format: 'dd/mm/yyyy',
});

async function workbook(): Promise<Buffer> {
  return buffer(
    await writeXlsxFile([
      ['fecha', 'sku', 'name', 'quantity', 'promotion'].map((value) => ({ value, type: String })),
      [
        day('2026-11-20'),
        { value: 'LAC001', type: String },
        { value: 'Leche añeja 1L', type: String },
        { value: 3.25, type: Number },
        { value: true, type: Boolean },
      ],
      [
        day('2026-11-19'),
        { value: '=cmd|1', type: String },
        { value: "=cmd|'/C calc'!A0", type: String },
        { value: -2, type: Number },
        null,
      ],
      [null, null],
      [
        { value: '18/11/2026', type: String },
        { value: '0012', type: String },
        { value: 'Pan "francés"; 2', type: String },
        { value: '1000', type: String },
        { value: 0, type: Number },
      ],
    ]),
  );
}

describe('openImportFile', () => {
  it.each([
    ['comma and point, UTF-8, ISO dates', () => Buffer.from(CSV_POINT)],
    ['semicolon and comma, UTF-8 with byte order mark, dd/mm/yyyy, other order', () => Buffer.from(`\uFEFF${CSV_COMMA}`)],
    ['semicolon and comma, Windows-1252', () => Buffer.from(CSV_COMMA, 'latin1')],
    ['classic Mac OS line ends', () => Buffer.from(CSV_POINT.replaceAll('\n', '\r'))],
    ['XLSX', workbook],
  ])('should read the same rows from %s', async (_, file) => {
    expect(await readAll(await file())).toMatchObject({ rows: EXPECTED, problems: [] });
  });

  it('should report every problem of every row, each once, and keep the good rows', async () => {
    const { rows, problems } = await readAll(
      Buffer.from(
        'date;sku;name;quantity;promotion\n31/02/2026;a b;x;0;2\n20/11/2026;ok;x;1,5;\n22/11/2026;;x\n21/11/2026;ok;"a"b;1;\n20/11/2026;ok;x;1.500;\n;;;1,23456;',
      ),
    );
    expect(rows).toHaveLength(1);
    expect(problems.map((problem) => [problem.line, problem.field, problem.code, problem.value])).toEqual([
      [2, 'date', 'imports.bad_date', '31/02/2026'],
      [2, 'sku', 'imports.bad_code', 'a b'],
      [2, 'quantity', 'imports.zero', '0'],
      [2, 'promotion', 'imports.not_a_flag', '2'],
      [4, null, 'imports.field_count', '22/11/2026 |  | x'],
      [5, null, 'imports.malformed_quote', '21/11/2026;ok;"a"b;1;'],
      [6, 'quantity', 'imports.ambiguous_number', '1.500'],
      [7, 'date', 'imports.required', null],
      [7, 'sku', 'imports.required', null],
      [7, 'name', 'imports.required', null],
      [7, 'quantity', 'imports.too_many_decimals', '1,23456'],
    ]);
    expect(problems[6]?.message).toEqual({
      es: 'Puede ser mil o un decimal: el archivo usa , para los decimales. Escríbalo sin separador de miles.',
      en: 'Thousands or decimals? The file uses , for decimals. Write it without thousands separators.',
    });
  });

  it.each([
    ['an empty file', '', ['imports.empty_file']],
    ['a byte order mark alone', '\uFEFF', ['imports.empty_file']],
    ['blank lines', '\n\n;;\n', ['imports.empty_file']],
    ['a header alone', 'date;sku;name;quantity\n', ['imports.no_rows']],
    ['UTF-16', Buffer.from('\uFEFFdate;sku', 'utf16le'), ['imports.utf16']],
    ['a binary file', Buffer.from([0x89, 0x50, 0, 0, 1, 2]), ['imports.not_text']],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), ['imports.xls_format']],
    ['a zip archive that is cut off', Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3]), ['imports.bad_xlsx']],
    [
      'wrong columns',
      'date;sku;sku;precio;name\n1;2;3;4;5\n',
      ['imports.duplicate_column sku', 'imports.unknown_column precio', 'imports.missing_column quantity'],
    ],
  ])('should refuse %s', async (_, file, codes) => expect(await refusal(file)).toEqual(codes));

  it('should refuse a workbook with a header alone', async () => {
    const file = await buffer(
      await writeXlsxFile([['date', 'sku', 'name', 'quantity'].map((value) => ({ value, type: String }))]),
    );
    expect(await refusal(file)).toEqual(['imports.no_rows']);
  });

  it('should find the columns of a quoted header with the other delimiter inside', async () => {
    const { rows } = await readAll(Buffer.from('"date";"sku";"name";"quantity"\n2026-11-20;A;"x,y,z";2\n'));
    expect(rows).toEqual([{ date: '2026-11-20', sku: 'A', name: 'x,y,z', quantity: '2', promotion: null }]);
  });
});
