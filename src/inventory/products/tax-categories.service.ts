import { Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import { invalid, notFound } from '../../kernel/errors/problem-error.js';
import { localDateOf } from '../../kernel/time/zone.js';
import type { CreateTaxRateDto, TaxCategoriesDto } from './tax-categories.dto.js';
import { TaxCategoriesRepository, type TaxCategory } from './tax-categories.repository.js';

registerConstraints({
  tax_rates_tax_category_id_valid_from_key: { code: 'catalog.tax_rate_taken', pointer: '/validFrom' },
  tax_rates_rate_check: { code: 'http.validation_failed', pointer: '/rate' },
});

@Injectable()
export class TaxCategoriesService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly categories: TaxCategoriesRepository,
  ) {}

  async list(): Promise<TaxCategoriesDto> {
    return { data: await this.categories.list(today()) };
  }

  /** Adds a rate from today on or later: what was sold before keeps the rate of its day. */
  async addRate(id: string, { rate, validFrom }: CreateTaxRateDto): Promise<TaxCategory> {
    const day = today();
    if (validFrom < day) throw invalid({ pointer: '/validFrom', code: 'field.past', min: day });
    return this.unit.transaction(async () => {
      if (!(await this.categories.find(id, day))) throw notFound();
      await this.categories.addRate(id, rate, validFrom);
      return (await this.categories.find(id, day)) as TaxCategory;
    });
  }
}

function today(): string {
  return localDateOf(new Date(), tenantScope().tenant.settings.timezone);
}
