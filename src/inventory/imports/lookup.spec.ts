import { Lookup } from './lookup.js';

describe('Lookup', () => {
  it('should ask for each code once, and remember what there is not', async () => {
    const asked: (readonly string[])[] = [];
    const sut = new Lookup(async (codes) => {
      asked.push(codes);
      return new Map(codes.filter((code) => code !== 'X').map((code) => [code, `id of ${code}`]));
    });
    await sut.learn(['A', 'X', null, 'A']);
    await sut.learn(['X', 'A']);
    await sut.learn(['B', 'A']);
    expect(asked).toEqual([['A', 'X'], ['B']]);
    expect([sut.get('A'), sut.get('X'), sut.get('B')]).toEqual(['id of A', null, 'id of B']);
    expect(() => sut.get('never')).toThrow('not looked up');
  });
});
