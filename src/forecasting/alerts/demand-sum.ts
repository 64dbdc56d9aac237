/** One day of a forecast: mean and quantiles, in units. */
export interface ForecastDay {
  mean: number;
  q10: number;
  q50: number;
  q90: number;
  q95: number;
  q99: number;
}

type Level = 10 | 50 | 90 | 95 | 99;

const LEVELS: readonly Level[] = [10, 50, 90, 95, 99];

/** The expected demand of several days together. */
export function meanOfSum(days: readonly ForecastDay[]): number {
  return days.reduce((sum, day) => sum + day.mean, 0);
}

/**
 * A quantile of the demand of several days together, from those of the days. Quantiles do not add up: what adds up, for days that err
 * independently, are the squares of the distances from the mean - exact for normal errors, on the cautious side for the skewed demand of
 * slow sellers, a little short where one error lasts over all days.
 */
export function quantileOfSum(days: readonly ForecastDay[], percent: Level): number {
  let squares = 0;
  for (const day of days) {
    const distance = day[`q${percent}`] - day.mean;
    squares += Math.sign(distance) * distance * distance;
  }
  return meanOfSum(days) + Math.sign(squares) * Math.sqrt(Math.abs(squares));
}

/**
 * Probability that the demand of several days together exceeds a quantity: between the stored quantiles by straight lines, beyond them the
 * outermost (0.01 = at most 1 %, 0.9 = at least 90 %). To a hundredth.
 */
export function probabilityAbove(days: readonly ForecastDay[], quantity: number): number {
  const points = LEVELS.map((level) => ({ share: level / 100, value: quantileOfSum(days, level) }));
  const above = points.findIndex(({ value }) => value > quantity);
  if (above === 0) return 0.9;
  if (above === -1) return 0.01;
  const [low, high] = [points[above - 1]!, points[above]!];
  const share = low.share + ((high.share - low.share) * (quantity - low.value)) / (high.value - low.value);
  return Math.round((1 - share) * 100) / 100;
}
