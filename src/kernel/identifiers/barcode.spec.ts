import { barcodeStatus } from './barcode.js';

describe('barcodeStatus', () => {
  it.each(['7591234567894', '4006381333931', '036000291452', '96385074', '10614141000415'])('should find %s valid', (barcode) => {
    expect(barcodeStatus(barcode)).toBe('valid');
  });

  it.each(['7591234567890', '036000291453', '96385075', '4006318333931'])('should find the wrong digit of %s', (barcode) => {
    expect(barcodeStatus(barcode)).toBe('invalid');
  });

  it.each(['LAC001', '12345', '123456789', '759123456789A'])('should leave %s unchecked', (barcode) => {
    expect(barcodeStatus(barcode)).toBe('unchecked');
  });
});
