import { timelineOf } from './drivers.js';
import { type Prepared, prepare } from './effects.js';
import type { SeriesInput } from './series.js';
import { learnYearlySeason, seasonAt, yearPositions } from './yearly-season.js';

const SUMMER = (day: number): number => 1 + 0.5 * Math.sin((2 * Math.PI * (day - 80)) / 365.25);

function preparedOf(days: number, freq: SeriesInput['freq'] = 'D'): Prepared[] {
  const inputs = [20, 60, 150].map((level, k): SeriesInput => {
    const y = Float64Array.from({ length: days }, (_, i) => Math.round(level * SUMMER(freq === 'W' ? i * 7 : i)));
    return { id: `s${k}`, start: '2024-01-01', freq, y, horizon: 28 };
  });
  return prepare(
    inputs.map(timelineOf),
    inputs.map(() => days),
  );
}

describe('learnYearlySeason', () => {
  it('should find the season that a pool has in common', () => {
    const factors = seasonAt(learnYearlySeason(preparedOf(900))!, Float64Array.of(11.5, 24.5, 37.5, 50.5));
    const expected = [11.5, 24.5, 37.5, 50.5].map((week) => SUMMER(week * 7.024));
    [...factors].forEach((factor, i) => expect(Math.abs(factor - expected[i]!)).toBeLessThan(0.06));
  });

  it('should trust little more than a year in part, and less than that not at all', () => {
    const peak = (prepared: Prepared[]): number => Math.max(...(learnYearlySeason(prepared) ?? [1]));
    expect(learnYearlySeason(preparedOf(370))).toBeNull();
    expect(peak(preparedOf(470))).toBeGreaterThan(1.05);
    expect(peak(preparedOf(470))).toBeLessThan(peak(preparedOf(600)));
    expect(peak(preparedOf(900))).toBeCloseTo(1.5, 1);
  });

  it('should know weeks as it knows days, and leave months to the models', () => {
    expect(Math.max(...learnYearlySeason(preparedOf(130, 'W'))!)).toBeCloseTo(1.5, 1);
    expect(learnYearlySeason(preparedOf(60, 'M'))).toBeNull();
    expect(learnYearlySeason([])).toBeNull();
  });
});

describe('yearPositions', () => {
  it('should place a day and the middle of a week in the year', () => {
    const [newYear, next] = yearPositions({ y: new Float64Array(0), start: '2024-12-31', first: 1, freq: 'D' }, 2);
    expect(newYear).toBeCloseTo(0.5 / 7.024, 3);
    expect(next! - newYear!).toBeCloseTo(1 / 7.024, 3);
    const [week] = yearPositions({ y: new Float64Array(0), start: '2024-01-01', first: 0, freq: 'W' }, 1);
    expect(week).toBeCloseTo(0.5, 1);
  });
});

describe('seasonAt', () => {
  it('should go in a straight line from the middle of a week to the next, round the year', () => {
    const factors = new Float64Array(52).fill(1);
    factors[0] = 2;
    expect([...seasonAt(factors, Float64Array.of(0.5, 1, 1.5, 51.5, 0))]).toEqual([2, 1.5, 1, 1, 1.5]);
  });
});
