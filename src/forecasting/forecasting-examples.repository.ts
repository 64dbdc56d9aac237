import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../kernel/database/unit-of-work.js';
import { DemoExamples, type FoundIds } from '../kernel/openapi/demo-examples.js';

// Each way to end an alert has an alert of its own; of calendar days the last one may go, of rules the last that is for a part.
const FOUND = `
WITH suggested AS (
  SELECT id, row_number() OVER (ORDER BY (kind = 'purchase' AND supplier_id IS NOT NULL) DESC, id) AS n FROM reorder_suggestions WHERE status = 'open'),
raised AS (SELECT id, row_number() OVER (ORDER BY (alert_type = 'low_stock') DESC, id) AS n FROM alerts WHERE status = 'active')
SELECT coalesce((SELECT id FROM raised WHERE n = 1), (SELECT id FROM alerts ORDER BY id DESC LIMIT 1)) AS "/v1/alerts",
       (SELECT id FROM raised WHERE n = 2) AS "resolveAlert", (SELECT id FROM raised WHERE n = 3) AS "dismissAlert",
       (SELECT id FROM alert_rules WHERE refines IS NULL ORDER BY code DESC LIMIT 1) AS "/v1/alert-rules",
       (SELECT id FROM alert_rules WHERE refines IS NOT NULL ORDER BY id DESC LIMIT 1) AS "deleteAlertRule",
       (SELECT id FROM calendar_days ORDER BY date, id LIMIT 1) AS "/v1/calendar-days",
       (SELECT id FROM calendar_days ORDER BY date DESC, id DESC LIMIT 1) AS "removeCalendarDay",
       (SELECT id FROM forecast_runs ORDER BY id DESC LIMIT 1) AS "/v1/forecasts/runs",
       (SELECT id FROM suggested WHERE n = 1) AS "suggestionId", (SELECT id FROM suggested WHERE n = 2) AS "dismissSuggestion",
       coalesce((SELECT id FROM suggested WHERE n = 3), (SELECT id FROM reorder_suggestions ORDER BY id DESC LIMIT 1)) AS "/v1/replenishment/suggestions",
       (SELECT job_id FROM forecast_runs WHERE job_id IS NOT NULL ORDER BY id DESC LIMIT 1) AS "/v1/jobs"`;

/**
 * Alerts and their rules, suggestions, calendar days, runs and a job (shown for a day: a run's, there is one daily) of the demo that stand in the
 * examples of the API document.
 */
@Injectable()
export class ForecastingExamplesRepository {
  constructor(unit: UnitOfWork, examples: DemoExamples) {
    examples.register(() => unit.query<FoundIds>(FOUND));
  }
}
