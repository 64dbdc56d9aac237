const DAYS = 760;
const PROFILE = [0.85, 0.85, 0.9, 1, 1.15, 1.35, 0.9];

/** mulberry32: a small reproducible generator of uniform numbers */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia & Tsang (2000), shape >= 1 */
function gamma(random, shape) {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Knuth's product of uniforms up to 30, a rounded normal above */
function poisson(random, mean) {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let k = -1;
  for (let product = 1; product > limit; k++) product *= random();
  return Math.max(0, k);
}

/**
 * Simulated daily demand: negative binomial (gamma-mixed Poisson, shape 4) around
 * level (0.3 to 30 units, log-uniform; a slow random walk of its logarithm) x weekday profile x promotion (1.3 to 2.5 for 7 to 14 days, about
 * every seven weeks, planned) ; closed on each 1 January and 25 December. 2 of 10 products sell on average less than once in two days.
 */
export function generatedSeries(count = 60, seed = 20260101) {
  const random = uniform(seed);
  const start = Date.UTC(2023, 10, 1);
  const closed = new Uint8Array(DAYS);
  for (let i = 0; i < DAYS; i++)
    closed[i] = ['01-01', '12-25'].includes(new Date(start + i * 86_400_000).toISOString().slice(5, 10)) ? 1 : 0;
  return Array.from({ length: count }, (_, k) => {
    const base = Math.log(0.3) + random() * Math.log(100);
    const lift = Math.log(1.3 + 1.2 * random());
    const promo = new Float64Array(DAYS);
    for (let day = Math.floor(random() * 49); day < DAYS; day += 35 + Math.floor(random() * 28))
      promo.fill(1, day, day + 7 + Math.floor(random() * 8));
    const y = new Float64Array(DAYS);
    let drift = 0;
    for (let i = 0; i < DAYS; i++) {
      drift = 0.995 * drift + 0.02 * normal(random);
      const mean = Math.exp(base + drift + lift * promo[i]) * PROFILE[(i + 2) % 7];
      y[i] = closed[i] ? 0 : poisson(random, (mean * gamma(random, 4)) / 4);
    }
    return {
      id: `G${k}`,
      group: 'generated',
      start: '2023-11-01',
      freq: 'D',
      y,
      promo,
      price: new Float64Array(DAYS).fill(NaN),
      closed,
    };
  });
}
