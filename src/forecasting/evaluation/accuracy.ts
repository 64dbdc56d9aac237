import { mean, meanAbsoluteDifference } from '../models/statistics.js';

/** Units of a series' errors, from the history before the origin alone. */
export interface ErrorScales {
  /** mean absolute difference of one season (MASE) */
  mase: number;
  /** root of the mean squared difference of one period, from the first demand on (RMSSE) */
  rmsse: number;
}

/** Errors of one forecast of one series, mean over the periods whose truth is known. */
export interface Errors {
  /** mean |error| / scale */
  mase: number;
  /** root mean squared error / scale */
  rmsse: number;
  /** share of the periods inside an 80 % and a 95 % interval */
  inside80: number;
  inside95: number;
}

/** Bounds of intervals, one value a period. */
export interface Bounds {
  low80: Float64Array;
  high80: Float64Array;
  low95: Float64Array;
  high95: Float64Array;
}

/**
 * Scales of MASE (Hyndman & Koehler 2006) and RMSSE (Makridakis, Spiliotis & Assimakopoulos 2022, the M5 competition). A series that never
 * changed is measured in its own mean.
 */
export function errorScales(history: Float64Array, season: number): ErrorScales {
  const known = history.filter((value) => Number.isFinite(value));
  const fallback = Math.max(1e-9, mean(known.map(Math.abs)) || 1);
  const absolute = meanAbsoluteDifference(history, history.length > season ? season : 1);
  const first = history.findIndex((value) => value > 0);
  let squares = 0;
  let count = 0;
  for (let i = Math.max(first, 0) + 1; i < history.length; i++) {
    const difference = history[i]! - history[i - 1]!;
    if (!Number.isFinite(difference)) continue;
    squares += difference * difference;
    count++;
  }
  return {
    mase: absolute > 0 ? absolute : fallback,
    rmsse: squares > 0 ? Math.sqrt(squares / count) : fallback,
  };
}

/** Judges a forecast by what happened; null when nothing of it is known. */
export function errorsOf(actual: Float64Array, forecast: Float64Array, scales: ErrorScales, bounds?: Bounds): Errors | null {
  const sums = { absolute: 0, squares: 0, inside80: 0, inside95: 0, count: 0 };
  for (let h = 0; h < actual.length; h++) {
    const truth = actual[h]!;
    if (!Number.isFinite(truth)) continue;
    const error = truth - forecast[h]!;
    sums.absolute += Math.abs(error);
    sums.squares += error * error;
    sums.count++;
    if (bounds === undefined) continue;
    if (truth >= bounds.low80[h]! && truth <= bounds.high80[h]!) sums.inside80++;
    if (truth >= bounds.low95[h]! && truth <= bounds.high95[h]!) sums.inside95++;
  }
  const { count } = sums;
  if (count === 0) return null;
  return {
    mase: sums.absolute / count / scales.mase,
    rmsse: Math.sqrt(sums.squares / count) / scales.rmsse,
    inside80: sums.inside80 / count,
    inside95: sums.inside95 / count,
  };
}
