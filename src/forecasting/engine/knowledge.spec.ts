import { deserialize, serialize } from 'node:v8';
import { forecastBatch } from './forecast-batch.js';
import { learnPool } from './knowledge.js';
import { seededRandom } from '../models/seeded-random.js';
import type { SeriesInput } from './series.js';

function shop(count: number, days = 180): SeriesInput[] {
  return Array.from({ length: count }, (_, k) => {
    const noise = seededRandom(k + 1);
    const y = Float64Array.from({ length: days }, (__, i) => 10 + k + (i % 7 === 5 ? 8 : 0) + Math.floor(9 * noise()));
    return { id: `s${k}`, start: '2025-01-01', freq: 'D', y, horizon: 14, leadTime: 7 };
  });
}

describe('learnPool', () => {
  const all = shop(30);
  const knowledge = learnPool(all);

  it('should make the forecast of a series independent of the others in its batch', () => {
    const [one] = forecastBatch(all.slice(0, 5), knowledge);
    const [same] = forecastBatch(all.slice(0, 25), knowledge);
    expect(same!.mean).toEqual(one!.mean);
    expect(same!.weights).toEqual(one!.weights);
    // without it, five series have too few rows for trees of their own
    expect(forecastBatch(all.slice(0, 5))[0]!.weights).not.toEqual(one!.weights);
  });

  it('should be the same after it was stored and read again', () => {
    const read = deserialize(serialize(knowledge)) as typeof knowledge;
    expect(forecastBatch(all.slice(3, 6), read)).toEqual(forecastBatch(all.slice(3, 6), knowledge));
    expect(learnPool(all)).toEqual(knowledge);
  });

  it('should leave out what cannot be forecast, and know frequencies apart', () => {
    const months: SeriesInput[] = shop(8, 60).map((one) => ({ ...one, freq: 'M', start: '2020-01-01' }));
    const { frequencies } = learnPool([...all, ...months, { ...all[0]!, horizon: 0 }]);
    expect(Object.keys(frequencies).toSorted()).toEqual(['D', 'M']);
    expect(frequencies.M!.season).toBeNull();
    expect(learnPool([])).toEqual({ frequencies: {} });
  });
});
