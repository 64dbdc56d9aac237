import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { invalid } from '../../kernel/errors/index.js';
import { assertMatch } from '../../kernel/http/etag.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { OwnTenantRepository, type OwnTenant } from './own-tenant.repository.js';
import { TenantDto, type UpdateTenantDto } from './tenant.dto.js';
import { TIME_ZONE_FORM } from './tenant-fields.js';
import { TenantRepository } from './tenant.repository.js';
import { DEFAULT_SETTINGS } from './tenant-settings.js';

/** What an administrator sees and changes of the own tenant. */
@Injectable()
export class OwnTenantService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly tenants: OwnTenantRepository,
    private readonly registry: TenantRepository,
    private readonly audit: AuditTrail,
  ) {}

  async get(): Promise<TenantDto> {
    return present(await this.tenants.read(false));
  }

  /** Every process works by the new settings within a second. */
  async update(ifMatch: string, { name, settings = {} }: UpdateTenantDto): Promise<TenantDto> {
    await assertTimeZone(this.registry, settings.timezone);
    return this.unit.transaction(async () => {
      const before = await this.tenants.read(true);
      assertMatch(ifMatch, before);
      await this.tenants.save(name, settings);
      const after = await this.tenants.read(false);
      await this.audit.changed('tenant', after.id, audited(before), audited(after));
      return present(after);
    });
  }
}

/** @throws ProblemError when the database cannot reckon in the zone */
export async function assertTimeZone(tenants: TenantRepository, name: string | undefined): Promise<void> {
  if (name === undefined || (await tenants.knowsTimeZone(name))) return;
  throw invalid({ pointer: '/settings/timezone', code: 'field.format', expected: TIME_ZONE_FORM });
}

function present({ settings, ...tenant }: OwnTenant): TenantDto {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  const { timezone, currency, secondCurrency, locale, negativeStock, specialTaxpayer, alertHysteresisPercent } = all;
  const { forecastTime, forecastFullRunWeekday } = all;
  return {
    ...tenant,
    settings: {
      timezone,
      currency,
      secondCurrency: secondCurrency ?? null,
      locale,
      negativeStock: negativeStock === true,
      specialTaxpayer: specialTaxpayer === true,
      alertHysteresisPercent: alertHysteresisPercent ?? 0,
      forecastTime: forecastTime ?? '02:30',
      forecastFullRunWeekday: forecastFullRunWeekday ?? 7,
    },
  };
}

function audited({ name, settings }: OwnTenant): Record<string, unknown> {
  return { name, ...settings };
}
