import * as fc from 'fast-check';
import { completeEan13, ean13CheckDigit, isEan13 } from './ean13.js';
import { completeRif, rifCheckDigit } from './rif.js';
import { taxIdStatus } from './tax-id.js';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), minLength: length, maxLength: length });

describe('EAN-13', () => {
  it.each(['4006381333931', '5901234123457', '9780306406157', '7591234567894'])('should accept %s', (code) =>
    expect(isEan13(code)).toBe(true),
  );
  it.each(['7591234567890', '759123456789', '75912345678944', 'x591234567894'])('should refuse %s', (code) =>
    expect(isEan13(code)).toBe(false),
  );

  it('should notice every single wrong digit', () => {
    fc.assert(
      fc.property(digits(12), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }), (first, at, by) => {
        const code = completeEan13(first);
        const wrong = (Number(code[at]) + by) % 10;
        expect(isEan13(code)).toBe(true);
        expect(isEan13(`${code.slice(0, at)}${wrong}${code.slice(at + 1)}`)).toBe(false);
      }),
    );
  });

  it('should refuse to complete anything else', () => expect(() => ean13CheckDigit('123')).toThrow(RangeError));
});

describe('RIF', () => {
  it('should complete to what it accepts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('V', 'E', 'J', 'P', 'G'),
        digits(8),
        (letter, body) => taxIdStatus(completeRif(letter, body)) === 'valid',
      ),
    );
  });

  it('should refuse to complete anything else', () => expect(() => rifCheckDigit('X', '12345678')).toThrow(RangeError));
});
