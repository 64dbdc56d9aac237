import { Injectable } from '@nestjs/common';
import { JobStates, type ToldState } from '../../kernel/jobs/job-states.js';
import type { ForecastRunResult } from './runs.events.js';
import { RunsRepository, type RunState } from './runs.repository.js';

/** What `GET /v1/jobs/{id}` shows of a run: its job is done when the run and all that follows from it are, not when it is planned. */
@Injectable()
export class RunStates {
  constructor(states: JobStates, runs: RunsRepository) {
    states.register('forecast.run', async (id) => {
      const run = await runs.find(id);
      return run && toldState(run);
    });
  }
}

/** A cancelled run is a completed job: its result says how the run ended. */
export function toldState(run: RunState): ToldState {
  const { status, phase, seriesTotal, seriesDone, seriesKept, startedAt, finishedAt } = run;
  const ended = phase === 'ended';
  const state = status === 'queued' ? 'waiting' : !ended ? 'active' : status === 'failed' ? 'failed' : 'completed';
  const share = status === 'completed' ? 1 : seriesDone / Math.max(1, seriesTotal);
  return {
    state,
    // 0 shows that nothing is known yet
    progress: status === 'queued' ? 0 : { percent: Math.floor(100 * share), seriesDone, seriesTotal, seriesKept, phase },
    result: state === 'completed' ? resultOf(run) : null,
    failedReason: state === 'failed' ? failureOf(run) : undefined,
    startedAt: startedAt ?? undefined,
    finishedAt: ended ? (finishedAt ?? undefined) : undefined,
  };
}

/** `code: text`, as jobs keep it. */
function failureOf({ error }: RunState): string {
  const text = (name: string): string => String(Reflect.get(Object(error), name) ?? '');
  return `${text('code')}: ${text('message')}`;
}

/** What a run answers, with the figures of the steps after it. */
export function resultOf({ id, status, seriesDone, seriesFailed, seriesKept, steps }: RunState): ForecastRunResult {
  const sum = (name: string): number =>
    Object.values(steps).reduce((total, answer) => total + (typeof answer[name] === 'number' ? answer[name] : 0), 0);
  const failedSteps = Object.keys(steps).filter((name) => steps[name]!['failed'] === true);
  return {
    runId: id,
    status,
    series: seriesDone - seriesFailed,
    failed: seriesFailed,
    kept: seriesKept,
    raised: sum('raised'),
    resolved: sum('resolved'),
    ...(failedSteps.length > 0 && { failedSteps }),
  };
}
