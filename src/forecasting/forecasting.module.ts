import { Module } from '@nestjs/common';
import { InventoryModule } from '../inventory/index.js';
import { ImportsModule } from '../tenancy/index.js';
import { AlertRulesController } from './alert-rules/alert-rules.controller.js';
import { AlertRulesRepository } from './alert-rules/alert-rules.repository.js';
import { AlertRulesService } from './alert-rules/alert-rules.service.js';
import { AlertBoard } from './alerts/alert-board.js';
import { AlertBoardRepository } from './alerts/alert-board.repository.js';
import { AlertFactsRepository } from './alerts/alert-facts.repository.js';
import { AlertImports } from './alerts/alert-imports.js';
import { AlertReviewService } from './alerts/alert-review.service.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { AlertsRepository } from './alerts/alerts.repository.js';
import { AlertsService } from './alerts/alerts.service.js';
import { LowStockJobs } from './alerts/low-stock.job.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarImportRepository } from './calendar/calendar-import.repository.js';
import { CalendarImports } from './calendar/calendar-imports.js';
import { CalendarImport } from './calendar/calendar.import.js';
import { CalendarRepository } from './calendar/calendar.repository.js';
import { CalendarService } from './calendar/calendar.service.js';
import { HolidayJobs } from './calendar/holidays.job.js';
import { HolidaysRepository } from './calendar/holidays.repository.js';
import { HolidaysService } from './calendar/holidays.service.js';
import { ChartsController } from './charts/charts.controller.js';
import { ChartsRepository } from './charts/charts.repository.js';
import { ChartsService } from './charts/charts.service.js';
import { ForecastingExamplesRepository } from './forecasting-examples.repository.js';
import { ForecastsController } from './forecasts/forecasts.controller.js';
import { ForecastsRepository } from './forecasts/forecasts.repository.js';
import { ForecastsService } from './forecasts/forecasts.service.js';
import { OutlookRepository } from './forecasts/outlook.repository.js';
import { AcceptService } from './replenishment/accept.service.js';
import { PolicyController } from './replenishment/policy.controller.js';
import { PolicyRepository } from './replenishment/policy.repository.js';
import { PolicyService } from './replenishment/policy.service.js';
import { ReplenishmentJobs } from './replenishment/replenishment.job.js';
import { Suggester } from './replenishment/suggester.service.js';
import { SuggestionsController } from './replenishment/suggestions.controller.js';
import { SuggestionsRepository } from './replenishment/suggestions.repository.js';
import { SuggestionsService } from './replenishment/suggestions.service.js';
import { SupplierGroupsRepository } from './replenishment/supplier-groups.repository.js';
import { SupplyRepository } from './replenishment/supply.repository.js';
import { ForecastThreads } from './runs/forecast-threads.js';
import { ForecastJobs } from './runs/forecast.job.js';
import { AfterRun } from './runs/after-run.js';
import { BatchRunner } from './runs/batch-runner.js';
import { BatchesRepository } from './runs/batches.repository.js';
import { ChangedSeriesRepository } from './runs/changed-series.repository.js';
import { InForceRepository } from './runs/in-force.repository.js';
import { KnowledgeRepository } from './runs/knowledge.repository.js';
import { NightlyRuns } from './runs/nightly-runs.js';
import { RunFinisher } from './runs/run-finisher.js';
import { RunFlow } from './runs/run-flow.js';
import { RunJobs } from './runs/run-jobs.js';
import { RunLearner } from './runs/run-learner.js';
import { RunPlanner } from './runs/run-planner.js';
import { PlanSources } from './runs/plan-sources.js';
import { RunStates } from './runs/run-states.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsRepository } from './runs/runs.repository.js';
import { RunsService } from './runs/runs.service.js';
import { SeriesForecaster } from './runs/series-forecaster.js';
import { SeriesRepository } from './runs/series.repository.js';

/** Demand forecasts, the calendar that they know, alerts, and what to order. */
@Module({
  imports: [InventoryModule, ImportsModule],
  controllers: [
    AlertsController,
    AlertRulesController,
    CalendarController,
    RunsController,
    ForecastsController,
    ChartsController,
    SuggestionsController,
    PolicyController,
  ],
  providers: [
    AlertsRepository,
    AlertsService,
    AlertImports,
    AlertBoard,
    AlertBoardRepository,
    AlertFactsRepository,
    AlertReviewService,
    AlertRulesRepository,
    AlertRulesService,
    LowStockJobs,
    CalendarRepository,
    CalendarService,
    CalendarImportRepository,
    CalendarImport,
    CalendarImports,
    HolidaysRepository,
    HolidaysService,
    HolidayJobs,
    ForecastsRepository,
    ForecastsService,
    OutlookRepository,
    ChartsRepository,
    ChartsService,
    AfterRun,
    BatchRunner,
    BatchesRepository,
    ChangedSeriesRepository,
    InForceRepository,
    KnowledgeRepository,
    NightlyRuns,
    PlanSources,
    RunFinisher,
    RunFlow,
    RunJobs,
    RunLearner,
    RunPlanner,
    RunStates,
    SeriesForecaster,
    ForecastThreads,
    ForecastJobs,
    RunsRepository,
    RunsService,
    SeriesRepository,
    PolicyRepository,
    PolicyService,
    SupplyRepository,
    Suggester,
    SuggestionsRepository,
    SupplierGroupsRepository,
    SuggestionsService,
    AcceptService,
    ReplenishmentJobs,
    ForecastingExamplesRepository,
  ],
})
export class ForecastingModule {}
