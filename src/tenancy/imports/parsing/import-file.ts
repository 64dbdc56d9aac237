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
  records(from: FilePosition): AsyncIterable<SourceRecord[]>;
}

/** Reads a workbook's first sheet from a row on; by default in a worker thread. */
export type WorkbookReader = (bytes: Uint8Array, from: FilePosition) => AsyncIterable<SourceRecord[]>;

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];

/**
 * Opens a file of any accepted form: finds out what it is by its content (never by its name), its encoding and delimiter, and its columns.
 * @throws ImportFileError whatever makes the whole file unreadable
 */
export async function openImportFile(
  source: ByteSource,
  columns: readonly ColumnSpec[],
  readWorkbook: WorkbookReader = readXlsx,
): Promise<ImportFile> {
  const detector = new EncodingDetector();
  let head = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of source(0)) {
    if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD)]);
    size += chunk.length;
    detector.push(chunk);
    if (startsWith(head, ZIP) || startsWith(head, OLE)) break;
  }
  if (startsWith(head, OLE)) throw ImportFileError.of('import.xls_format');
  if (!startsWith(head, ZIP)) return openCsv(source, columns, csvLayout(head, detector, columns));
  const bytes = await collect(source, size);
  return openXlsx((from) => readWorkbook(bytes, from), columns);
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

async function openCsv(source: ByteSource, columns: readonly ColumnSpec[], layout: CsvLayout): Promise<ImportFile> {
  const records = (from: FilePosition): AsyncIterable<SourceRecord[]> => readCsv(source, layout, from);
  const { header, start } = await readHeader(records({ offset: 0, line: 1 }), columns);
  return { format: 'csv', header, start, records };
}

async function openXlsx(records: ImportFile['records'], columns: readonly ColumnSpec[]): Promise<ImportFile> {
  const { header, start } = await readHeader(records({ offset: 1, line: 1 }), columns);
  return { format: 'xlsx', header, start, records };
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
  throw ImportFileError.of(found ? 'import.no_rows' : 'import.empty_file');
}

async function collect(source: ByteSource, atLeast: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source(0)) {
    size += chunk.length;
    if (size > XLSX_LIMITS.fileBytes) {
      const params = { what: 'bytes', actual: `> ${Math.max(size, atLeast)}`, limit: XLSX_LIMITS.fileBytes };
      throw ImportFileError.of('import.xlsx_too_large', params);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
