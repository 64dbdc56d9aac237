import { newRowContext, resolveHeader } from '../../tenancy/index.js';
import { calendarRow } from './calendar-row.js';

const header = resolveHeader(['date', 'store', 'kind', 'sku', 'value', 'name'], calendarRow.columns, 1);

function parse(line: string): unknown {
  const record = { line: 2, fields: line.split(';'), bad: null, next: { offset: 0, line: 3 } };
  const { row, problems } = calendarRow.bind(header, newRowContext('2026-11-21'))(record);
  return row ?? problems?.map((problem) => [problem.field, problem.code]);
}

describe('calendarRow', () => {
  it('should read a holiday to come for every store', () => {
    expect(parse('25/12/2026;;Feriado;;;Navidad')).toEqual({
      date: '2026-12-25',
      store: null,
      kind: 'holiday',
      sku: null,
      value: null,
      name: 'Navidad',
    });
  });

  it('should read a promotion of one product and of a whole store', () => {
    expect(parse('2016-12-04;S01;promotion;PA_2_14;1;')).toMatchObject({ kind: 'promotion', sku: 'PA_2_14', value: '1' });
    expect(parse('2016-12-04;S01;promotion;;;')).toMatchObject({ sku: null, value: null });
  });

  it('should ask a price for its product and value, and refuse a product on a closed day', () => {
    expect(parse('2026-12-25;S01;price;;;')).toEqual([
      ['sku', 'imports.required'],
      ['value', 'imports.required'],
    ]);
    expect(parse('2026-12-25;S01;closed;LAC001;;')).toEqual([['sku', 'imports.not_applicable']]);
  });
});
