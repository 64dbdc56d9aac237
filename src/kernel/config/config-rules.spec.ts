import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from './config-error.js';
import { CONFIG_NAMES, readConfig } from './config.js';
import { assertSafeStart, productionRefusals } from './config-rules.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('should fill in what is absent or blank', () => {
    expect(readConfig({ PORT: ' ', CORS_ORIGINS: '' })).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      CORS_ORIGINS: [],
      POOL_SIZE: 10,
    });
  });

  it('should convert numbers and lists', () => {
    const config = readConfig({
      PORT: '8080',
      CORS_ORIGINS: 'https://a.example, https://b.example',
      TRUST_PROXY: 'loopback,10.0.0.0/8',
    });
    expect(config).toMatchObject({
      PORT: 8080,
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      TRUST_PROXY: ['loopback', '10.0.0.0/8'],
    });
  });

  it('should name every wrong variable at once, and no value', () => {
    const problems = problemsOf({
      PORT: '99999',
      DATABASE_URL: 'mysql://u:hunter2@h/d',
      LOG_LEVEL: 'loud',
      BODY_LIMIT: 'big',
      CORS_ORIGINS: 'shop',
    });
    const text = problems.join('\n');
    for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'BODY_LIMIT', 'CORS_ORIGINS']) expect(text).toContain(name);
    expect(text).not.toContain('hunter2');
  });

  it.each([
    ['DATABASE_DIRECT_URL', { DATABASE_DIRECT_URL: 'postgres://h/d' }],
    ['UPLOAD_LIMIT', { UPLOAD_LIMIT: '2048', BODY_LIMIT: '4096' }],
    ['MAX_IN_FLIGHT', { MAX_IN_FLIGHT: '10', POOL_SIZE: '20' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*,https://a.example' }],
    ['JWT_KEYS_FILE', { JWT_KEYS_FILE: '/does/not/exist' }],
  ])('should hold the rule on %s', (name, env) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(name)]);
  });

  it('should know no variable twice and none in lower case', () => {
    expect(new Set(CONFIG_NAMES).size).toBe(CONFIG_NAMES.length);
    expect(CONFIG_NAMES.filter((name) => !/^[A-Z][A-Z_]+$/.test(name))).toEqual([]);
  });
});

describe('a start in production', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fluxion-config-'));
  const keys = path.join(folder, 'keys.json');
  writeFileSync(keys, '{}');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('should be refused for each reason at once', () => {
    const config = readConfig({ NODE_ENV: 'production', FLUXION_DEMO: '1' });
    expect(productionRefusals(config, { databaseSuperuser: true }).map((text) => text.split(':')[0])).toEqual([
      'FLUXION_DEMO',
      'JWT_KEYS_FILE',
      'VAULT_KEYS_FILE',
      'DATABASE_URL',
      'DATABASE_URL',
    ]);
    expect(() => assertSafeStart(config, { databaseSuperuser: true })).toThrow(
      /FLUXION_DEMO[\s\S]*JWT_KEYS_FILE[\s\S]*VAULT_KEYS_FILE[\s\S]*superuser/,
    );
  });

  it('should name a wrong variable and what is missing together', () => {
    const problems = problemsOf({ NODE_ENV: 'production', PORT: '99999' });
    expect(problems.map((text) => /^[A-Z_]+/.exec(text)?.[0])).toEqual([
      'PORT',
      'JWT_KEYS_FILE',
      'VAULT_KEYS_FILE',
      'DATABASE_URL',
    ]);
  });

  it('should pass with keys, without demo and without superuser', () => {
    const config = readConfig({
      NODE_ENV: 'production',
      DATABASE_URL: 'postgresql://u@h/d',
      JWT_KEYS_FILE: keys,
      VAULT_KEYS_FILE: keys,
    });
    expect(productionRefusals(config, { databaseSuperuser: false })).toEqual([]);
  });

  it('should not concern development', () => {
    expect(productionRefusals(readConfig({}), { databaseSuperuser: true })).toEqual([]);
  });
});
