import { Inject, Injectable } from '@nestjs/common';
import { eachTenant } from '../../kernel/jobs/each-tenant.js';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { OnJob, Scheduled } from '../../kernel/jobs/on-job.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../kernel/jobs/tenant-directory.js';
import type { StockPairs } from './alerts.events.js';
import { AlertsService } from './alerts.service.js';
import { AlertReviewService } from './alert-review.service.js';

const EVERY_FIVE_MINUTES = '*/5 * * * *';

/** Turns what the database has noted of levels into alerts, and has them follow what they stand on. Repeating a job changes nothing: one open alert for each rule, product and store. */
@Injectable()
export class LowStockJobs {
  constructor(
    private readonly alerts: AlertsService,
    private readonly reviews: AlertReviewService,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  @OnJob('stock.crossed', { queue: 'alerts', attempts: 20 })
  async crossed({ products, stores }: StockPairs): Promise<{ raised: number }> {
    return { raised: await this.alerts.raiseLowStock(products, stores) };
  }

  @OnJob('stock.recovered', { queue: 'alerts', attempts: 20 })
  async recovered({ products, stores }: StockPairs): Promise<{ resolved: number }> {
    return { resolved: await this.alerts.resolveRecovered(products, stores) };
  }

  @OnJob('alerts.refresh', { queue: 'alerts', attempts: 5 })
  async refresh(): Promise<{ changed: number }> {
    const { changed, resolved } = await this.reviews.refresh();
    return { changed: (await this.alerts.refresh()) + changed + resolved };
  }

  @OnJob('alerts.review', { queue: 'alerts', attempts: 5, timeout: 30 * 60_000 })
  async review(): Promise<{ raised: number; resolved: number; changed: number }> {
    const missed = await this.alerts.raiseMissed();
    const lowStock = await this.alerts.refresh();
    const { raised, resolved, changed } = await this.reviews.review();
    return { raised: raised + missed, resolved, changed: changed + lowStock };
  }

  @OnJob('alerts.sweep', { queue: 'maintenance', platform: true, timeout: 30 * 60_000 })
  @Scheduled({ cron: EVERY_FIVE_MINUTES })
  async sweep(_?: Record<string, never>, job?: JobHandle): Promise<{ raised: number; resolved: number; changed: number }> {
    const total = { raised: 0, resolved: 0, changed: 0 };
    const sweepOne = async () => {
      for (const found of [await this.alerts.sweep(), await this.reviews.refresh(true)]) {
        total.raised += found.raised;
        total.changed += found.changed;
        total.resolved += found.resolved;
      }
    };
    await eachTenant(this.tenants, 'alerts.sweep', sweepOne, job);
    return total;
  }
}
