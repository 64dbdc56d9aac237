import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FilesRefusedError } from '../kernel/runtime/files-refused.js';
import { addDays, daysBetween } from '../kernel/time/zone.js';
import {
  IMPORT_KINDS,
  type ByteSource,
  type ImportKindName,
  type ImportTable,
  normaliseTitle,
  openImportTable,
  quoteField,
  readLocalDate,
} from '../tenancy/index.js';

/** The kinds whose lines carry a date. */
const DATED: ReadonlySet<ImportKindName> = new Set(['calendar', 'stock', 'sales']);
const DATE_COLUMN = [{ name: 'date', aliases: ['fecha'], required: true }];

/** An import file of a folder. */
export interface FolderFile {
  readonly kind: ImportKindName;
  readonly path: string;
}

/** The import files of a folder (`sales.csv` or `sales.xlsx` ...), in the order in which they are taken in; other files are left alone. */
export async function importFilesOf(dir: string): Promise<FolderFile[]> {
  const names = await readdir(dir);
  return IMPORT_KINDS.flatMap((kind) => {
    const name = names.find((found) => new RegExp(`^${kind}\\.(csv|xlsx)$`, 'i').test(found));
    return name === undefined ? [] : [{ kind, path: path.join(dir, name) }];
  });
}

/** A file on disk, opened at an offset. */
export function fileSource(file: string): ByteSource {
  return (from) => createReadStream(file, { start: from, highWaterMark: 262_144 });
}

/**
 * Copies a folder of import files with one number of days added to every date, so that the last SALE is the day before `today`. Files are
 * streamed; delimiter, decimals and date form stay, text becomes UTF-8 and a workbook with dates becomes CSV. A date that cannot be read is
 * left as it is, for the import to report.
 * @param today today in the tenant's time zone, ISO
 * @returns the days added
 */
export async function shiftFolder(dir: string, out: string, today: string): Promise<number> {
  const files = await importFilesOf(dir);
  const sales = files.find(({ kind }) => kind === 'sales');
  const last = sales && (await lastDate(sales.path));
  if (!last) throw new FilesRefusedError([`${dir} has no sales whose last day could become yesterday`]);
  const days = daysBetween(last, addDays(today, -1));
  await mkdir(out, { recursive: true });
  for (const file of files) {
    if (DATED.has(file.kind)) await shiftFile(file, path.join(out, `${file.kind}.csv`), days);
    else await copyFile(file.path, path.join(out, path.basename(file.path).toLowerCase()));
  }
  return days;
}

async function lastDate(file: string): Promise<string | null> {
  const table = await openImportTable(fileSource(file), DATE_COLUMN);
  let last: string | null = null;
  for await (const { date } of datedRows(table)) if (date !== null && (last === null || date > last)) last = date;
  return last;
}

async function shiftFile(file: FolderFile, target: string, days: number): Promise<void> {
  const table = await openImportTable(fileSource(file.path), DATE_COLUMN);
  const draft = `${target}.${process.pid}`;
  await pipeline(Readable.from(shiftedText(table, days)), createWriteStream(draft));
  await rename(draft, target);
}

async function* shiftedText(table: ImportTable, days: number): AsyncGenerator<string> {
  const delimiter = table.delimiter === ';' ? ';' : ',';
  const moved = new Map<string, string>();
  let text = '';
  for await (const { fields, at, date } of datedRows(table)) {
    const row = [...fields];
    if (date !== null && at !== null) row[at] = movedDate(fields[at] ?? '', date, days, moved);
    text += `${row.map((field) => quoteField(field, delimiter)).join(delimiter)}\n`;
    if (text.length < FLUSH) continue;
    yield text;
    text = '';
  }
  yield text;
}

const FLUSH = 262_144;

/** The date some days later, in the form it was written in. */
function movedDate(written: string, date: string, days: number, known: Map<string, string>): string {
  let moved = known.get(written);
  if (moved === undefined) {
    moved = addDays(date, days);
    if (written.includes('/')) moved = moved.split('-').toReversed().join('/');
    known.set(written, moved);
  }
  return moved;
}

interface DatedRow {
  readonly fields: readonly string[];
  /** index of the date column */
  readonly at: number | null;
  /** null in the header and where it is no date */
  readonly date: string | null;
}

async function* datedRows(table: ImportTable): AsyncGenerator<DatedRow> {
  let at: number | null = null;
  let dates = new Map<string, string | null>();
  for await (const batch of table.records(table.start)) {
    for (const { fields, bad } of batch) {
      // what cannot be split keeps its place as one field, and stays wrong
      if (bad) yield { fields: [bad.value], at, date: null };
      else if (at === null) {
        at = fields.findIndex((title) => ['date', 'fecha'].includes(normaliseTitle(title)));
        yield { fields, at, date: null };
      } else {
        const text = (fields[at] ?? '').trim();
        if (!dates.has(text)) dates.set(text, readLocalDate(text));
        yield { fields, at, date: dates.get(text) ?? null };
        if (dates.size > MAX_KNOWN) dates = new Map();
      }
    }
  }
}

const MAX_KNOWN = 10_000;
