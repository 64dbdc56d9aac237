declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** plans a run and hands out its jobs; as long as the run is open, it is shown as the job */
    'forecast.run': { data: { runId: string }; result: { series: number; batches: number } };
    /** learns from a sample of the tenant's series */
    'forecast.learn': { data: { runId: string } };
    /** forecasts and stores one batch of a run */
    'forecast.batch': { data: { runId: string; number: number }; result: { series: number } };
    /** puts a run in force and does what follows from it */
    'forecast.finalise': { data: { runId: string }; result: ForecastRunResult | null };
    /** every tenant's nightly run, where anything has changed since the last one */
    'forecast.daily': { data: { day: string }; result: { runId: string | null } };
    /** hands out again what open runs wait for, where nothing has moved for some minutes */
    'forecast.resume': { data: Record<string, never>; result: { resumed: number } };
  }
}

/** What a finished run answers. */
export interface ForecastRunResult {
  runId: string;
  status: string;
  /** series stored, those that nothing could be said of, and those whose older forecast stays in force */
  series: number;
  failed: number;
  kept: number;
  /** alerts that the review after it has raised and resolved */
  raised: number;
  resolved: number;
  /** steps after the run that failed for good; absent when there are none */
  failedSteps?: string[];
}
