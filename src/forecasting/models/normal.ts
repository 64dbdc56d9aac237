const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** coefficients of W. J. Cody's rational approximations as G. West (2005) gives them for the normal distribution */
const NUMERATOR = [
  220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688, 0.0352624965998911,
];
const DENOMINATOR = [
  440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207, 1.75566716318264,
  0.0883883476483184,
];

/** value of a polynomial, coefficients of the lowest power first */
const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0);

/**
 * Distribution function of the standard normal distribution, to 1e-14 (beyond seven standard deviations to 1e-8 of the tail).
 * Source: G. West (2005), "Better approximations to cumulative normal functions", Wilmott Magazine, after J. F. Hart (1968), algorithm 5666.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  if (x > 37) return z > 0 ? 1 : 0;
  const density = Math.exp(-(x * x) / 2);
  const tail =
    x < 7.07106781186547
      ? (density * polynomial(NUMERATOR, x)) / polynomial(DENOMINATOR, x)
      : density / (SQRT_2PI * (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))));
  return z > 0 ? 1 - tail : tail;
}

/**
 * Quantile of the standard normal distribution for a probability in (0, 1), to about 1e-9: a rational start value and one step of Halley's
 * method. Source: P. J. Acklam (2003), "An algorithm for computing the inverse normal cumulative distribution function".
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return probability <= 0 ? -Infinity : probability >= 1 ? Infinity : NaN;
  const z = startValue(probability);
  const error = (normalCdf(z) - probability) * SQRT_2PI * Math.exp((z * z) / 2);
  return z - error / (1 + (z * error) / 2);
}

const CENTRE_UP = [
  2.506628277459239, -30.66479806614716, 138.357751867269, -275.9285104469687, 220.9460984245205, -39.69683028665376,
];
const CENTRE_DOWN = [1, -13.28068155288572, 66.80131188771972, -155.6989798598866, 161.5858368580409, -54.47609879822406];
const TAIL_UP = [
  2.938163982698783, 4.374664141464968, -2.549732539343734, -2.400758277161838, -0.3223964580411365, -0.007784894002430293,
];
const TAIL_DOWN = [1, 3.754408661907416, 2.445134137142996, 0.3224671290700398, 0.007784695709041462];
const TAIL = 0.02425;

function startValue(p: number): number {
  if (p > 1 - TAIL) return -startValue(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_UP, q) / polynomial(TAIL_DOWN, q);
  }
  const q = p - 0.5;
  return (q * polynomial(CENTRE_UP, q * q)) / polynomial(CENTRE_DOWN, q * q);
}
