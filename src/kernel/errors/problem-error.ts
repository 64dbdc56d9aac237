import type { FieldError } from './field-errors.js';
import { problemDefinition, type ProblemCode } from './problems.js';

export interface ProblemOptions {
  /** sentence for this occurrence; without it the code's own, filled from params */
  detail?: string;
  errors?: FieldError[];
  /** values for the `{names}` of the code's texts */
  params?: Readonly<Record<string, string | number>>;
  /** members beside the standard ones, such as the tenants of auth.choose_tenant */
  extra?: Readonly<Record<string, unknown>>;
  /** seconds; else the code's own */
  retryAfter?: number;
  cause?: unknown;
}

/** The one error that code throws for a client: a code of the closed list and what it needs to be understood. */
export class ProblemError extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly params: Readonly<Record<string, string | number>> | undefined;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ProblemCode,
    options: ProblemOptions = {},
  ) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    const definition = problemDefinition(code);
    this.status = definition.status;
    this.detail = options.detail;
    this.errors = options.errors;
    this.params = options.params;
    this.extra = options.extra;
    this.retryAfter = options.retryAfter ?? definition.retryAfter;
  }
}

/** The answer to a foreign, hidden or unknown id: always the same words, so that nothing can be told apart. */
export function notFound(): ProblemError {
  return new ProblemError('http.not_found');
}

/** One or more wrong fields found by a use case, in the same form as those the field decorators find. */
export function invalid(...errors: FieldError[]): ProblemError {
  return new ProblemError('http.validation_failed', { errors });
}
