import { Injectable } from '@nestjs/common';
import { DailyForEachTenant, OnJob } from '../../kernel/jobs/on-job.js';
import { TaxCategoriesRepository } from './tax-categories.repository.js';

declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** a tax rate that comes into force today is shown on its products */
    'tax.refresh': { data: { day: string }; result: { changed: number } };
  }
}

@Injectable()
export class TaxRefreshJob {
  constructor(private readonly categories: TaxCategoriesRepository) {}

  @OnJob('tax.refresh', { queue: 'maintenance' })
  @DailyForEachTenant('00:05')
  async refresh(): Promise<{ changed: number }> {
    return { changed: await this.categories.refreshProducts() };
  }
}
