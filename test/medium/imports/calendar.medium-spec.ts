import { jest } from '@jest/globals';
import { openImportLab, type ImportLab } from './import-lab.js';

// the machine may be busy: what counts is what happens, not how soon
jest.setTimeout(60_000);

let sut: ImportLab;
beforeAll(async () => {
  sut = await openImportLab('imports_calendar');
  await sut.take('stores', 'code,name\nS01,Uno\nS02,Dos\n');
  await sut.take('products', 'sku,name\nLAC001,Leche\n');
});
afterAll(() => sut.close());

const counts = ({ record }: { record: { rowsInserted: number; rowsUpdated: number; rowsUnchanged: number } }): number[] => [
  record.rowsInserted,
  record.rowsUpdated,
  record.rowsUnchanged,
];

describe('calendar.csv', () => {
  it('should take days in, again and changed', async () => {
    const file =
      'date,store,kind,sku,value,name\n2026-12-25,,closed,,,Navidad\n24/12/2026,S01,promotion,LAC001,1,\n24/12/2026,S01,price,LAC001,2.9,\n';
    expect(counts(await sut.take('calendar', file))).toEqual([3, 0, 0]);
    expect(counts(await sut.take('calendar', `${file}26/12/2026,,holiday,,,San Esteban\n25/12/2026,S02,closed,,,\n`))).toEqual([
      2, 0, 3,
    ]);
    expect(counts(await sut.take('calendar', 'date,kind,name\n2026-12-25,closed,Día de Navidad\n'))).toEqual([0, 1, 0]);
    const { problems } = await sut.take(
      'calendar',
      'date,store,kind,sku\n2026-12-25,XX,promotion,YY\n2026-12-25,XX,promotion,YY\n',
    );
    expect(problems.map(({ line, field, code }) => `${line} ${field} ${code}`).toSorted()).toEqual([
      '2 sku inventory.unknown_product',
      '2 store inventory.unknown_store',
      '3 null imports.duplicate_row',
      '3 sku inventory.unknown_product',
      '3 store inventory.unknown_store',
    ]);
  });
});
