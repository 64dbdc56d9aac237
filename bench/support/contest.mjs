// Contenders in short slices, one after the other, again and again: on a machine with other work only what ran side by side compares.
/** operations before the first that counts, and the most slices that they may take */
const WARM_UP = 3000;
const WARM_UP_SLICES = 30;

export const median = (list) => {
  const sorted = list.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/**
 * @typedef {{ n: number, perSecond: number, appUs: number, dbUs: number, totalUs: number, p50: number }} Slice figures of one operation
 * @typedef {Record<string, { run: () => Promise<unknown>, app?: () => number }>} Contenders `app` reads the CPU of whoever serves it
 */

/**
 * Runs every contender in every round, each second round in the opposite order. The first round warms up and is not counted: it lasts until
 * the compiler has seen enough.
 * @param {Contenders} contenders
 * @param {{ rounds: number, sliceMs: number, concurrency: number, db: () => number, app?: () => number }} options
 *   `db` and `app` read CPU microseconds so far
 */
export async function contest(contenders, { rounds, sliceMs, concurrency, db, app }) {
  const slices = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const names = Object.keys(contenders);
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { run, app: own } = contenders[name];
      const timed = () => timeSlice(run, { sliceMs, concurrency, db, app: own ?? app });
      if (round > 0) slices[name].push(await timed());
      else for (let done = 0, left = WARM_UP_SLICES; done < WARM_UP && left > 0; left--) done += (await timed()).n;
    }
  }
  return new Results(slices);
}

async function timeSlice(run, { sliceMs, concurrency, db, app }) {
  const latencies = [];
  const [dbBefore, appBefore] = [db(), app()];
  const start = performance.now();
  const end = start + sliceMs;
  const lane = async () => {
    for (let now = performance.now(); now < end;) {
      await run();
      const after = performance.now();
      latencies.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = (performance.now() - start) / 1000;
  const [appUs, dbUs] = [app() - appBefore, db() - dbBefore];
  const n = latencies.length;
  return {
    n,
    perSecond: n / seconds,
    appUs: appUs / n,
    dbUs: dbUs / n,
    totalUs: (appUs + dbUs) / n,
    p50: median(latencies),
  };
}

class Results {
  constructor(slices) {
    this.slices = slices;
  }

  /** Median of a figure over the rounds. */
  of(name, figure) {
    return median(this.slices[name].map((slice) => slice[figure]));
  }

  /** Median over the rounds of one contender's figure by the other's of the same round. */
  ratio(name, against, figure) {
    return median(this.slices[name].map((slice, round) => slice[figure] / this.slices[against][round][figure]));
  }

  /** Operations of a contender in all rounds. */
  count(name) {
    return this.slices[name].reduce((sum, { n }) => sum + n, 0);
  }

  /** A line's members for one figure beside a baseline's. */
  compare(name, against, figure) {
    return {
      value: this.of(name, figure),
      baseline: against,
      baselineValue: this.of(against, figure),
      ratio: this.ratio(name, against, figure),
      n: this.count(name),
    };
  }
}
