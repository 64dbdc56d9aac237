import { newRowContext, resolveHeader, type RowDefinition } from '../../tenancy/index.js';
import { storeRow } from '../stores/store-row.js';
import { supplierRow } from '../suppliers/supplier-row.js';
import { stockRow } from './stock-row.js';

function parse<Row>(definition: RowDefinition<Row>, titles: string, line: string): unknown {
  const header = resolveHeader(titles.split(';'), definition.columns, 1);
  const record = { line: 2, fields: line.split(';'), bad: null, next: { offset: 0, line: 3 } };
  const { row, problems } = definition.bind(header, newRowContext('2026-11-21'))(record);
  return row ?? problems?.map((problem) => [problem.field, problem.code]);
}

describe('stockRow', () => {
  const titles = 'store;sku;quantity;unit_cost;date';

  it('should read a count of a day up to today', () => {
    expect(parse(stockRow, titles, 'S01;LAC001;12,5;1,234567;21/11/2026')).toEqual({
      store: 'S01',
      sku: 'LAC001',
      quantity: '12.5',
      unit_cost: '1.234567',
      date: '2026-11-21',
    });
  });

  it('should refuse a negative count and a count of tomorrow, and take an empty shelf', () => {
    expect(parse(stockRow, titles, 'S01;LAC001;-1;;22/11/2026')).toEqual([
      ['quantity', 'imports.out_of_range'],
      ['date', 'imports.future_date'],
    ]);
    expect(parse(stockRow, titles, 'S01;LAC001;0;;21/11/2026')).toMatchObject({ quantity: '0', unit_cost: null });
  });
});

describe('storeRow', () => {
  it('should read types in Spanish', () => {
    expect(parse(storeRow, 'Código;Nombre;Tipo', 'S06;Almacén Valencia;Centro de distribución')).toEqual({
      code: 'S06',
      name: 'Almacén Valencia',
      type: 'distribution_center',
    });
    expect(parse(storeRow, 'code;name', 'S01;Tienda 1')).toEqual({ code: 'S01', name: 'Tienda 1', type: null });
  });
});

describe('supplierRow', () => {
  it('should read a supplier, with or without papers', () => {
    const titles = 'code;name;tax_id;lead_time_days';
    expect(parse(supplierRow, titles, 'POLAR;Empresas Polar, S.A.;J-30105123-8;7')).toEqual({
      code: 'POLAR',
      name: 'Empresas Polar, S.A.',
      tax_id: 'J-30105123-8',
      lead_time_days: 7,
    });
    expect(parse(supplierRow, titles, 'B1;Marca 1;;')).toMatchObject({ tax_id: null, lead_time_days: null });
    expect(parse(supplierRow, titles, 'B1;Marca 1;;1,5')).toEqual([['lead_time_days', 'imports.not_whole']]);
  });
});
