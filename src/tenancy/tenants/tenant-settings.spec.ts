import { DEFAULT_SETTINGS, isCurrency, isTimeZone } from './tenant-settings.js';

describe('tenant settings', () => {
  it.each(['America/Caracas', 'Europe/Madrid', 'UTC', 'Etc/GMT+4'])('should know the zone %s', (zone) =>
    expect(isTimeZone(zone)).toBe(true),
  );
  it.each(['', '+04:00', 'Caracas', 'America/Nowhere', "UTC'; --"])('should not know the zone %j', (zone) =>
    expect(isTimeZone(zone)).toBe(false),
  );
  it.each(['USD', 'VES', 'EUR'])('should know the currency %s', (code) => expect(isCurrency(code)).toBe(true));
  it.each(['XXQ', 'usd', ''])('should not know the currency %j', (code) => expect(isCurrency(code)).toBe(false));

  it('should have defaults that it takes itself', () => {
    expect(isTimeZone(DEFAULT_SETTINGS.timezone)).toBe(true);
    expect(isCurrency(DEFAULT_SETTINGS.currency) && isCurrency(DEFAULT_SETTINGS.secondCurrency ?? '')).toBe(true);
  });
});
