import { forecastBatch } from './forecast-batch.js';
import { SeriesForecast, SeriesInput } from './series.js';

const LEVELS = ['q025', 'q10', 'q50', 'q80', 'q90', 'q95', 'q975', 'q99'] as const;

/** weekday profile around 20, with reproducible noise */
function shopSeries(id: string, days: number, overrides: Partial<SeriesInput> = {}): SeriesInput {
  let seed = id.split('').reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0;
  const noise = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
  const profile = [16, 18, 18, 20, 24, 30, 14];
  const y = Float64Array.from({ length: days }, (_, i) => Math.max(0, Math.round(profile[i % 7]! + 6 * noise())));
  return { id, start: '2024-01-01', freq: 'D', y, horizon: 28, ...overrides };
}

function expectSound(forecast: SeriesForecast, horizon: number): void {
  expect(forecast.mean).toHaveLength(horizon);
  for (let h = 0; h < horizon; h++) {
    expect(forecast.mean[h]).toBeGreaterThanOrEqual(0);
    const quantiles = LEVELS.map((level) => forecast[level][h]!);
    expect(quantiles.every((value, k) => Number.isFinite(value) && value >= (quantiles[k - 1] ?? 0))).toBe(true);
  }
}

function total(forecast: SeriesForecast): number {
  return forecast.mean.reduce((a, b) => a + b, 0);
}

describe('forecastBatch', () => {
  it('should follow the weekday profile of a plain daily series', () => {
    const [forecast] = forecastBatch([shopSeries('a', 200)]);
    expect(forecast!.ok).toBe(true);
    expectSound(forecast!, 28);
    // day 200 is position 4 of the profile
    const expected = Float64Array.from({ length: 28 }, (_, h) => [16, 18, 18, 20, 24, 30, 14][(200 + h) % 7]!);
    const error = expected.reduce((sum, value, h) => sum + Math.abs(value - forecast!.mean[h]!), 0) / 28;
    expect(error).toBeLessThan(1);
    expect(Object.values(forecast!.weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });

  it('should give the same result for the same input', () => {
    const input = [shopSeries('a', 150), shopSeries('b', 90)];
    expect(forecastBatch(input)).toEqual(forecastBatch(input));
  });

  it('should leave its input unchanged', () => {
    const input = shopSeries('a', 120, { stockout: new Uint8Array(120).fill(1, 50, 60) });
    const copy = structuredClone(input);
    forecastBatch([input]);
    expect(input).toEqual(copy);
  });

  it('should learn the effect of a promotion and use it where one is planned', () => {
    const series = shopSeries('p', 300);
    const promo = new Float64Array(300);
    for (let i = 0; i < 300; i++) {
      if (i % 23 > 4) continue;
      promo[i] = 1;
      series.y[i] = Math.round(series.y[i]! * 2);
    }
    const planned = new Float64Array(28).fill(1, 7, 14);
    const [forecast] = forecastBatch([{ ...series, promo, future: { promo: planned } }]);
    expect(forecast!.diagnostics.effects['promo']).toBeGreaterThan(1.8);
    expect(forecast!.diagnostics.effects['promo']).toBeLessThan(2.2);
    for (let h = 7; h < 14; h++) expect(forecast!.mean[h]! / forecast!.mean[h - 7]!).toBeGreaterThan(1.7);
  });

  it('should learn the elasticity of the price', () => {
    const series = shopSeries('e', 400);
    const price = Float64Array.from({ length: 400 }, (_, i) => (i % 40 < 10 ? 8 : 10));
    const y = series.y.map((value, i) => Math.round(value * (price[i]! / 10) ** -2));
    const future = { price: new Float64Array(28).fill(8) };
    const [cheap, same] = forecastBatch([
      { ...series, y, price, future },
      { ...series, id: 'f', y, price },
    ]);
    expect(cheap!.diagnostics.effects['price']).toBeLessThan(-1.5);
    expect(cheap!.diagnostics.effects['price']).toBeGreaterThan(-2.5);
    expect(cheap!.mean[20]!).toBeGreaterThan(1.3 * same!.mean[20]!);
  });

  it('should forecast nothing on planned closed days and not learn from past ones', () => {
    const open = shopSeries('c', 200);
    const closed = new Uint8Array(200).fill(1, 100, 110);
    const y = open.y.map((value, i) => (closed[i] === 1 ? 0 : value));
    const future = { closed: new Uint8Array(28).fill(1, 3, 4) };
    const [masked] = forecastBatch([{ ...open, y, closed, future }]);
    const [plain] = forecastBatch([open]);
    for (const key of ['mean', ...LEVELS] as const) expect(masked![key][3]).toBe(0);
    expect(masked!.mean[10]! / plain!.mean[10]!).toBeCloseTo(1, 1);
  });

  it('should take a stock-out for unknown demand, not for none', () => {
    const full = shopSeries('s', 200);
    const stockout = new Uint8Array(200).fill(1, 180, 200);
    const y = full.y.map((value, i) => (stockout[i] === 1 ? 0 : value));
    const [censored] = forecastBatch([{ ...full, y, stockout }]);
    const [naive] = forecastBatch([{ ...full, y }]);
    expect(total(censored!)).toBeGreaterThan(28 * 18);
    expect(total(naive!)).toBeLessThan(28 * 14);
  });

  it('should sum demand over the lead time with ascending quantiles', () => {
    const [forecast] = forecastBatch([shopSeries('l', 250, { leadTime: 10 })]);
    const { leadTime, mean } = forecast!;
    expect(leadTime!.periods).toBe(10);
    expect(leadTime!.mean).toBeCloseTo(
      mean.subarray(0, 10).reduce((a, b) => a + b, 0),
      9,
    );
    expect(leadTime!.q50).toBeLessThan(leadTime!.q90);
    expect(leadTime!.q95).toBeLessThan(leadTime!.q99);
    expect(leadTime!.q95).toBeLessThan(1.4 * leadTime!.mean);
  });

  it.each([
    ['W' as const, 60, 12],
    ['M' as const, 48, 6],
    ['D' as const, 60, 30],
  ])('should forecast %s periods of %i values', (freq, length, horizon) => {
    const [forecast] = forecastBatch([shopSeries('w', length, { freq, horizon })]);
    expect(forecast!.ok).toBe(true);
    expectSound(forecast!, horizon);
    expect(forecast!.diagnostics.origins).toBeGreaterThan(0);
  });
});

describe('forecastBatch with little or odd history', () => {
  it('should start a new product from its own days and its category', () => {
    const warm = ['a', 'b', 'c'].map((id) => shopSeries(id, 200, { group: 'pasta' }));
    const other = shopSeries('z', 200, { group: 'other' });
    const dear = { ...other, y: other.y.map((value) => 50 * value) };
    const empty = shopSeries('new', 0, { group: 'pasta', start: '2024-07-19' });
    const [, , , , cold] = forecastBatch([...warm, dear, empty]);
    expect(cold!.ok).toBe(true);
    expect(cold!.model).toBe('cold-start');
    expectSound(cold!, 28);
    const level = cold!.mean.reduce((a, b) => a + b, 0) / 28;
    expect(level).toBeGreaterThan(17);
    expect(level).toBeLessThan(23);
    // 2024-07-20 is a Saturday, the best day of the profile
    expect(cold!.mean[1]!).toBeGreaterThan(1.5 * cold!.mean[2]!);
  });

  it('should say so when there is nothing to learn from', () => {
    const [forecast] = forecastBatch([shopSeries('new', 0)]);
    expect(forecast).toMatchObject({
      ok: false,
      model: 'cold-start',
      diagnostics: { reason: expect.stringContaining('no demand') },
    });
    expectSound(forecast!, 28);
  });

  it('should forecast almost nothing for what never sold in a long time', () => {
    const dead = { ...shopSeries('dead', 400), y: new Float64Array(400) };
    const [forecast] = forecastBatch([dead, shopSeries('a', 400)]);
    expect(forecast!.mean[0]).toBeLessThan(0.5);
    expect(forecast!.diagnostics.class).toBe('dead');
  });

  it('should survive gaps, infinities, returns and constants', () => {
    const gaps = shopSeries('gaps', 120);
    gaps.y.fill(NaN, 30, 40);
    gaps.y[50] = Infinity;
    gaps.y[60] = -5;
    const constant = { ...shopSeries('constant', 120), y: new Float64Array(120).fill(5) };
    const single = { ...shopSeries('single', 120), y: new Float64Array(120) };
    single.y[40] = 7;
    for (const forecast of forecastBatch([gaps, constant, single])) expectSound(forecast, 28);
    expect(forecastBatch([constant])[0]!.mean[27]).toBeCloseTo(5, 6);
  });

  it('should refuse one bad series without failing the others', () => {
    const [bad, worse, good] = forecastBatch([
      shopSeries('bad', 50, { promo: new Float64Array(3) }),
      shopSeries('worse', 50, { horizon: 0 }),
      shopSeries('good', 50),
    ]);
    expect(bad).toMatchObject({ id: 'bad', ok: false, diagnostics: { reason: 'promo has 3 values, y has 50' } });
    expect(worse!.ok).toBe(false);
    expect(good!.ok).toBe(true);
  });

  it('should answer an empty batch with an empty list', () => {
    expect(forecastBatch([])).toEqual([]);
  });
});
