import type { TenantSettings } from '../../kernel/database/tenant-context.js';

/** What a tenant has before anybody changes it. */
export const DEFAULT_SETTINGS: TenantSettings = {
  timezone: 'America/Caracas',
  currency: 'USD',
  secondCurrency: 'VES',
  locale: 'es-VE',
  negativeStock: false,
  specialTaxpayer: false,
  alertHysteresisPercent: 0,
  forecastTime: '02:30',
  forecastFullRunWeekday: 7,
};

const zones = new Map<string, boolean>();

/** Whether this process, and so its dates and schedules, knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const valid = asksFor(name);
  if (zones.size < 1000) zones.set(name, valid);
  return valid;
}

// offsets such as +05:00 pass as zones in newer engines, and know no summer time
function asksFor(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Whether the text is an ISO 4217 code in use. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}
