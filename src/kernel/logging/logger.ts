import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import type { LogLevel } from '../config/config.js';
import { currentScope } from '../database/tenant-context.js';
import { readableStream } from './readable-stream.js';
import { redacted, redactText } from './redact.js';
import { StandardOutput } from './standard-output.js';

export interface LogSettings {
  level: LogLevel;
  /** JSON lines (production) or lines for eyes */
  json: boolean;
  /** where lines go; standard output by default */
  to?: DestinationStream;
}

/** What a line carries beside its text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Contexts in which Nest tells how it builds itself: of use to whoever debugs that, noise to everybody else. */
const NARRATION = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** Nest's logger on pino: one line an entry, with tenant, user and request of the running scope, without secrets. */
export class AppLogger implements LoggerService {
  private readonly pino: Pino;

  constructor({ level, json, to }: LogSettings) {
    const stream = to ?? new StandardOutput(json);
    this.pino = pino(
      {
        level,
        base: json ? { pid: process.pid } : null,
        formatters: { level: (label) => ({ level: label }) },
        messageKey: 'message',
        mixin: scopeFields,
      },
      json ? stream : readableStream(stream),
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(NARRATION.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** An entry made of fields, such as a served request. */
  entry(level: 'info' | 'warn' | 'error' | 'debug', fields: LogFields, message: string): void {
    if (this.pino.isLevelEnabled(level)) this.pino[level](fields, message);
  }

  isEnabled(level: 'info' | 'warn' | 'error' | 'debug'): boolean {
    return this.pino.isLevelEnabled(level);
  }

  /** Nest passes the context's name last and a stack, where it has one, before it. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const extra = rest.slice(0, -1).filter((value) => typeof value === 'object' && value !== null);
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(stack === undefined ? {} : { stack }),
      ...Object.assign({}, ...extra.map((value) => redacted(value))),
    };
    if (message instanceof Error) this.pino[level]({ ...fields, ...errorFields(message) }, redactText(message.message));
    else if (typeof message === 'object' && message !== null) this.pino[level]({ ...fields, data: redacted(message) });
    else this.pino[level](fields, redactText(String(message)));
  }
}

/** Runs for every line: who and what the line is about. */
function scopeFields(): Record<string, unknown> {
  const scope = currentScope();
  if (scope === undefined) return {};
  const { requestId, tenant, actor } = scope;
  return { requestId, ...(tenant ? { tenant: tenant.slug } : {}), ...(actor ? { user: actor.user, via: actor.via } : {}) };
}

function errorFields(error: Error): Record<string, unknown> {
  const { code, constraint, table, schema } = error as Error & Record<string, unknown>;
  const known = Object.entries({ code, constraint, table, schema }).filter(([, value]) => typeof value === 'string');
  const cause = error.cause instanceof Error ? { cause: redactText(`${error.cause.name}: ${error.cause.message}`) } : {};
  return { error: error.name, stack: redactText(error.stack ?? ''), ...Object.fromEntries(known), ...cause };
}
