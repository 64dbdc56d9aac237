import { effectFactors, EffectRows, fitPoissonEffects } from '../models/poisson-effects.js';
import { baseDemand } from './cleaning.js';
import { Effect, EFFECTS, Timeline } from './drivers.js';

/** A series as the models see it at one origin: cleaned of effects, gaps, closed days and stock-outs. */
export interface Prepared {
  timeline: Timeline;
  /** first period with demand: what lies before was not for sale */
  first: number;
  /** periods of history used: the models see y[first .. n) */
  n: number;
  y: Float64Array;
  /** usable flags of the same periods */
  usable: Uint8Array;
  /** factor of the effects on each of the `horizon` periods from n on; 0 when closed */
  factors: Float64Array;
  coefficients: Record<string, number>;
}

interface Draft {
  timeline: Timeline;
  first: number;
  n: number;
  raw: Float64Array;
  rows: EffectRows;
}

const POOLED_STRENGTH = 1;
/** about as much as eight units of demand under the effect: a series with less follows the pool */
const OWN_STRENGTH = 8;
/** base and effects explain each other: alternate until no coefficient moves by more than this, at most so often */
const SETTLED = 0.005;
const MAX_PASSES = 6;
/** an effect needs this many periods over all series to be estimated */
const SUPPORT = 5;

/** First period with usable demand, n when there is none. */
export function firstDemand(timeline: Timeline, n: number): number {
  for (let i = 0; i < n; i++) if (timeline.usable[i] === 1 && timeline.series.y[i]! > 0) return i;
  return n;
}

function draftOf(timeline: Timeline, n: number): Draft {
  const first = firstDemand(timeline, n);
  const usable = timeline.usable.slice(first, n);
  const raw = new Float64Array(n - first);
  for (let i = 0; i < raw.length; i++) raw[i] = usable[i] === 1 ? Math.max(0, timeline.series.y[first + i]!) : 0;
  return { timeline, first, n, raw, rows: { columns: [], y: raw, base: raw, usable, weight: 1 } };
}

/** Effects that some series of the pool shows often enough, at this origin. */
function activeEffects(drafts: readonly Draft[]): Effect[] {
  return EFFECTS.filter((effect) => {
    let support = 0;
    for (const { timeline, first, rows } of drafts) {
      const column = timeline.columns[effect];
      for (let i = 0; i < rows.usable.length && support < SUPPORT; i++)
        if (rows.usable[i] === 1 && column[first + i] !== 0) support++;
    }
    return support >= SUPPORT;
  });
}

/** min(1, mean / squared error): the inverse dispersion with which a noisy series counts less in the pool. */
function inverseDispersion({ y, base, usable }: EffectRows): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    if (usable[i] === 0) continue;
    sum += y[i]!;
    squares += (y[i]! - base[i]!) ** 2;
  }
  return Math.min(1, sum / Math.max(squares, 1e-9));
}

function adjusted(draft: Draft, factors: Float64Array): Float64Array {
  return draft.raw.map((value, i) => value / factors[i]!);
}

/** Alternates between the base demand (given the effects) and the effects (given the base), first pooled, then per series. */
function estimate(drafts: readonly Draft[], names: readonly Effect[]): Float64Array[] {
  let own: Float64Array[] = drafts.map(() => new Float64Array(names.length));
  let pooled: Float64Array = new Float64Array(names.length);
  for (const draft of drafts) draft.rows.columns = names.map((name) => draft.timeline.columns[name].subarray(draft.first));
  for (let pass = 0; pass < MAX_PASSES && names.length > 0; pass++) {
    const before = own;
    drafts.forEach((draft, k) => {
      const { rows, timeline } = draft;
      const factors = effectFactors(rows.columns, own[k]!, draft.raw.length);
      rows.base = baseDemand(adjusted(draft, factors), rows.usable, timeline.series.freq);
      rows.weight = inverseDispersion(rows);
    });
    const rows = drafts.map((draft) => draft.rows);
    pooled = fitPoissonEffects(rows, { centre: pooled, strength: POOLED_STRENGTH });
    own = rows.map((one) => fitPoissonEffects([one], { centre: pooled, strength: OWN_STRENGTH }, 4));
    if (own.every((now, k) => now.every((value, a) => Math.abs(value - before[k]![a]!) < SETTLED))) break;
  }
  return own;
}

function finish(draft: Draft, names: readonly Effect[], own: Float64Array): Prepared {
  const { timeline, first, n, rows } = draft;
  const { horizon, freq } = timeline.series;
  const all = effectFactors(rows.columns, own, n - first + horizon);
  const y = adjusted(draft, all);
  const base = baseDemand(y, rows.usable, freq);
  for (let i = 0; i < y.length; i++) if (rows.usable[i] === 0) y[i] = base[i]!;
  const factors = all.slice(n - first);
  for (let h = 0; h < horizon; h++) if (timeline.closed[n + h] === 1) factors[h] = 0;
  const coefficients: Record<string, number> = {};
  names.forEach((name, k) => (coefficients[name] = own[k]!));
  return { timeline, first, n, y, usable: rows.usable, factors, coefficients };
}

/**
 * Prepares the series of a pool at one origin each: estimates the multiplicative effects from the history before it and divides them out.
 * Nothing after the origin is read but the plan (promotions, prices, closed days).
 */
export function prepare(timelines: readonly Timeline[], origins: readonly number[]): Prepared[] {
  const drafts = timelines.map((timeline, k) => draftOf(timeline, origins[k]!));
  const names = activeEffects(drafts);
  const own = estimate(drafts, names);
  return drafts.map((draft, k) => finish(draft, names, own[k]!));
}
