declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** computes what to order and to move for every product of the tenant; repeated, it changes nothing */
    'replenishment.suggest': { data: { day: string }; result: SuggestionsResult };
  }
}

/** What computing the suggestions of a tenant has changed. */
export interface SuggestionsResult {
  /** products in stores that were looked at */
  items: number;
  added: number;
  changed: number;
  closed: number;
  /** reorder points that were written, where that is automatic */
  reorderPoints: number;
}
