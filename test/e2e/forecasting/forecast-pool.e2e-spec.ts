import { forecastBatch } from '../../../src/forecasting/engine/forecast-batch.js';
import { ForecastPool } from '../../../src/forecasting/engine/forecast-pool.js';
import { SeriesInput } from '../../../src/forecasting/engine/series.js';

function weekly(id: string, level: number): SeriesInput {
  const days = 140;
  const y = Float64Array.from({ length: days }, (_, i) => level * (i % 7 === 5 ? 2 : 1) + ((i * 13) % 5));
  const promo = Float64Array.from({ length: days }, (_, i) => (i % 20 === 0 ? 1 : 0));
  const closed = new Uint8Array(days).fill(1, 30, 31);
  // a fair every four weeks, also in the plan, doubles the demand
  const events = Array.from({ length: days + 14 }, (_, i) => (i % 28 === 3 ? 'fair' : null));
  events.forEach((name, i) => name !== null && i < days && (y[i]! *= 2));
  return {
    id,
    start: '2025-01-06',
    freq: 'D',
    y,
    promo,
    closed,
    events: events.slice(0, days),
    horizon: 14,
    leadTime: 7,
    future: { promo: new Float64Array(14), events: events.slice(days) },
  };
}

/** The threads run the compiled engine of dist; the expectation comes from the source. */
describe('ForecastPool', () => {
  const sut = new ForecastPool({ size: 2 });

  afterAll(() => sut.close());

  it('should forecast in threads what the engine forecasts here', async () => {
    const batches = [[weekly('a', 10), weekly('b', 40)], [weekly('c', 3)], []];
    const results = await Promise.all(batches.map((batch) => sut.forecast(batch)));
    expect(results).toEqual(batches.map((batch) => forecastBatch(batch)));
  });

  it('should leave the arrays of the caller usable, views on a shared buffer too', async () => {
    const whole = weekly('v', 12);
    const buffer = new Float64Array([...whole.y, ...whole.y]);
    const view = { ...whole, y: buffer.subarray(0, whole.y.length) };
    const [result] = await sut.forecast([view]);
    expect(view.y).toEqual(whole.y);
    expect(result).toEqual(forecastBatch([whole])[0]);
  });

  it('should abort a batch', async () => {
    const controller = new AbortController();
    const pending = sut.forecast([weekly('x', 5)], { signal: controller.signal });
    controller.abort(new Error('cancelled by the user'));
    await expect(pending).rejects.toThrow('cancelled by the user');
  });
});
