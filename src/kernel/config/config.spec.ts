import { readConfig } from './config.js';

describe('flags of the configuration', () => {
  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ])('should read %j as %j', (text, expected) => {
    const { FLUXION_DEMO, RATE_LIMITS } = readConfig({ FLUXION_DEMO: text, RATE_LIMITS: text });
    expect([FLUXION_DEMO, RATE_LIMITS]).toEqual([expected, expected]);
  });

  it('should start the demo in development only', () => {
    expect(readConfig({}).FLUXION_DEMO).toBe(true);
    expect(readConfig({ NODE_ENV: 'production' }).FLUXION_DEMO).toBe(false);
  });

  it('should name every flag that is neither', () => {
    expect(() => readConfig({ FLUXION_DEMO: 'yes', RATE_LIMITS: '2' })).toThrow(
      /FLUXION_DEMO must be 0 or 1[\s\S]*RATE_LIMITS must be 0 or 1/,
    );
  });
});
