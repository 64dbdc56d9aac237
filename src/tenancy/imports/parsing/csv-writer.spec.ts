import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { csvLine, neutraliseFormula } from './csv-writer.js';

describe('csvLine', () => {
  it.each([
    ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
    ['+1+2', "'+1+2"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['-2', '-2'],
    ['+58', '+58'],
    ['-3,25', '-3,25'],
    ['Leche', 'Leche'],
  ])('should make %j harmless', (value, safe) => expect(neutraliseFormula(value)).toBe(safe));

  it('should be read back as it was written, formulas apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
        fc.constantFrom(',' as const, ';' as const),
        (values, delimiter) => {
          const [row] = parse(csvLine(values, delimiter), { delimiter, record_delimiter: '\r\n' });
          expect(row).toEqual(values.map(neutraliseFormula));
        },
      ),
    );
  });

  it('should write numbers and null', () => expect(csvLine([1, null, 2.5], ';')).toBe('1;;2.5\r\n'));
});
