import { accessSync, constants } from 'node:fs';
import type { Config } from './config.js';
import { ConfigError } from './config-error.js';

interface Rule {
  broken(config: Config): boolean;
  says: string;
}

function unreadable(file: string | undefined): boolean {
  if (file === undefined) return false;
  try {
    accessSync(file, constants.R_OK);
    return false;
  } catch {
    return true;
  }
}

/** Rules between variables, and of variables with the outside world. */
const RULES: readonly Rule[] = [
  {
    broken: (c) => c.DATABASE_DIRECT_URL !== undefined && c.DATABASE_URL === undefined,
    says: 'DATABASE_DIRECT_URL needs DATABASE_URL beside it',
  },
  { broken: (c) => c.UPLOAD_LIMIT < c.BODY_LIMIT, says: 'UPLOAD_LIMIT must not be below BODY_LIMIT' },
  { broken: (c) => c.MAX_IN_FLIGHT < c.POOL_SIZE, says: 'MAX_IN_FLIGHT must not be below POOL_SIZE' },
  {
    broken: (c) => c.CORS_ORIGINS?.includes('*') && c.CORS_ORIGINS.length > 1,
    says: 'CORS_ORIGINS is either * or a list of origins',
  },
  { broken: (c) => unreadable(c.JWT_KEYS_FILE), says: 'JWT_KEYS_FILE cannot be read' },
  { broken: (c) => unreadable(c.VAULT_KEYS_FILE), says: 'VAULT_KEYS_FILE cannot be read' },
];

export function brokenRules(config: Config): string[] {
  return RULES.filter((rule) => rule.broken(config)).map((rule) => rule.says);
}

/** What only a running database can tell. */
export interface StartFacts {
  /** whether the role of DATABASE_URL is a superuser; undefined: not known */
  databaseSuperuser?: boolean;
}

interface Refusal {
  applies(config: Config, facts: StartFacts): boolean;
  says: string;
}

/** What a production start refuses, as data. */
export const PRODUCTION_REFUSALS: readonly Refusal[] = [
  { applies: (c) => c.FLUXION_DEMO, says: 'FLUXION_DEMO: the demo login has a public password' },
  { applies: (c) => c.JWT_KEYS_FILE === undefined, says: 'JWT_KEYS_FILE: generated keys are not kept beyond this machine' },
  { applies: (c) => c.VAULT_KEYS_FILE === undefined, says: 'VAULT_KEYS_FILE: generated keys are not kept beyond this machine' },
  {
    applies: (c) => c.DATABASE_URL === undefined,
    says: 'DATABASE_URL: without it the database is embedded, which is for development',
  },
  {
    applies: (_, facts) => facts.databaseSuperuser === true,
    says: 'DATABASE_URL: tenant traffic must not run as a superuser (see `npx fluxion db roles`)',
  },
];

/** Every reason why production must not start like this; empty elsewhere. */
export function productionRefusals(config: Config, facts: StartFacts = {}): string[] {
  if (config.NODE_ENV !== 'production') return [];
  return PRODUCTION_REFUSALS.filter((refusal) => refusal.applies(config, facts)).map((refusal) => refusal.says);
}

/** Throws one ConfigError naming every reason at once. Call it with the database's facts before anything is served or changed. */
export function assertSafeStart(config: Config, facts: StartFacts = {}): void {
  const refusals = productionRefusals(config, facts);
  if (refusals.length > 0) throw new ConfigError('refusing to start in production', refusals);
}
