import { Module } from '@nestjs/common';
import { AlertsController } from './alerts/alerts.controller.js';
import { AlertsRepository } from './alerts/alerts.repository.js';
import { AlertsService } from './alerts/alerts.service.js';
import { LowStockJobs } from './alerts/low-stock.job.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarRepository } from './calendar/calendar.repository.js';
import { CalendarService } from './calendar/calendar.service.js';

/** Demand forecasts, the calendar that they know, and alerts. */
@Module({
  controllers: [AlertsController, CalendarController],
  providers: [AlertsRepository, AlertsService, LowStockJobs, CalendarRepository, CalendarService],
})
export class ForecastingModule {}
