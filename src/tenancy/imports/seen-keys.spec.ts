import { SeenKeys } from './seen-keys.js';

describe('SeenKeys', () => {
  it('should tell the first line of every repeated key and no other', () => {
    const sut = new SeenKeys();
    const n = 60_000;
    let wrong = 0;
    for (let i = 1; i <= n; i++) if (sut.add(`S0${i % 9} SKU-${i}`, i) !== null) wrong++;
    for (let i = 1; i <= n; i += 7) if (sut.add(`S0${i % 9} SKU-${i}`, n + i) !== i) wrong++;
    expect(wrong).toBe(0);
  });

  it('should keep keys apart that differ little', () => {
    const sut = new SeenKeys();
    const keys = ['a b', 'ab ', ' ab', 'b a', 'A b', 'a  b', ''];
    expect(keys.map((key, i) => sut.add(key, i + 1))).toEqual(keys.map(() => null));
    expect(keys.map((key) => sut.add(key, 99))).toEqual(keys.map((_, i) => i + 1));
  });
});
