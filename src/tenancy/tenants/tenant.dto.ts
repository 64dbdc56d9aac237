import { OmitType } from '@nestjs/swagger';
import type { TenantStatus } from '../../kernel/database/tenant-context.js';
import { Choice, Code, Count, Email, Flag, Instant, Part, Pattern, Secret, Text, Uuid } from '../../kernel/http/fields.js';
import { KnownCurrency, Slug, TimeZone } from './tenant-fields.js';

const STATUSES = ['provisioning', 'active', 'inactive', 'suspended', 'deleting'] as const;
const LOCALE = /^(es|en)(-[A-Z]{2})?$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIME_OF_DAY_FORM = { es: 'una hora del día, HH:mm', en: 'a time of day, HH:mm' };
const LOCALE_FORM = { es: 'es o en, o con un país: es-VE', en: 'es or en, or with a country: es-VE' };

/** What holds for the whole business. */
export class TenantSettingsDto {
  /**
   * IANA time zone of its days: sales, forecasts and schedules.
   * @example 'America/Caracas'
   */
  @TimeZone()
  timezone: string;

  /**
   * ISO 4217 currency of prices, costs and totals.
   * @example 'USD'
   */
  @KnownCurrency()
  currency: string;

  /**
   * Currency shown and taken beside the first; null: none.
   * @example 'VES'
   */
  @KnownCurrency({ nullable: true })
  secondCurrency: string | null;

  /**
   * Language and country of documents and messages.
   * @example 'es-VE'
   */
  @Pattern(LOCALE, 5, LOCALE_FORM)
  locale: string;

  /** Whether stock may fall below zero where neither product nor store says otherwise. */
  @Flag()
  negativeStock: boolean;

  /** Special taxpayer (contribuyente especial): withholds VAT. */
  @Flag()
  specialTaxpayer: boolean;

  /**
   * Percent by which stock must rise above its reorder point before a low-stock alert ends by itself.
   * @example 10
   */
  @Count(0, 100)
  alertHysteresisPercent: number;

  /**
   * Time of day, in its time zone, of the nightly forecast of what has changed.
   * @example '02:30'
   */
  @Pattern(TIME_OF_DAY, 5, TIME_OF_DAY_FORM)
  forecastTime: string;

  /**
   * Day of the week on which the nightly forecast is one of everything: 1 = Monday ... 7 = Sunday.
   * @example 7
   */
  @Count(1, 7)
  forecastFullRunWeekday: number;
}

/** Settings to change; what is absent stays. */
export class UpdateTenantSettingsDto {
  /**
   * IANA time zone of its days.
   * @example 'America/Caracas'
   */
  @TimeZone({ optional: true })
  timezone?: string;

  /**
   * ISO 4217 currency of prices, costs and totals.
   * @example 'USD'
   */
  @KnownCurrency({ optional: true })
  currency?: string;

  /**
   * Currency shown and taken beside the first; null: none.
   * @example 'VES'
   */
  @KnownCurrency({ optional: true, nullable: true })
  secondCurrency?: string | null;

  /**
   * Language and country of documents and messages.
   * @example 'es-VE'
   */
  @Pattern(LOCALE, 5, LOCALE_FORM, { optional: true })
  locale?: string;

  /** Whether stock may fall below zero where neither product nor store says otherwise. */
  @Flag({ optional: true })
  negativeStock?: boolean;

  /** Special taxpayer (contribuyente especial): withholds VAT. */
  @Flag({ optional: true })
  specialTaxpayer?: boolean;

  /**
   * Percent by which stock must rise above its reorder point before a low-stock alert ends by itself: at once up to 25, above that within
   * five minutes.
   * @example 10
   */
  @Count(0, 100, { optional: true })
  alertHysteresisPercent?: number;

  /**
   * Time of day, in its time zone, of the nightly forecast of what has changed. Counts from the next night on.
   * @example '02:30'
   */
  @Pattern(TIME_OF_DAY, 5, TIME_OF_DAY_FORM, { optional: true })
  forecastTime?: string;

  /**
   * Day of the week on which the nightly forecast is one of everything: 1 = Monday ... 7 = Sunday.
   * @example 7
   */
  @Count(1, 7, { optional: true })
  forecastFullRunWeekday?: number;
}

/** The caller's tenant. */
export class TenantDto {
  /** Id of the tenant. */
  @Uuid()
  id: string;

  /**
   * Short name, part of its address.
   * @example 'fluxion-demo'
   */
  @Slug()
  slug: string;

  /**
   * Name of the business.
   * @example 'Fluxion Demo, C.A.'
   */
  @Text(200)
  name: string;

  /** Whether it may be used. */
  @Choice(STATUSES)
  status: TenantStatus;

  /**
   * Plan that sets its limits.
   * @example 'standard'
   */
  @Code(31)
  plan: string;

  /** What holds for the whole business. */
  @Part(TenantSettingsDto)
  settings: TenantSettingsDto;

  /** When it signed up. */
  @Instant()
  createdAt: Date;

  /** When it was last changed. */
  @Instant()
  updatedAt: Date;
}

/** Change of the caller's tenant; what is absent stays. */
export class UpdateTenantDto {
  /**
   * Name of the business.
   * @example 'Fluxion Demo, C.A.'
   */
  @Text(200, { optional: true })
  name?: string;

  /** Settings to change. */
  @Part(UpdateTenantSettingsDto, { optional: true })
  settings?: UpdateTenantSettingsDto;
}

/** Its first administrator. */
export class SignUpAdminDto {
  /**
   * E-mail to log in with.
   * @example 'ana@bodega-ana.example'
   */
  @Email()
  email: string;

  /**
   * 8 characters or more; long beats complicated.
   * @example 'cuatro-palabras-nada-comunes'
   */
  @Secret(8, 200)
  password: string;

  /**
   * Name as people read it.
   * @example 'Ana Pérez'
   */
  @Text(200)
  fullName: string;
}

/** Settings to begin with. */
export class SignUpSettingsDto extends OmitType(UpdateTenantSettingsDto, [
  'negativeStock',
  'alertHysteresisPercent',
  'forecastTime',
  'forecastFullRunWeekday',
]) {}

/** A new tenant. */
export class SignUpDto {
  /**
   * Short name, unique, part of its address; cannot be changed.
   * @example 'bodega-ana'
   */
  @Slug()
  slug: string;

  /**
   * Name of the business.
   * @example 'Bodega Ana, C.A.'
   */
  @Text(200)
  name: string;

  /** Its first administrator. */
  @Part(SignUpAdminDto)
  admin: SignUpAdminDto;

  /** What differs from the defaults (America/Caracas, USD and VES, es-VE). */
  @Part(SignUpSettingsDto, { optional: true })
  settings?: SignUpSettingsDto;
}

/** A tenant that was signed up and can be logged in to. */
export class SignedUpDto {
  /** Id of the tenant. */
  @Uuid()
  id: string;

  /**
   * Short name.
   * @example 'bodega-ana'
   */
  @Slug()
  slug: string;

  /**
   * Name of the business.
   * @example 'Bodega Ana, C.A.'
   */
  @Text(200)
  name: string;

  /** Always active: it can be used at once. */
  @Choice(['active'])
  status: 'active';

  /** Id of its first administrator. */
  @Uuid()
  adminId: string;
}
