import { backtest, type Backtest, isWarm } from './backtest.js';
import { fitPoolBoosting, type PoolBoosting } from './boosting.js';
import { type Timeline, timelineOf } from './drivers.js';
import { firstPeriod, type PooledEffects, type Prepared, prepare } from './effects.js';
import { type Frequency, invalidReason, type SeriesInput } from './series.js';
import { type EnsembleWeights, learnEnsemble } from './weights.js';
import { learnYearlySeason, type YearlySeason } from './yearly-season.js';

/** What series of one frequency teach each other. Plain data: it can be stored, and sent to threads. */
export interface FrequencyKnowledge {
  effects: PooledEffects;
  weights: EnsembleWeights;
  season: YearlySeason | null;
  /** boosted trees of the oldest origins of the backtest, which trials are judged with, and of the present */
  boosting: { past: PoolBoosting | null; present: PoolBoosting | null };
}

/** What a sample of all series of a tenant teaches about any of them. */
export interface PoolKnowledge {
  frequencies: Partial<Record<Frequency, FrequencyKnowledge>>;
}

/** Series that a run must have for learning to be worth its time: fewer fit one batch, whose series teach each other the same. */
export const LEARNING_PAYS_FROM = 501;
/** Most series of a sample: one of a thousand series of three years takes about half a gigabyte and half a minute of one core to learn from. */
export const SAMPLE_SIZE = 1_000;

/** A pool of series of one frequency, backtested and prepared for its forecast. */
export interface Study extends Pick<Backtest, 'trials' | 'memories'> {
  /** at the end of the history, in the order of the timelines */
  final: Prepared[];
  knowledge: FrequencyKnowledge;
}

/** Backtests a pool and learns from it what is not known already. */
export function study(timelines: readonly Timeline[], known: FrequencyKnowledge | undefined): Study {
  const firsts = timelines.map((timeline) => firstPeriod(timeline, timeline.n));
  const { trials, memories, boosting } = backtest(timelines, firsts, known?.boosting.past);
  const final = prepare(
    timelines,
    timelines.map(({ n }) => n),
    known?.effects,
  );
  if (known !== undefined) return { trials, memories, final, knowledge: known };
  const warm = final.filter(isWarm);
  const knowledge: FrequencyKnowledge = {
    effects: final[0]?.pool ?? new Map(),
    weights: learnEnsemble(trials),
    season: learnYearlySeason(warm),
    boosting: { past: boosting, present: fitPoolBoosting(warm) },
  };
  return { trials, memories, final, knowledge };
}

/**
 * Learns from a sample of a tenant's series what every batch then knows: common effects, how far to trust each model, the season of the year, and boosted trees. So the
 * forecast of a series does not hang on which others happen to be in its batch. The same sample in the same order gives the same knowledge.
 */
export function learnPool(series: readonly SeriesInput[]): PoolKnowledge {
  const valid = series.filter((one) => invalidReason(one) === null);
  const frequencies = [...new Set(valid.map(({ freq }) => freq))];
  return {
    frequencies: Object.fromEntries(
      frequencies.map((freq) => [freq, study(valid.filter((one) => one.freq === freq).map(timelineOf), undefined).knowledge]),
    ),
  };
}
