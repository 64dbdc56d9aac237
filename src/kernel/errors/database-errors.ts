import { baseConstraintName, constraintProblem } from './constraints.js';
import type { FieldCode, FieldError } from './field-errors.js';
import { ProblemError } from './problem-error.js';
import { problemDefinition, type Bilingual, type ProblemCode } from './problems.js';

/** What pg's DatabaseError and node's socket errors have in common; TypeORM wraps it in driverError. */
interface DatabaseErrorLike {
  code?: unknown;
  constraint?: unknown;
  column?: unknown;
  detail?: unknown;
  driverError?: unknown;
}

interface Default {
  problem: ProblemCode;
  field?: FieldCode;
}

const BY_STATE: Readonly<Record<string, Default>> = {
  '23505': { problem: 'http.duplicate', field: 'field.taken' },
  '23503': { problem: 'http.validation_failed', field: 'field.not_found' },
  '23001': { problem: 'http.still_referenced' },
  '23514': { problem: 'http.validation_failed', field: 'field.rule' },
  '23502': { problem: 'http.validation_failed', field: 'field.required' },
  '23P01': { problem: 'http.conflict', field: 'field.taken' },
  '22P02': { problem: 'http.validation_failed' },
  '22003': { problem: 'http.validation_failed' },
  '22001': { problem: 'http.validation_failed' },
  '22007': { problem: 'http.validation_failed' },
  '22008': { problem: 'http.validation_failed' },
  '22021': { problem: 'http.validation_failed' },
  '22P05': { problem: 'http.validation_failed' },
  '40001': { problem: 'http.busy' },
  '40P01': { problem: 'http.busy' },
  '55P03': { problem: 'http.busy' },
  '57014': { problem: 'http.timeout' },
  '25P03': { problem: 'http.timeout' },
  '53300': { problem: 'http.unavailable' },
  '53200': { problem: 'http.unavailable' },
  '53100': { problem: 'http.unavailable' },
  '57P01': { problem: 'http.unavailable' },
  '57P02': { problem: 'http.unavailable' },
  '57P03': { problem: 'http.unavailable' },
};

/** Codes of node's net layer: the database is not reachable now. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The pg error inside a TypeORM error, or the error itself; undefined when it did not come from the database. */
function databaseError(error: unknown): (DatabaseErrorLike & { code: string }) | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const candidate = error as DatabaseErrorLike;
  if (candidate.driverError && candidate.driverError !== error) return databaseError(candidate.driverError);
  return typeof candidate.code === 'string' ? (candidate as DatabaseErrorLike & { code: string }) : undefined;
}

/** A statement that may succeed when the whole transaction is run again: serialization failure or deadlock. */
export function isRetryable(error: unknown): boolean {
  const code = databaseError(error)?.code;
  return code === '40001' || code === '40P01';
}

/** pg gives the end of a connection no code, only words. */
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (has encountered|was closed))/.test(
      error.message,
    )
  );
}

/** A delete or update refused because others point at the row says "still referenced"; an insert says "not present". */
function isStillReferenced(error: DatabaseErrorLike): boolean {
  return typeof error.detail === 'string' && error.detail.includes('still referenced');
}

/** What a broken CHECK means: the problem's own words where it has its own, and never the constraint's name. */
function ruleMessage(problem: ProblemCode): Bilingual {
  if (problem === 'http.validation_failed')
    return { es: 'El valor no cumple una regla de los datos.', en: 'The value breaks a rule of the data.' };
  const { title } = problemDefinition(problem);
  return { es: `${title.es}.`, en: `${title.en}.` };
}

function fieldErrors(
  error: DatabaseErrorLike,
  problem: ProblemCode,
  pointer: string | undefined,
  code: FieldCode | undefined,
): FieldError[] | undefined {
  const column =
    typeof error.column === 'string'
      ? `/${error.column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
      : undefined;
  const at = pointer ?? column;
  if (at === undefined || code === undefined) return undefined;
  if (code !== 'field.rule') return [{ pointer: at, code }];
  const rule = typeof error.constraint === 'string' ? { rule: baseConstraintName(error.constraint) } : {};
  return [{ pointer: at, code, message: ruleMessage(problem), ...rule }];
}

/**
 * The problem a client sees for an error of PostgreSQL or of the connection to it, by constraint name where a feature
 * registered it, else by SQLSTATE. Undefined: not a database error, or one that only a fault of ours explains (500).
 */
export function problemOfDatabaseError(error: unknown): ProblemError | undefined {
  const found = databaseError(error);
  if (!found) return isLostConnection(error) ? new ProblemError('http.unavailable', { cause: error }) : undefined;
  if (SOCKET_CODES.has(found.code)) return new ProblemError('http.unavailable', { cause: error });
  if (!SQLSTATE.test(found.code)) return undefined;
  if (found.code.startsWith('08')) return new ProblemError('http.unavailable', { cause: error });
  const standard = BY_STATE[found.code];
  if (found.code === '23503' && isStillReferenced(found)) return new ProblemError('http.still_referenced', { cause: error });
  const registered = typeof found.constraint === 'string' ? constraintProblem(found.constraint) : undefined;
  if (registered) {
    return new ProblemError(registered.code, {
      errors: fieldErrors(found, registered.code, registered.pointer, registered.field ?? standard?.field),
      cause: error,
    });
  }
  if (!standard) return undefined;
  return new ProblemError(standard.problem, {
    errors: fieldErrors(found, standard.problem, undefined, standard.field),
    cause: error,
  });
}
