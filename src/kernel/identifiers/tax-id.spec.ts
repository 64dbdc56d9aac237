import { taxIdStatus, formatTaxId } from './tax-id.js';

describe('taxIdStatus', () => {
  it.each(['J-30105123-8', 'J301051238', 'j-30105123-8', 'V-11470283-4', 'G-20000041-4'])('should find %s valid', (taxId) => {
    expect(taxIdStatus(taxId)).toBe('valid');
  });

  it.each(['J-30105123-4', 'V-11470283-3', 'G-20000041-5'])('should find the wrong digit of %s', (taxId) => {
    expect(taxIdStatus(taxId)).toBe('invalid');
  });

  it.each([null, '', 'V-11470283', '12-3456789', 'X-30105123-8', 'J-301051238-8'])('should leave %p unchecked', (taxId) => {
    expect(taxIdStatus(taxId)).toBe('unchecked');
  });

  it('should accept exactly one of the ten digits', () => {
    for (const body of ['J-00000001', 'V-99999999', 'E-12345678', 'P-10203040']) {
      const valid = Array.from('0123456789').filter((digit) => taxIdStatus(`${body}-${digit}`) === 'valid');
      expect(valid).toHaveLength(1);
    }
  });
});

describe('formatTaxId', () => {
  it('should write a RIF in one form', () => {
    expect(formatTaxId(' j301051238 ')).toBe('J-30105123-8');
    expect(formatTaxId('J-30105123-8')).toBe('J-30105123-8');
  });

  it('should keep what is no RIF', () => {
    expect(formatTaxId(' NIT 900.123.456-1 ')).toBe('NIT 900.123.456-1');
  });
});
