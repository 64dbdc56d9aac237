import { Big } from 'big.js';
import * as fc from 'fast-check';
import { DecimalStyle, fromSpreadsheet, readDecimal, scaleOf } from './decimal.js';

const valueOf = (text: string): string | null => {
  const read = readDecimal(text);
  return read.ok ? read.value : null;
};
const codeOf = (text: string): string | null => {
  const read = readDecimal(text);
  return read.ok ? null : read.code;
};

describe('readDecimal', () => {
  it.each([
    ['3,25', '3.25'],
    ['3.25', '3.25'],
    ['0003', '3'],
    ['+4', '4'],
    ['-2', '-2'],
    ['-0,00', '0'],
    ['.5', '0.5'],
    [',5', '0.5'],
    ['7,', '7'],
    ['1.2300', '1.23'],
    ['99999999999999.9999', '99999999999999.9999'],
  ])('should read %s as %s', (text, value) => expect(valueOf(text)).toBe(value));

  it.each(['1.234,56', '1,234.56', '1 234', "1'234", '1.234.567', '12\u00a0345,6'])('should refuse the grouped %s', (text) =>
    expect(codeOf(text)).toBe('imports.thousands_separator'),
  );

  it.each(['', '.', '-', '1e3', '0x10', 'Infinity', 'NaN', 'Bs 3', '3,25 ', '1,2,3', '--1', '(2)', '٣'])(
    'should refuse %j',
    (text) => expect(codeOf(text)).toBe('imports.not_a_number'),
  );

  it('should give back every number written with either sign, exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(',', '.'),
        (units, scale, sign) => {
          const number = new Big(units.toString()).div(new Big(10).pow(scale));
          const value = valueOf(number.toFixed(scale).replace('.', sign));
          expect(value).not.toBeNull();
          expect(new Big(value ?? 0).eq(number)).toBe(true);
          expect(valueOf(value ?? '')).toBe(value);
          expect(scaleOf(value ?? '')).toBeLessThanOrEqual(scale);
        },
      ),
    );
  });
});

describe('fromSpreadsheet', () => {
  it.each([
    ['3.25', '3.25'],
    ['3.2500000000000001', '3.25'],
    ['0.30000000000000004', '0.3'],
    ['1E-3', '0.001'],
    ['1.5E+20', '150000000000000000000'],
    ['7591234567894', '7591234567894'],
    ['-12', '-12'],
    ['0', '0'],
  ])('should read %s as %s', (stored, value) => expect(fromSpreadsheet(stored)).toBe(value));

  it('should keep what a spreadsheet shows of any number of 15 digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }), (units, scale) => {
        const text = new Big(units).div(new Big(10).pow(scale)).toFixed();
        expect(fromSpreadsheet(String(Number(text)))).toBe(text === '-0' ? '0' : text);
      }),
    );
  });

  it('should refuse what is no number', () => {
    expect([fromSpreadsheet(''), fromSpreadsheet('x'), fromSpreadsheet('1e999')]).toEqual([null, null, null]);
  });
});

const at = (value: string, line: number = 1): { line: number; field: string; value: string } => ({
  line,
  field: 'quantity',
  value,
});

const accept = (style: DecimalStyle, value: string, line?: number): boolean => {
  const read = readDecimal(value);
  if (!read.ok) throw new Error(value);
  return style.accept(read, at(value, line));
};

describe('DecimalStyle', () => {
  it('should take both signs where the meaning is plain', () => {
    const style = new DecimalStyle();
    expect(['3,25', '3.25', '1000', '0.125', '12.3456'].map((value) => accept(style, value))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it('should refuse 1.234 once the file has shown a decimal comma, and take 1,234', () => {
    const style = new DecimalStyle();
    expect(['3,25', '1.234', '1,234'].map((value) => accept(style, value))).toEqual([true, false, true]);
  });

  it('should name the ones it took before it could know', () => {
    const style = new DecimalStyle();
    accept(style, '1.234', 7);
    accept(style, '1,234', 8);
    expect(style.takeContradicted()).toEqual([]);
    accept(style, '3,25', 9);
    expect(style.takeContradicted()).toEqual([at('1.234', 7)]);
    expect(style.takeContradicted()).toEqual([]);
  });
});
