declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** forecasts everything a run asks for; after a kill it goes on after the last batch that is stored */
    'forecast.run': { data: { runId: string }; result: ForecastRunResult };
    /** every tenant's nightly run, where something was sold since the last one */
    'forecast.daily': { data: { day: string }; result: { runId: string | null } };
  }
}

/** What a finished run answers. */
export interface ForecastRunResult {
  runId: string;
  status: string;
  /** series stored, and those that nothing could be said of */
  series: number;
  failed: number;
  /** alerts that the review after it has raised and resolved */
  raised: number;
  resolved: number;
}
