/** Arithmetic mean; NaN for an empty series. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Population variance (divisor n). */
export function variance(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum / values.length;
}

/** Mean of |y[t] - y[t-lag]|, the scale of MASE (Hyndman & Koehler 2006); pairs with a NaN are left out, NaN when none is left. */
export function meanAbsoluteDifference(values: Float64Array, lag: number): number {
  let sum = 0;
  let count = 0;
  for (let i = lag; i < values.length; i++) {
    const difference = Math.abs(values[i]! - values[i - lag]!);
    if (!Number.isFinite(difference)) continue;
    sum += difference;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

/** Quantile of values sorted ascending by linear interpolation (type 7 of Hyndman & Fan 1996). */
export function sortedQuantile(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) return NaN;
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

export interface Line {
  intercept: number;
  slope: number;
}

/** Least-squares line through (1, y[0]), (2, y[1]), ...; slope 0 for fewer than two points. */
export function fitLine(values: Float64Array): Line {
  const n = values.length;
  if (n < 2) return { intercept: n === 1 ? values[0]! : 0, slope: 0 };
  let weighted = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i]!;
    weighted += (i + 1) * values[i]!;
  }
  const sumT = (n * (n + 1)) / 2;
  const sumT2 = (n * (n + 1) * (2 * n + 1)) / 6;
  const slope = (n * weighted - sumT * sum) / (n * sumT2 - sumT * sumT);
  return { intercept: (sum - slope * sumT) / n, slope };
}
