import { readSheet, type SheetData } from 'read-excel-file/universal';
import { fromSpreadsheet } from './decimal.js';
import { ImportFileError } from './problem.js';
import { guardWorkbook } from './zip-guard.js';

/**
 * The first sheet of a workbook as rows of text, in the same spelling as a CSV file would have: numbers in plain notation with a point,
 * dates ISO, true as 1. The row's index + 1 is its number in the sheet.
 * @throws ImportFileError imports.bad_xlsx, imports.xlsx_too_large, imports.empty_file
 */
export async function sheetRows(bytes: Buffer): Promise<string[][]> {
  guardWorkbook(bytes);
  const copy = new ArrayBuffer(bytes.byteLength);
  Buffer.from(copy).set(bytes);
  let cells: SheetData<string>;
  try {
    cells = await readCells(copy);
  } catch {
    // the library's own words are English and about XML
    throw ImportFileError.of('imports.bad_xlsx', { reason: UNREADABLE });
  }
  if (cells.length === 0) throw ImportFileError.of('imports.empty_file');
  return cells.map((row) => row.map(cellText));
}

const UNREADABLE = { es: 'la primera hoja no se puede leer', en: 'the first sheet cannot be read' };

/** Numbers come as the text that is stored, so that no float touches them on the way. */
function readCells(bytes: ArrayBuffer): Promise<SheetData<string>> {
  return readSheet<string>(bytes, 1, { parseNumber: (stored) => fromSpreadsheet(stored) ?? stored });
}

function cellText(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  if (cell instanceof Date) return dateText(cell);
  return typeof cell === 'boolean' ? String(Number(cell)) : '';
}

const DAY = 86_400_000;

/** A serial day number is a binary fraction: what lies within a second of midnight is that day. A time of day is kept, and then refused. */
function dateText(cell: Date): string {
  const day = Math.round(cell.getTime() / DAY) * DAY;
  return Math.abs(cell.getTime() - day) < 1000 ? new Date(day).toISOString().slice(0, 10) : cell.toISOString().slice(0, 16);
}
