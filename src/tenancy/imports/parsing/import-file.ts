import { DecimalStyle } from './decimal.js';
import { readCsv, type ByteSource, type CsvLayout, type FilePosition, type SourceRecord } from './csv-reader.js';
import { bomLength, EncodingDetector } from './encoding.js';
import type { RowContext } from './fields.js';
import { chooseDelimiter, resolveHeader, type ColumnSpec, type Header } from './header.js';
import { ImportFileError, rowProblem } from './problem.js';
import { readXlsx } from './xlsx-reader.js';
import { XLSX_LIMITS } from './zip-guard.js';

export type FileFormat = 'csv' | 'xlsx';

/** An import file whose header has been understood. */
export interface ImportFile {
  readonly format: FileFormat;
  readonly header: Header;
  /** where the first data record starts */
  readonly start: FilePosition;
  /** Records from a position on; a batch at a time, so that memory does not grow with the file. */
  readonly records: (from: FilePosition) => AsyncIterable<SourceRecord[]>;
}

/** Reads a workbook's first sheet from a row on; by default in a worker thread. */
export type WorkbookReader = (bytes: Uint8Array, from: FilePosition) => AsyncIterable<SourceRecord[]>;

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];

/** A file whose form is known and whose header is not yet read: the first record is the titles. */
export interface ImportTable {
  readonly format: FileFormat;
  /** ',' for a workbook */
  readonly delimiter: string;
  /** where the titles start */
  readonly start: FilePosition;
  readonly records: (from: FilePosition) => AsyncIterable<SourceRecord[]>;
}

/**
 * Finds out what a file is by its content, never by its name: CSV with its encoding and delimiter, or a workbook.
 * @param columns help to tell the delimiter
 * @throws ImportFileError when the file is of no accepted form
 */
export async function openImportTable(
  source: ByteSource,
  columns: readonly ColumnSpec[],
  readWorkbook: WorkbookReader = readXlsx,
): Promise<ImportTable> {
  const detector = new EncodingDetector();
  let head = Buffer.alloc(0);
  for await (const chunk of source(0)) {
    if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD)]);
    detector.push(chunk);
    if (startsWith(head, ZIP) || startsWith(head, OLE)) break;
  }
  if (startsWith(head, OLE)) throw ImportFileError.of('imports.xls_format');
  if (startsWith(head, ZIP)) {
    const bytes = await collect(source);
    return { format: 'xlsx', delimiter: ',', start: { offset: 1, line: 1 }, records: (from) => readWorkbook(bytes, from) };
  }
  const layout = csvLayout(head, detector, columns);
  const records = (from: FilePosition): AsyncIterable<SourceRecord[]> => readCsv(source, layout, from);
  return { format: 'csv', delimiter: layout.delimiter, start: { offset: 0, line: 1 }, records };
}

/**
 * Opens an import file and finds its columns.
 * @throws ImportFileError whatever makes the whole file unreadable
 */
export async function openImportFile(
  source: ByteSource,
  columns: readonly ColumnSpec[],
  readWorkbook: WorkbookReader = readXlsx,
): Promise<ImportFile> {
  const { format, start: titles, records } = await openImportTable(source, columns, readWorkbook);
  const { header, start } = await readHeader(records(titles), columns);
  return { format, header, start, records };
}

/** What the rows of a file are read against. */
export function newRowContext(today: string): RowContext {
  return { today, decimals: new DecimalStyle() };
}

const HEAD = 65_536;

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function csvLayout(head: Buffer, detector: EncodingDetector, columns: readonly ColumnSpec[]): CsvLayout {
  const encoding = detector.finish();
  const lineEnd = !head.includes(10) && head.includes(13) ? '\r' : '\n';
  const end = head.indexOf(lineEnd);
  const firstLine = head.toString('latin1', bomLength(head), end < 0 ? head.length : end);
  return { encoding, lineEnd, delimiter: chooseDelimiter(firstLine, columns) };
}

/** The first record is the header; a record must follow. */
async function readHeader(
  batches: AsyncIterable<SourceRecord[]>,
  columns: readonly ColumnSpec[],
): Promise<{ header: Header; start: FilePosition }> {
  let found: { header: Header; start: FilePosition } | null = null;
  for await (const batch of batches) {
    const [first, second] = batch;
    if (!first) continue;
    if (found) return found;
    if (first.bad)
      throw new ImportFileError([rowProblem(first.line, null, first.bad.code, first.bad.value, { limit: first.bad.limit ?? 0 })]);
    found = { header: resolveHeader(first.fields, columns, first.line), start: first.next };
    if (second) return found;
  }
  throw ImportFileError.of(found ? 'imports.no_rows' : 'imports.empty_file');
}

async function collect(source: ByteSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source(0)) {
    size += chunk.length;
    if (size > XLSX_LIMITS.fileBytes) {
      const params = { what: 'bytes', actual: `> ${XLSX_LIMITS.fileBytes}`, limit: XLSX_LIMITS.fileBytes };
      throw ImportFileError.of('imports.xlsx_too_large', params);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
