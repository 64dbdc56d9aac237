import { deflateRawSync } from 'node:zlib';
import { ImportFileError } from './problem.js';
import { guardWorkbook, XLSX_LIMITS } from './zip-guard.js';

interface Entry {
  name: string;
  content: Buffer;
  /** what the directory claims, when it lies */
  size?: number;
  method?: number;
}

/** A zip archive by hand, so that it can lie. */
function zip(entries: Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, size = content.length, method = 8 } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    directory.push(central, Buffer.from(name));
    parts.push(local, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const BOOK: Entry = { name: 'xl/workbook.xml', content: Buffer.from('<workbook/>') };
const sheet = (xml: string): Buffer => zip([BOOK, { name: 'xl/worksheets/sheet1.xml', content: Buffer.from(xml) }]);

function verdict(bytes: Buffer): string {
  try {
    guardWorkbook(bytes);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ImportFileError)) throw error;
    return error.message;
  }
}

describe('guardWorkbook', () => {
  it('should say what is wrong in both languages', () => {
    const refused = (bytes: Buffer): unknown => {
      try {
        guardWorkbook(bytes);
      } catch (error) {
        return error instanceof ImportFileError && error.problems[0]?.message;
      }
      return null;
    };
    expect(refused(Buffer.from('PK broken'))).toEqual({
      es: 'El libro XLSX está dañado: no es un archivo zip completo.',
      en: 'The XLSX workbook is damaged: not a complete zip archive.',
    });
    const wide = zip([
      { name: 'xl/workbook.xml', content: Buffer.from('<x/>') },
      { name: 'xl/worksheets/sheet1.xml', content: Buffer.from('<c r="ZZZ1"/>') },
    ]);
    expect(refused(wide)).toMatchObject({
      es: expect.stringContaining('(columnas: '),
      en: expect.stringContaining('(columns: '),
    });
  });

  it('should accept an ordinary workbook', () => {
    expect(verdict(sheet('<row r="1"><c r="A1"/><c r="B1" t="s"><v>0</v></c></row>'))).toBe('accepted');
    expect(verdict(zip([{ ...BOOK, method: 0 }]))).toBe('accepted');
  });

  it('should refuse a bomb by what it declares', () => {
    const bomb = zip([BOOK, { name: 'xl/a.xml', content: Buffer.from('x'), size: XLSX_LIMITS.unzippedBytes }]);
    expect(verdict(bomb)).toContain('imports.xlsx_too_large');
  });

  it('should refuse a bomb that declares less than it holds, without unpacking it', () => {
    const bomb = zip([BOOK, { name: 'xl/a.xml', content: Buffer.alloc(50_000_000), size: 1000 }]);
    expect(verdict(bomb)).toContain('lies about its size');
  });

  it('should refuse a cell far away, which costs a reader every cell before it', () => {
    expect(verdict(sheet('<row r="1048576"><c r="A1048576"/></row>'))).toContain('rows: 1048576');
    expect(verdict(sheet('<row r="1"><c s="1" r="XFD1"/></row>'))).toContain('columns: 16384');
  });

  it('should refuse a formula error, which would be read as blank', () => {
    expect(verdict(sheet('<row r="7"><c r="C7" t="e"><v>#N/A</v></c></row>'))).toContain('cell C7 holds a formula error');
  });

  it.each([
    ['a file larger than the limit', () => Buffer.alloc(XLSX_LIMITS.fileBytes + 1), 'imports.xlsx_too_large'],
    ['an archive without a workbook', () => zip([{ name: 'mimetype', content: Buffer.from('x') }]), 'no workbook inside'],
    ['an encrypted entry', () => zip([{ ...BOOK, method: 99 }]), 'encrypted or packed in an unknown way'],
    ['a broken directory', () => Buffer.concat([zip([BOOK]).subarray(0, -30), zip([BOOK]).subarray(-22)]), 'imports.bad_xlsx'],
    ['random bytes', () => Buffer.from('PK\u0003\u0004 nothing'), 'not a complete zip archive'],
  ])('should refuse %s', (_, file, words) => expect(verdict(file())).toContain(words));
});
