import { jest } from '@jest/globals';
import type { ImportKindName } from '../../../src/tenancy/imports/import-kind.js';
import { openImportLab, type ImportLab } from './import-lab.js';

// the machine may be busy: what counts is what happens, not how soon
jest.setTimeout(60_000);

let sut: ImportLab;
beforeAll(async () => {
  sut = await openImportLab('imports_bad_lines');
  await sut.take('stores', 'code,name\nS01,Uno\n');
  await sut.take('products', 'sku,name,barcode\nA,Arroz,7590001000014\n');
  await sut.take('stock', 'store,sku,quantity,date\nS01,A,5,2026-05-10\n');
});
afterAll(() => sut.close());

describe('a dry run', () => {
  it.each<[ImportKindName, string, string, string[]]>([
    [
      'products',
      'sku,name,supplier,unit_type,barcode,tax_category',
      'B,,NOEXISTE,box5,7590001000014,nope',
      [
        'barcode catalog.barcode_taken',
        'name imports.required',
        'supplier catalog.unknown_supplier',
        'tax_category catalog.unknown_tax_category',
        'unit_type imports.not_a_choice',
      ],
    ],
    [
      'stock',
      'store,sku,quantity,date',
      'XX,YY,many,2026-05-10',
      ['quantity imports.not_a_number', 'sku inventory.unknown_product', 'store inventory.unknown_store'],
    ],
    [
      'stock',
      'store,sku,quantity,unit_cost,date',
      'S01,A,7,x,2026-05-09',
      ['date inventory.later_count', 'unit_cost imports.not_a_number'],
    ],
    ['stock', 'store,sku,quantity,date', ',A,7,never', ['date imports.bad_date', 'store imports.required']],
    [
      'sales',
      'date,store,sku,quantity',
      'x,XX,A,0',
      ['date imports.bad_date', 'quantity imports.zero', 'store inventory.unknown_store'],
    ],
    [
      'calendar',
      'date,store,kind,sku,value',
      '2026-05-10,XX,price,YY,',
      ['sku inventory.unknown_product', 'store inventory.unknown_store', 'value imports.required'],
    ],
  ])(
    'should tell everything that is wrong with a line of %s, names that lead nowhere too',
    async (kind, header, line, expected) => {
      const { record, problems } = await sut.take(kind, `${header}\n${line}\n`, { dryRun: true });
      expect(problems.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual(expected);
      expect(problems.every((problem) => problem.line === 2)).toBe(true);
      expect(record).toMatchObject({ rowsTotal: 1, rowsValid: 0, rowsInvalid: 1, problemCount: expected.length });
    },
  );

  it('should ask no more of a line whose fields cannot be told apart', async () => {
    const { problems } = await sut.take('sales', 'date,store,sku,quantity\nx,XX\n', { dryRun: true });
    expect(problems.map(({ code }) => code)).toEqual(['imports.field_count']);
  });
});
