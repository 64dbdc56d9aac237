import * as fc from 'fast-check';
import { decodeWindows1252, EncodingDetector } from './encoding.js';

function detect(bytes: Uint8Array, size: number): string {
  const detector = new EncodingDetector();
  for (let at = 0; at < bytes.length; at += size) detector.push(bytes.subarray(at, at + size));
  return detector.finish();
}

describe('EncodingDetector', () => {
  it('should know UTF-8 however it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'ñ', '€', '😀', '\n'), minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (text, size) => {
          expect(detect(Buffer.from(text), size)).toBe('utf-8');
        },
      ),
    );
  });

  it('should take anything else for Windows-1252, even when only the last byte tells', () => {
    const ascii = 'a;b\n'.repeat(5000);
    for (const size of [1, 7, 4096, 65_536]) {
      expect(detect(Buffer.from(`${ascii}ñ`, 'latin1'), size)).toBe('windows-1252');
      expect(detect(Buffer.from(`ñ${ascii}`, 'latin1'), size)).toBe('windows-1252');
    }
    expect(detect(Buffer.from([0x61, 0xe2, 0x82]), 2)).toBe('windows-1252');
  });
});

describe('decodeWindows1252', () => {
  it('should agree with the WHATWG table for every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const assigned = { 0x80: '€', 0x85: '…', 0x8a: 'Š', 0x91: '‘', 0x99: '™', 0x9f: 'Ÿ', 0xd1: 'Ñ', 0xff: 'ÿ', 0x81: '\u0081' };
    const text = decodeWindows1252(all);
    expect(text).toHaveLength(256);
    for (const [byte, character] of Object.entries(assigned)) expect(text[Number(byte)]).toBe(character);
    expect(text.slice(0, 0x80)).toBe(Buffer.from(all.subarray(0, 0x80)).toString());
  });
});
