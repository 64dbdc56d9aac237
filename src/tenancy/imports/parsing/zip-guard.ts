import { inflateRawSync } from 'node:zlib';
import { ImportFileError, type Bilingual } from './problem.js';

/** What a workbook may cost before anything of it is read. CSV has none of these limits, and every refusal says so. */
export const XLSX_LIMITS = {
  fileBytes: 25_000_000,
  unzippedBytes: 200_000_000,
  entries: 1_000,
  rows: 200_000,
  columns: 702,
  cells: 1_500_000,
} as const;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/**
 * Opens the zip archive's directory and unpacks each entry once, bounded by the size it declares, so that a zip bomb is refused at the
 * limit and not after it. Then counts the cells of every sheet and looks at their addresses: one cell at XFD1048576 makes a reader
 * allocate 17 billion others.
 * @throws ImportFileError imports.bad_xlsx, imports.xlsx_too_large
 */
export function guardWorkbook(bytes: Buffer): void {
  within({ es: 'bytes', en: 'bytes' }, bytes.length, XLSX_LIMITS.fileBytes);
  const entries = readDirectory(bytes);
  within(
    { es: 'bytes descomprimidos', en: 'unzipped bytes' },
    entries.reduce((sum, entry) => sum + entry.size, 0),
    XLSX_LIMITS.unzippedBytes,
  );
  if (!entries.some((entry) => entry.name === 'xl/workbook.xml' || entry.name.endsWith('/workbook.xml')))
    throw damaged({ es: 'no contiene ningún libro', en: 'no workbook inside' });
  for (const entry of entries) {
    const content = unpack(bytes, entry);
    if (/worksheets\/[^/]+\.xml$/i.test(entry.name)) guardSheet(content.toString('latin1'));
  }
}

function readDirectory(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw damaged({ es: 'no es un archivo zip completo', en: 'not a complete zip archive' });
  const count = bytes.readUInt16LE(end + 10);
  within({ es: 'entradas', en: 'entries' }, count, XLSX_LIMITS.entries);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw damaged({ es: 'el índice del zip está roto', en: 'broken zip directory' });
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      local: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function unpack(bytes: Buffer, entry: ZipEntry): Buffer {
  if (entry.local + 30 > bytes.length || bytes.readUInt32LE(entry.local) !== LOCAL_HEADER)
    throw damaged({ es: `faltan los datos de ${entry.name}`, en: `no data for ${entry.name}` });
  const start = entry.local + 30 + bytes.readUInt16LE(entry.local + 26) + bytes.readUInt16LE(entry.local + 28);
  const packed = bytes.subarray(start, start + entry.packed);
  if (packed.length !== entry.packed) throw damaged({ es: `${entry.name} está cortado`, en: `${entry.name} is cut off` });
  if (entry.method === 0) {
    if (entry.packed !== entry.size)
      throw damaged({ es: `${entry.name} no tiene el tamaño que dice`, en: `${entry.name} lies about its size` });
    return packed;
  }
  if (entry.method !== 8)
    throw damaged({
      es: `${entry.name} está cifrado o comprimido de un modo desconocido`,
      en: `${entry.name} is encrypted or packed in an unknown way`,
    });
  if (entry.size === 0) return Buffer.alloc(0);
  try {
    const content = inflateRawSync(packed, { maxOutputLength: entry.size });
    if (content.length === entry.size) return content;
  } catch {
    // falls through: zlib's own words are about buffers, not about the file
  }
  throw damaged({
    es: `${entry.name} está roto o no tiene el tamaño que dice`,
    en: `${entry.name} is broken or lies about its size`,
  });
}

const CELLS = { es: 'celdas', en: 'cells' };
const COLUMNS = { es: 'columnas', en: 'columns' };
const ROWS = { es: 'filas', en: 'rows' };

const CELL = /<(?:\w+:)?c\s[^>]*>/g;
const ADDRESS = /\sr="([A-Z]{1,4})(\d{1,9})"/;

function guardSheet(xml: string): void {
  let cells = 0;
  for (const [tag] of xml.matchAll(CELL)) {
    within(CELLS, ++cells, XLSX_LIMITS.cells);
    const address = ADDRESS.exec(tag);
    if (tag.includes(' t="e"')) {
      const cell = address?.slice(1, 3).join('') ?? '';
      throw damaged({ es: `la celda ${cell} tiene un error de fórmula`, en: `cell ${cell} holds a formula error` });
    }
    if (!address) continue;
    within(COLUMNS, columnNumber(address[1] ?? ''), XLSX_LIMITS.columns);
    within(ROWS, Number(address[2]), XLSX_LIMITS.rows + 1);
  }
}

function columnNumber(letters: string): number {
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function within(what: Bilingual, actual: number, limit: number): void {
  if (actual > limit) throw ImportFileError.of('imports.xlsx_too_large', { what, actual, limit });
}

const damaged = (reason: Bilingual): ImportFileError => ImportFileError.of('imports.bad_xlsx', { reason });
