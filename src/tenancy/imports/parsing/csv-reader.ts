import { splitRecord } from './csv-record.js';
import { bomLength, decodeWindows1252, type TextEncoding } from './encoding.js';

/** Opens the file at a byte offset. Called again with the checkpoint's offset after a restart. */
export type ByteSource = (from: number) => AsyncIterable<Uint8Array>;

/** A place between two records: where reading can go on after a kill. */
export interface FilePosition {
  /** byte offset in the file; in XLSX the row number */
  readonly offset: number;
  /** physical line that starts there, the first being 1 */
  readonly line: number;
}

/** One record as text, or what made it unreadable. */
export interface SourceRecord {
  /** physical line where the record starts */
  readonly line: number;
  readonly fields: readonly string[];
  /** set when the record cannot be split into fields */
  readonly bad: { readonly code: string; readonly value: string; readonly limit?: number } | null;
  /** where the next record starts */
  readonly next: FilePosition;
}

export interface CsvLayout {
  readonly encoding: TextEncoding;
  readonly delimiter: string;
  /** '\r' for files of the classic Mac OS, else '\n' (which covers '\r\n') */
  readonly lineEnd: '\n' | '\r';
}

/** Longest record: our six files have at most eleven short columns. */
export const MAX_RECORD_BYTES = 65_536;

const SHOWN = 120;

interface Block {
  readonly text: string;
  readonly bytes: number;
  /** a line longer than the limit was dropped instead of decoded */
  readonly overlong: boolean;
}

/**
 * Reads the records of a CSV file from a position on, a batch for each chunk of the source. Memory stays below two chunks and one record
 * whatever the file's size. Blank lines (also of delimiters alone) are passed over but counted.
 *
 * csv-parse is the reference in the tests and not used here: it reads at a fifth of the speed, gives offsets only in decoded bytes, and
 * after a broken quote swallows the good lines that follow.
 */
export async function* readCsv(source: ByteSource, layout: CsvLayout, from: FilePosition): AsyncGenerator<SourceRecord[]> {
  let { offset, line } = from;
  let pending = '';
  let pendingBytes = 0;
  for await (const { block, last } of withLast(wholeLines(source(offset), layout, offset === 0))) {
    if (block.overlong) {
      const bad = { code: 'imports.line_too_long', value: block.text, limit: MAX_RECORD_BYTES };
      offset += block.bytes;
      yield [{ line, fields: [], bad, next: { offset, line: ++line } }];
      continue;
    }
    const text = pending + block.text;
    const batch = splitBlock(text, pendingBytes + block.bytes, { layout, last, at: { offset, line } });
    ({ offset, line } = batch.at);
    pending = text.slice(batch.consumed);
    pendingBytes += block.bytes - batch.bytes;
    if (batch.records.length > 0) yield batch.records;
  }
}

interface SplitBlock {
  readonly records: SourceRecord[];
  readonly consumed: number;
  readonly bytes: number;
  readonly at: FilePosition;
}

function splitBlock(text: string, bytes: number, how: { layout: CsvLayout; last: boolean; at: FilePosition }): SplitBlock {
  const { layout, last } = how;
  const records: SourceRecord[] = [];
  const oneByte = layout.encoding === 'windows-1252' || text.length === bytes;
  let { offset, line } = how.at;
  // the byte order mark is counted with the first line
  const mark = offset === 0 && layout.encoding === 'utf-8' && text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let pos = 0;
  while (pos < text.length) {
    const start = pos + (pos === 0 ? mark : 0);
    const result = splitRecord(text, start, layout.delimiter, last, MAX_RECORD_BYTES);
    if (result.kind === 'more') break;
    offset += oneByte ? result.next - pos : Buffer.byteLength(text.slice(pos, result.next));
    const first = line;
    line += result.kind === 'record' ? result.lines : 1;
    const next = { offset, line };
    const raw = text.slice(start, Math.min(result.next, start + SHOWN)).trimEnd();
    if (result.kind === 'bad') records.push({ line: first, fields: [], bad: { code: result.code, value: raw }, next });
    else if (result.next - start > MAX_RECORD_BYTES) records.push({ line: first, fields: [], bad: tooLong(raw), next });
    else if (text.slice(start, result.next).includes('\0')) records.push({ line: first, fields: [], bad: nul(raw), next });
    else if (result.fields.some((field) => field !== '' && field.trim() !== ''))
      records.push({ line: first, fields: result.fields, bad: null, next });
    pos = result.next;
  }
  return { records, consumed: pos, bytes: offset - how.at.offset, at: { offset, line } };
}

const tooLong = (value: string): NonNullable<SourceRecord['bad']> => ({
  code: 'imports.line_too_long',
  value,
  limit: MAX_RECORD_BYTES,
});
const nul = (value: string): NonNullable<SourceRecord['bad']> => ({ code: 'imports.nul_character', value });

/** Cuts the bytes after their last line end, so that no character and no line end is split between two blocks. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>, layout: CsvLayout, atStart: boolean): AsyncGenerator<Block> {
  const newline = layout.lineEnd === '\r' ? 13 : 10;
  let carry: Uint8Array = new Uint8Array(0);
  let skipped = 0;
  let shown = '';
  for await (const chunk of chunks) {
    let bytes = carry.length ? Buffer.concat([carry, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (skipped > 0) {
      const end = bytes.indexOf(newline);
      skipped += end < 0 ? bytes.length : end + 1;
      if (end < 0) continue;
      yield { text: shown, bytes: skipped, overlong: true };
      skipped = 0;
      bytes = bytes.subarray(end + 1);
    }
    const cut = bytes.lastIndexOf(newline) + 1;
    if (cut > 0) yield { text: decode(bytes.subarray(0, cut), layout), bytes: cut, overlong: false };
    carry = bytes.subarray(cut);
    if (carry.length > MAX_RECORD_BYTES) {
      skipped = carry.length;
      shown = decode(carry.subarray(0, SHOWN), layout);
      carry = new Uint8Array(0);
    }
  }
  if (skipped > 0) yield { text: shown, bytes: skipped, overlong: true };
  if (carry.length > 0 && !(atStart && carry.length === bomLength(carry))) {
    yield { text: decode(carry, layout), bytes: carry.length, overlong: false };
  }
}

function decode(bytes: Uint8Array, layout: CsvLayout): string {
  const text =
    layout.encoding === 'utf-8'
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
      : decodeWindows1252(bytes);
  return layout.lineEnd === '\r' ? text.replaceAll('\r', '\n') : text;
}

/** Pairs each block with whether it is the last; an empty last block lets a record that waits for more be closed. */
async function* withLast(blocks: AsyncIterable<Block>): AsyncGenerator<{ block: Block; last: boolean }> {
  for await (const block of blocks) yield { block, last: false };
  yield { block: { text: '', bytes: 0, overlong: false }, last: true };
}
