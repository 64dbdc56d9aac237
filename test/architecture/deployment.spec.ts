import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { CONFIG_NAMES, readConfig } from '../../src/kernel/config/config.js';
import { databaseRoles, rolePrefix } from '../../src/kernel/database/roles.js';

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  env_file?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
  volumes?: string[];
  secrets?: string[];
}

interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, unknown>;
}

const root = path.resolve(import.meta.dirname, '../..');
const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const names: readonly string[] = CONFIG_NAMES;

/** A variable without which compose refuses to start. */
const isRequired = (value: string): boolean => /^\$\{\w+:\?[^}]+\}$/.test(value);

/** NAME=value lines; a name twice would hide the first. */
function readEnv(source: string): Map<string, string> {
  const entries = source
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  expect(entries.map(([name]) => name)).toEqual([...new Set(entries.map(([name]) => name))]);
  return new Map(entries);
}

describe('.env.example', () => {
  const given = readEnv(text('.env.example'));

  it('should have exactly the variables of the config class, in its order', () => {
    expect([...given.keys()]).toEqual(names);
  });

  it('should change nothing when it is used as it is', () => {
    expect(readConfig(Object.fromEntries(given))).toEqual(readConfig({}));
  });

  it('should say something of every variable', () => {
    const lines = text('.env.example').split('\n');
    for (const name of names) expect(lines[lines.findIndex((line) => line.startsWith(`${name}=`)) - 1]).toMatch(/^# \S/);
  });
});

describe('docker-compose.yml', () => {
  const source = text('docker-compose.yml');
  const compose = load(source, { schema: CORE_SCHEMA.withTags([mergeTag]) }) as Compose;
  const own = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);

  it('should run API, worker, database and Redis', () => {
    expect(Object.keys(compose.services)).toEqual(['api', 'worker', 'setup', 'migrate', 'db', 'redis']);
    expect(own.map(([name]) => name)).toEqual(['api', 'worker', 'setup', 'migrate']);
  });

  it.each(own)('should give %s only variables that the product has', (_, { environment = {}, env_file }) => {
    expect(Object.keys(environment).filter((name) => !names.includes(name))).toEqual([]);
    expect(env_file).toBe('.env');
  });

  it.each(own)('should give %s a configuration that production accepts', (_, { environment = {} }) => {
    const filled = Object.entries(environment).map(
      ([name, value]) => [name, value.replace(/\$\{\w+:\?[^}]+\}/g, 'secret')] as const,
    );
    // files of the container do not exist here
    const env = Object.fromEntries(filled.filter(([name]) => !name.endsWith('_FILE')));
    expect(readConfig(env)).toMatchObject({ NODE_ENV: 'production', FLUXION_DEMO: false, HOST: '0.0.0.0' });
    expect(environment['JWT_KEYS_FILE']).toBe('/run/secrets/jwt_keys');
    expect(environment['VAULT_KEYS_FILE']).toBe('/run/secrets/vault_keys');
  });

  it('should log in as the roles that belong to the database', () => {
    const { environment = {} } = compose.services['api'] ?? {};
    const roles = databaseRoles(rolePrefix(compose.services['db']?.environment?.['POSTGRES_DB'] ?? ''));
    expect(environment['DATABASE_URL']).toMatch(new RegExp(`^postgresql://${roles.login}:`));
    expect(environment['DATABASE_DIRECT_URL']).toMatch(new RegExp(`^postgresql://${roles.owner}:`));
  });

  it('should hold no secret: passwords and key files are required variables', () => {
    for (const value of [...source.matchAll(/password\S*:\s*(\S+)$/gim), ...source.matchAll(/_PASSWORD: (.+)$/gm)].map(
      (match) => match[1] ?? '',
    ))
      expect(isRequired(value)).toBe(true);
    for (const { file } of Object.values(compose.secrets)) expect(isRequired(file)).toBe(true);
    for (const [, userinfo = ''] of source.matchAll(/:\/\/([^@\s]+)@/g)) expect(userinfo).toMatch(/^\w*:\$\{\w+:\?[^}]+\}$/);
  });

  it('should watch the health of whatever keeps running', () => {
    const unwatched = Object.entries(compose.services).filter(
      ([, { restart, healthcheck }]) => restart !== 'no' && !healthcheck?.test.length,
    );
    expect(unwatched).toEqual([]);
  });

  it('should wait for the health of what keeps running and for the end of what does not', () => {
    const waits = Object.values(compose.services).flatMap(({ depends_on = {} }) => Object.entries(depends_on));
    expect(waits.length).toBeGreaterThan(4);
    for (const [name, { condition }] of waits) {
      const ends = compose.services[name]?.restart === 'no';
      expect([name, condition]).toEqual([name, ends ? 'service_completed_successfully' : 'service_healthy']);
    }
  });

  it('should name only volumes and secrets that exist', () => {
    for (const { volumes = [], secrets = [] } of Object.values(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });
});

describe('Dockerfile', () => {
  const lines = text('Dockerfile').split('\n');

  it('should copy only what is there and what .dockerignore lets through', () => {
    const allowed = text('.dockerignore').split('\n');
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(5);
    for (const name of copied)
      expect([name, existsSync(path.join(root, name)), allowed.includes(`!${name}`)]).toEqual([name, true, true]);
  });

  it('should not run as root', () => {
    const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(lastStage).toContain('USER node');
  });
});
