import { newRowContext, resolveHeader, type ParsedRecord } from '../../tenancy/index.js';
import { productRow, type ProductRow } from './product-row.js';

const TITLES = productRow.columns.map((column) => column.name);

function parse(fields: string[], titles: string[] = TITLES): ParsedRecord<ProductRow> {
  const next = { offset: 0, line: 3 };
  return productRow.bind(
    resolveHeader(titles, productRow.columns, 1),
    newRowContext('2026-11-21'),
  )({ line: 2, fields, bad: null, next });
}

describe('productRow', () => {
  it('should read a full line', () => {
    const fields = [
      'LAC001',
      'Leche Entera 1L',
      'LACTEOS',
      'POLAR',
      'Unidad',
      '7591234567894',
      '2,50',
      '3.25',
      'exempt',
      '24',
      '36,5',
    ];
    expect(parse(fields).row).toEqual({
      sku: 'LAC001',
      name: 'Leche Entera 1L',
      category: 'LACTEOS',
      supplier: 'POLAR',
      unit_type: 'unit',
      barcode: '7591234567894',
      cost_price: '2.5',
      sale_price: '3.25',
      tax_category: 'exempt',
      min_stock_level: '24',
      reorder_point: '36.5',
    });
  });

  it('should need a SKU and a name alone', () => {
    expect(parse(['X1', 'Algo'], ['Código', 'Nombre']).row).toMatchObject({
      sku: 'X1',
      name: 'Algo',
      sale_price: null,
      unit_type: null,
    });
  });

  it('should name every wrong field of a line', () => {
    const { problems } = parse(['', 'x'.repeat(301), '', 'x\u0007y', 'dozen', '', '-1', 'gratis', '', '1.234.567', '9e9']);
    expect(problems?.map((problem) => [problem.field, problem.code])).toEqual([
      ['sku', 'imports.required'],
      ['name', 'imports.too_long'],
      ['supplier', 'imports.control_character'],
      ['unit_type', 'imports.not_a_choice'],
      ['cost_price', 'imports.out_of_range'],
      ['sale_price', 'imports.not_a_number'],
      ['min_stock_level', 'imports.thousands_separator'],
      ['reorder_point', 'imports.not_a_number'],
    ]);
  });
});
