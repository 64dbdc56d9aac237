import type { SeriesForecast } from '../engine/series.js';
import { mergeMetrics, metricsOf } from './run-metrics.js';

const forecast = (model: string, mase: number, ok = true): SeriesForecast =>
  ({ ok, model, diagnostics: { mase } }) as unknown as SeriesForecast;

describe('the figures of a run', () => {
  it('should be the means over the series that were scored', () => {
    expect(metricsOf([forecast('theta', 0.5), forecast('ets', 1), forecast('ets', NaN), forecast('none', 9, false)])).toEqual({
      mase: 0.75,
      scored: 2,
      models: { theta: 1, ets: 2 },
    });
  });

  it('should weigh batches by what was scored in them', () => {
    const batches = [
      metricsOf([forecast('theta', 1), forecast('theta', 2)]),
      metricsOf([forecast('ets', 0.12345)]),
      metricsOf([]),
    ];
    expect(mergeMetrics(batches)).toEqual({ mase: 1.0412, scored: 3, models: { theta: 2, ets: 1 } });
    expect(mergeMetrics([])).toEqual({ mase: 0, scored: 0, models: {} });
  });
});
