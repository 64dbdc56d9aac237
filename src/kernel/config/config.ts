import 'reflect-metadata';
import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  validateSync,
  type ValidationError,
} from 'class-validator';
import { ConfigError } from './config-error.js';
import { brokenRules, productionRefusals } from './config-rules.js';

const POSTGRES_URL = /^postgres(ql)?:\/\/\S+$/;
// of the text as given: what arrives as `value` went through Boolean(), which takes '0' for true
const flag = ({ obj, key }: { obj: Record<string, unknown>; key: string }): unknown => {
  const text = obj[key];
  if (text === '1' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : text;
};
const list = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean)
    : value;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every environment variable the product reads. `.env.example` lists the same; a test compares them. */
export class Config {
  /** Address the API listens on. */
  @IsString()
  @Matches(/^[\w.:-]+$/, { message: 'HOST must be an address or host name' })
  HOST: string = '127.0.0.1';

  /** Port of the API; when it is taken, the next free one is used and printed. 0: any free one. */
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT: number = 3000;

  /** Folder of everything the process keeps: embedded database, keys, files, runtime.json. */
  @IsString()
  DATA_DIR: string = '.fluxion';

  /** Login of tenant traffic; PgBouncer in transaction mode is allowed. Without it PostgreSQL is embedded. */
  @IsOptional()
  @Matches(POSTGRES_URL, { message: 'DATABASE_URL must start with postgresql://' })
  DATABASE_URL?: string;

  /** Owner with CREATEROLE, in session mode: DDL, provisioning, LISTEN. Without it DATABASE_URL serves. */
  @IsOptional()
  @Matches(POSTGRES_URL, { message: 'DATABASE_DIRECT_URL must start with postgresql://' })
  DATABASE_DIRECT_URL?: string;

  /** 0 behind a pooler that loses prepared statements (PgBouncer before 1.21 in transaction mode). */
  @Transform(flag)
  @IsBoolean({ message: 'DATABASE_PREPARED must be 0 or 1' })
  DATABASE_PREPARED: boolean = true;

  /** Redis for the queues. Without it they live in PostgreSQL. */
  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: 'REDIS_URL must start with redis:// or rediss://' })
  REDIS_URL?: string;

  /** Bearer that /metrics asks of callers beyond the loopback address. */
  @IsOptional()
  @IsString()
  @MinLength(16)
  METRICS_TOKEN?: string;

  /** production refuses unsafe starts and logs JSON. */
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: 'development' | 'test' | 'production' = 'development';

  /** Least severe line that is logged. */
  @IsIn(LOG_LEVELS)
  LOG_LEVEL: LogLevel = 'info';

  /** 1: provision the demo tenant with its simulated history and its known password. Default 1 in development, else 0. */
  @Transform(flag)
  @IsBoolean({ message: 'FLUXION_DEMO must be 0 or 1' })
  FLUXION_DEMO: boolean = false;

  /** JSON file of the keys that sign tokens and cursors: {"keys":[{"kid","k"}]}, k = base64url of 32 bytes or more; the first signs, all verify. Without it keys are generated below DATA_DIR. */
  @IsOptional()
  @IsString()
  JWT_KEYS_FILE?: string;

  /** JSON file of the keys that encrypt stored secrets, in the same form. Without it keys are generated below DATA_DIR. */
  @IsOptional()
  @IsString()
  VAULT_KEYS_FILE?: string;

  /** SMTP server for mail that the product sends. Without it mail is kept in the log of DATA_DIR. */
  @IsOptional()
  @Matches(/^smtps?:\/\/\S+$/, { message: 'MAIL_URL must start with smtp:// or smtps://' })
  MAIL_URL?: string;

  /** Address under which clients reach the API, for links and the OpenAPI document. */
  @IsOptional()
  @Matches(/^https?:\/\/[^\s/]+(\/\S*)?$/, { message: 'PUBLIC_URL must start with http:// or https://' })
  PUBLIC_URL?: string;

  /** Origins that browsers may call from, separated by commas; empty: none, *: all. */
  @Transform(list)
  @Matches(/^(\*|https?:\/\/[^\s/*]+)$/, {
    each: true,
    message: 'CORS_ORIGINS must be origins such as https://shop.example separated by commas, or *',
  })
  CORS_ORIGINS: string[] = [];

  /** Addresses or networks of proxies whose X-Forwarded-* headers count, separated by commas, or loopback. */
  @Transform(list)
  @Matches(/^(loopback|linklocal|uniquelocal|[\da-fA-F.:]+(\/\d{1,3})?)$/, {
    each: true,
    message: 'TRUST_PROXY must be addresses, networks or loopback, separated by commas',
  })
  TRUST_PROXY: string[] = [];

  /** Domain whose subdomains name tenants (fluxion.example: acme.fluxion.example is tenant acme). */
  @IsOptional()
  @Matches(/^([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i, { message: 'TENANT_DOMAIN must be a domain name' })
  @MaxLength(253)
  TENANT_DOMAIN?: string;

  /** Largest JSON body in bytes. */
  @IsInt()
  @Min(1024)
  @Max(100 * 1024 * 1024)
  BODY_LIMIT: number = 1024 * 1024;

  /** Largest uploaded file in bytes. */
  @IsInt()
  @Min(1024)
  @Max(10 * 1024 * 1024 * 1024)
  UPLOAD_LIMIT: number = 200 * 1024 * 1024;

  /** Connections for tenant traffic in each process. */
  @IsInt()
  @Min(2)
  @Max(500)
  POOL_SIZE: number = 10;

  /** Jobs that one worker process runs side by side in each queue. */
  @IsInt()
  @Min(1)
  @Max(100)
  WORKER_CONCURRENCY: number = 4;

  /** Requests in flight above which new ones are answered 503 with Retry-After. */
  @IsInt()
  @Min(10)
  @Max(100_000)
  MAX_IN_FLIGHT: number = 400;

  /** 0 switches the limits of requests per minute off (benches, load tests). */
  @Transform(flag)
  @IsBoolean({ message: 'RATE_LIMITS must be 0 or 1' })
  RATE_LIMITS: boolean = true;

  /** Who may create a tenant through the API. */
  @IsIn(['open', 'closed'])
  SIGN_UP: 'open' | 'closed' = 'open';

  /** Seconds a stop waits for running requests and jobs. */
  @IsInt()
  @Min(0)
  @Max(600)
  SHUTDOWN_TIMEOUT: number = 8;
}

/** Names of all variables, in the order of the class. */
export const CONFIG_NAMES = Object.keys(new Config()) as (keyof Config)[];

function sentences(errors: ValidationError[]): string[] {
  return errors.flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map((text) => (text.includes(property) ? text : `${property}: ${text}`)),
  );
}

/**
 * Reads and checks the environment. Blank counts as absent. Throws ONE ConfigError that names every wrong variable
 * and every broken rule between variables; values are not repeated, since they may be secrets.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given: Record<string, string> = {};
  for (const name of CONFIG_NAMES) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
  }
  const mode = given['NODE_ENV'] ?? 'development';
  const defaults = { FLUXION_DEMO: mode === 'development' ? '1' : '0' };
  const config = plainToInstance(
    Config,
    { ...defaults, ...given },
    { enableImplicitConversion: true, exposeDefaultValues: true },
  );
  const problems = [...sentences(validateSync(config)), ...brokenRules(config)];
  // whoever has to mend the environment learns at once what production would refuse next
  if (problems.length > 0) throw new ConfigError('wrong environment', [...problems, ...productionRefusals(config)]);
  return config;
}
