import { effectDesign, effectFactors, type EffectRows, fitPoissonEffects } from '../models/poisson-effects.js';
import { baseDemand } from './cleaning.js';
import { Timeline } from './drivers.js';

/** A series as the models see it at one origin: cleaned of effects, gaps, closed days and stock-outs. */
export interface Prepared {
  timeline: Timeline;
  /** first period of the product's life: what lies before was not for sale */
  first: number;
  /** periods of history used: the models see y[first .. n) */
  n: number;
  y: Float64Array;
  /** usable flags of the same periods */
  usable: Uint8Array;
  /** factor of the effects on each of the `horizon` periods from n on; 0 when closed */
  factors: Float64Array;
  /** factor of the effects on each period of y */
  past: Float64Array;
  coefficients: Record<string, number>;
  /** what its pool has in common */
  pool: PooledEffects;
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

/** A product that sold at its later rate would show so long a silence before its first sale with this probability: less is no chance. */
const PLAUSIBLE_SILENCE = 0.02;

/**
 * First period of the product's life, n when it has never sold. What lies before its first demand was not for sale, unless it sells so
 * seldom that a silence of that length is nothing unusual: then those periods are observations like any other, and leaving
 * them out would make a slow product look busy.
 */
export function firstPeriod({ usable, series: { y } }: Timeline, n: number): number {
  let demands = 0;
  let known = 0;
  let silence = 0;
  let first = n;
  for (let i = 0; i < n; i++) {
    if (usable[i] === 0) continue;
    known++;
    if (!(y[i]! > 0)) continue;
    if (demands === 0) [first, silence] = [i, known - 1];
    demands++;
  }
  if (demands === 0 || silence === 0) return first;
  return (1 - demands / known) ** silence >= PLAUSIBLE_SILENCE ? usable.indexOf(1) : first;
}

function draftOf(timeline: Timeline, n: number): Draft {
  const first = firstPeriod(timeline, n);
  const usable = timeline.usable.slice(first, n);
  const raw = new Float64Array(n - first);
  for (let i = 0; i < raw.length; i++) raw[i] = usable[i] === 1 ? Math.max(0, timeline.series.y[first + i]!) : 0;
  return { timeline, first, n, raw, rows: { design: effectDesign([], 0), y: raw, base: raw, usable, weight: 1 } };
}

/** Effects that the pool shows often enough, at this origin. */
function activeEffects(drafts: readonly Draft[]): string[] {
  const support = new Map<string, number>();
  for (const { timeline, first, rows } of drafts) {
    for (const [name, column] of timeline.columns) {
      let count = support.get(name) ?? 0;
      for (let i = 0; i < rows.usable.length && count < SUPPORT; i++)
        if (rows.usable[i] === 1 && column[first + i] !== 0) count++;
      support.set(name, count);
    }
  }
  return [...support].filter(([, count]) => count >= SUPPORT).map(([name]) => name);
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

/** Effects that series of a pool have in common, by name: what a series' own are shrunk towards. */
export type PooledEffects = ReadonlyMap<string, number>;

/** The base demand given the effects. */
function rebase(draft: Draft, coefficients: Float64Array): void {
  const { rows, timeline } = draft;
  const factors = effectFactors(rows.design, coefficients);
  rows.base = baseDemand(adjusted(draft, factors), rows.usable, timeline.series.freq);
  rows.weight = inverseDispersion(rows);
}

const settled = (now: Float64Array, before: Float64Array): boolean =>
  now.every((value, a) => Math.abs(value - before[a]!) < SETTLED);

function ownEffects({ rows }: Draft, centre: Float64Array): Float64Array {
  return fitPoissonEffects([rows], { centre, strength: OWN_STRENGTH }, 4);
}

/** One series where the pool is known: alternates between its base demand and its effects. */
function estimateOne(draft: Draft, centre: Float64Array): Float64Array {
  let own = centre;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    rebase(draft, own);
    const next = ownEffects(draft, centre);
    const done = settled(next, own);
    own = next;
    if (done) break;
  }
  return own;
}

/** Alternates between the base demand (given the effects) and the effects (given the base), first pooled, then per series. */
function estimatePool(drafts: readonly Draft[], count: number): { own: Float64Array[]; pooled: Float64Array } {
  let own: Float64Array[] = drafts.map(() => new Float64Array(count));
  let pooled: Float64Array = new Float64Array(count);
  const passes = count > 0 ? MAX_PASSES : 0;
  for (let pass = 0; pass < passes; pass++) {
    const before = own;
    drafts.forEach((draft, k) => rebase(draft, before[k]!));
    const rows = drafts.map((draft) => draft.rows);
    pooled = fitPoissonEffects(rows, { centre: pooled, strength: POOLED_STRENGTH });
    own = drafts.map((draft) => ownEffects(draft, pooled));
    if (own.every((now, k) => settled(now, before[k]!))) break;
  }
  return { own, pooled };
}

function design({ timeline, raw, first }: Draft, names: readonly string[]): EffectRows['design'] {
  const columns = names.map((name) => timeline.columns.get(name)?.subarray(first));
  return effectDesign(columns, raw.length + timeline.series.horizon);
}

function finish(draft: Draft, names: readonly string[], own: Float64Array, pool: PooledEffects): Prepared {
  const { timeline, first, n, rows } = draft;
  const { horizon, freq } = timeline.series;
  const all = effectFactors(rows.design, own);
  const y = adjusted(draft, all);
  const base = baseDemand(y, rows.usable, freq);
  for (let i = 0; i < y.length; i++) if (rows.usable[i] === 0) y[i] = base[i]!;
  const factors = all.slice(n - first);
  for (let h = 0; h < horizon; h++) if (timeline.closed[n + h] === 1) factors[h] = 0;
  const coefficients: Record<string, number> = {};
  names.forEach((name, k) => (coefficients[name] = own[k]!));
  return { timeline, first, n, y, usable: rows.usable, factors, past: all.subarray(0, n - first), coefficients, pool };
}

/**
 * Prepares the series of a pool at one origin each: estimates the multiplicative effects from the history before it and divides them out.
 * Nothing after the origin is read but the plan (promotions, prices, closed days).
 *
 * @param known what the pool has in common, where it was learned elsewhere; then each series is prepared as if it were alone
 */
export function prepare(timelines: readonly Timeline[], origins: readonly number[], known?: PooledEffects): Prepared[] {
  const drafts = timelines.map((timeline, k) => draftOf(timeline, origins[k]!));
  const names = known === undefined ? activeEffects(drafts) : [...known.keys()];
  for (const draft of drafts) draft.rows.design = design(draft, names);
  if (known !== undefined) {
    const centre = Float64Array.from(known.values());
    return drafts.map((draft) => finish(draft, names, estimateOne(draft, centre), known));
  }
  const { own, pooled } = estimatePool(drafts, names.length);
  const pool = new Map(names.map((name, a) => [name, pooled[a]!]));
  return drafts.map((draft, k) => finish(draft, names, own[k]!, pool));
}
