import { timelineOf } from './drivers.js';
import { prepare } from './effects.js';
import { SeriesInput } from './series.js';

const DAYS = 210;
const promo = Float64Array.from({ length: DAYS }, (_, i) => (i % 30 < 6 ? 1 : 0));

function promoted(id: string, level: number, lift: number, overrides: Partial<SeriesInput> = {}): SeriesInput {
  const y = promo.map((flag, i) => Math.round(level * (flag === 1 ? lift : 1) + (i % 3)));
  return { id, start: '2025-01-01', freq: 'D', y, promo, horizon: 10, ...overrides };
}

function prepareAt(inputs: SeriesInput[], origin = DAYS): ReturnType<typeof prepare> {
  return prepare(
    inputs.map(timelineOf),
    inputs.map(() => origin),
  );
}

describe('prepare', () => {
  it('should divide the effect of a promotion out of the history and into the plan', () => {
    const future = { promo: new Float64Array(10).fill(1, 0, 2) };
    const [sut] = prepareAt([promoted('a', 100, 2, { future })]);
    const factor = Math.exp(sut!.coefficients['promo']!);
    expect(factor).toBeGreaterThan(1.9);
    expect(factor).toBeLessThan(2.1);
    for (const value of sut!.y) expect(Math.abs(value - 101)).toBeLessThan(8);
    [...sut!.factors].forEach((value, h) => expect(value).toBeCloseTo(h < 2 ? factor : 1, 1));
  });

  it('should shrink a slow product towards the pool and leave a fast one its own effect', () => {
    const fast = promoted('fast', 200, 3);
    const slow = { ...promoted('slow', 1, 1), y: Float64Array.from({ length: DAYS }, (_, i) => (i % 10 === 9 ? 1 : 0)) };
    const others = ['b', 'c', 'd'].map((id) => promoted(id, 200, 2));
    const [a, b] = prepareAt([fast, slow, ...others]);
    expect(Math.exp(a!.coefficients['promo']!)).toBeGreaterThan(2.7);
    // it never sold under a promotion, which for so few units says little
    const [alone] = prepareAt([slow]);
    expect(alone!.coefficients['promo']).toBeLessThan(-0.3);
    expect(b!.coefficients['promo']).toBeGreaterThan(0);
  });

  it('should read nothing after the origin but the plan', () => {
    const input = promoted('a', 50, 2);
    const changed = { ...input, y: input.y.map((value, i) => (i >= 150 ? 10 * value : value)) };
    const [before] = prepareAt([input], 150);
    const [after] = prepareAt([changed], 150);
    expect(after!.y).toEqual(before!.y);
    expect(after!.factors).toEqual(before!.factors);
    expect([...before!.factors].slice(0, 7).map((factor) => factor > 1.5)).toEqual([true, true, true, true, true, true, false]);
  });

  it('should start at the first demand and fill what is not usable', () => {
    const input = promoted('a', 50, 1, { stockout: new Uint8Array(DAYS).fill(1, 100, 120) });
    input.y.fill(0, 0, 40);
    input.y.fill(0, 100, 120);
    const [sut] = prepareAt([input]);
    expect(sut!.first).toBe(40);
    expect(sut!.y).toHaveLength(DAYS - 40);
    for (let i = 60; i < 80; i++) expect(sut!.y[i]).toBeGreaterThan(40);
  });
});
