import { newRowContext, resolveHeader } from '../../tenancy/index.js';
import { saleRow } from './sale-row.js';

const header = resolveHeader(['date', 'store', 'sku', 'quantity', 'unit_price', 'ticket', 'promotion'], saleRow.columns, 1);

function parse(line: string): unknown {
  const record = { line: 2, fields: line.split(';'), bad: null, next: { offset: 0, line: 3 } };
  const { row, problems } = saleRow.bind(header, newRowContext('2026-11-21'))(record);
  return row ?? problems?.map((problem) => [problem.field, problem.code]);
}

describe('saleRow', () => {
  it('should read a sale and a return', () => {
    expect(parse('20/11/2026;S01;LAC001;3,25;1,50;T-17;1')).toEqual({
      date: '2026-11-20',
      store: 'S01',
      sku: 'LAC001',
      quantity: '3.25',
      unit_price: '1.5',
      ticket: 'T-17',
      promotion: true,
    });
    expect(parse('2026-11-21;S01;LAC001;-1;;;')).toMatchObject({
      quantity: '-1',
      unit_price: null,
      ticket: null,
      promotion: null,
    });
  });

  it('should refuse a ticket with blanks and a total that no column holds', () => {
    expect(parse('20/11/2026;S01;LAC 001;1;;T 17;')).toEqual([['ticket', 'imports.bad_code']]);
    expect(parse('20/11/2026;S01;LAC 001;-99999999;99999999;;')).toEqual([['quantity', 'imports.total_too_large']]);
  });

  it('should refuse a sale of nothing and a sale of tomorrow', () => {
    expect(parse('22/11/2026;S01;LAC001;0;;;')).toEqual([
      ['date', 'imports.future_date'],
      ['quantity', 'imports.zero'],
    ]);
  });
});
