import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { importFilesOf, shiftFolder } from './shift-folder.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'fluxion-shift-'));
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;
function folder(files: Record<string, string | Buffer>): { dir: string; out: string; read: (name: string) => string } {
  const dir = path.join(root, `in${++made}`);
  const out = path.join(root, `out${made}`);
  mkdirSync(dir);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
  return { dir, out, read: (name) => readFileSync(path.join(out, name), 'utf8') };
}

describe('shiftFolder', () => {
  it('should move every date by the days that make the last sale yesterday, and keep the form', async () => {
    const { dir, out, read } = folder({
      'stores.csv': 'code,name\nS01,Tienda "1"\n',
      'sales.csv': Buffer.from(
        '\uFEFFFecha;store;sku;quantity;ticket\n31/12/2018;S01;"a;b";3,25;\n28/02/2016;S01;ñ;1;\nmañana;S01;x;1;\n',
      ),
      'stock.csv': 'store,sku,quantity,date\nS01,x,5,2018-12-04\n',
      'calendar.csv': 'date,kind\n2019-01-06,holiday\n',
      'notes.txt': '2018-12-31',
    });
    expect(await shiftFolder(dir, out, '2026-11-21')).toBe(2881);
    expect(read('sales.csv')).toBe(
      'Fecha;store;sku;quantity;ticket\n20/11/2026;S01;"a;b";3,25;\n18/01/2024;S01;ñ;1;\nmañana;S01;x;1;\n',
    );
    expect(read('stock.csv')).toBe('store,sku,quantity,date\nS01,x,5,2026-10-24\n');
    expect(read('calendar.csv')).toBe('date,kind\n2026-11-26,holiday\n');
    expect(read('stores.csv')).toBe('code,name\nS01,Tienda "1"\n');
    expect((await importFilesOf(out)).map(({ kind }) => kind)).toEqual(['stores', 'calendar', 'stock', 'sales']);
  });

  it('should make Windows-1252 UTF-8 and take newest-first files', async () => {
    const { dir, out, read } = folder({ 'Sales.CSV': Buffer.from('date,sku\n2020-03-01,niño\n2020-02-28,€\n', 'latin1') });
    await shiftFolder(dir, out, '2020-03-03');
    expect(read('sales.csv').split('\n').slice(0, 2)).toEqual(['date,sku', '2020-03-02,niño']);
  });

  it('should change nothing that is on its day already', async () => {
    const text = 'date,sku\n2020-03-01,a\n';
    const { dir, out, read } = folder({ 'sales.csv': text });
    expect(await shiftFolder(dir, out, '2020-03-02')).toBe(0);
    expect(read('sales.csv')).toBe(text);
  });

  it('should need sales', async () => {
    const { dir, out } = folder({ 'stores.csv': 'code,name\nS01,x\n' });
    await expect(shiftFolder(dir, out, '2020-03-02')).rejects.toThrow('no sales');
  });
});
