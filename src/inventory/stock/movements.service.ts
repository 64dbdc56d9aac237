import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assertStoreAllowed } from '../../kernel/auth/store-scope.js';
import { retried } from '../../kernel/database/retry.js';
import type { Statement } from '../../kernel/database/statement.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { InsufficientStockError, type Shortage } from './insufficient-stock.js';
import { manualKind } from './movement-kind.js';
import type { CreateMovementDto, RecordedMovementDto } from './movements.dto.js';
import { MovementsRepository, type Movement, type MovementLine } from './movements.repository.js';
import { RefusedLinesError, type LineFault } from './refused-lines.js';

const DAY_MS = 86_400_000;
/** A person corrects the recent past; older history comes in by import. */
const OLDEST_DAYS = 400;
/** clocks of clients run a little ahead */
const CLOCK_SKEW_MS = 60_000;

@Injectable()
export class MovementsService {
  constructor(private readonly movements: MovementsRepository) {}

  /** Records a movement by hand. Refused whole when stock would fall below zero where that is not allowed. */
  async create(body: CreateMovementDto): Promise<RecordedMovementDto> {
    assertStoreAllowed(body.storeId, body.toStoreId);
    checkMovement(body);
    const lines = body.type === 'transfer' ? transferLines(body) : [singleLine(body)];
    const recording = this.movements.recordingAnswered(lines).refusedAs((error) => problemOf(error, lines, () => ['/quantity']));
    const [movement, counterpart = null] = await retried(() => this.movements.run(recording));
    return { ...(movement as Movement), counterpart };
  }

  /**
   * Records all lines or none. No lock error comes out of it: outside a running transaction it is repeated.
   * @param pointerOf the fields of the request that asked for a product of which there is not enough
   * @throws ProblemError: 404 for an unknown product or store, 409 when one is inactive or stock does not suffice
   */
  async record(lines: readonly MovementLine[], pointerOf: PointerOf): Promise<void> {
    if (lines.length > 0) await retried(() => this.movements.run(this.recording(lines, pointerOf)));
  }

  /** The statement of `record`, for a transaction that ends with it: every refusal of it is an error. */
  recording(lines: readonly MovementLine[], pointerOf: PointerOf): Statement<void> {
    return this.movements.recording(lines).refusedAs((error) => problemOf(error, lines, pointerOf));
  }
}

type PointerOf = (shortage: Shortage) => string[];

/** What the ledger refuses, as the problem that a client sees; any other error as it is. */
function problemOf(error: unknown, lines: readonly MovementLine[], pointerOf: PointerOf): unknown {
  if (error instanceof InsufficientStockError) return error.toProblem(pointerOf);
  if (!(error instanceof RefusedLinesError)) return error;
  const [{ index, fault }] = error.lines;
  return faultProblem(fault, lines[index]?.type === 'transfer');
}

function singleLine({ type, quantity, reason, ...body }: CreateMovementDto): MovementLine {
  const kind = manualKind(type as Exclude<typeof type, 'transfer'>, reason);
  return {
    ...body,
    type,
    kind,
    quantity: type === 'out' ? `-${quantity}` : quantity,
    reason,
    referenceType: type === 'adjustment' ? 'adjustment' : null,
  };
}

/** Two rows with one reference: what leaves and what arrives, at the cost it had where it left. */
function transferLines({ storeId, toStoreId, productId, quantity, reason, occurredAt }: CreateMovementDto): MovementLine[] {
  const shared = {
    productId,
    reason,
    occurredAt,
    type: 'transfer',
    referenceType: 'transfer',
    referenceId: randomUUID(),
  } as const;
  return [
    { ...shared, storeId, kind: 'transferred_out', quantity: `-${quantity}` },
    { ...shared, storeId: toStoreId as string, kind: 'transferred_in', quantity, costOfStoreId: storeId },
  ];
}

function checkMovement({ type, quantity, storeId, toStoreId, unitCost, occurredAt }: CreateMovementDto): void {
  const errors: FieldError[] = [];
  if (type !== 'adjustment' && quantity.startsWith('-')) errors.push({ pointer: '/quantity', code: 'field.positive' });
  if (type === 'transfer' && toStoreId === undefined) errors.push({ pointer: '/toStoreId', code: 'field.required' });
  if (type !== 'transfer' && toStoreId !== undefined) errors.push({ pointer: '/toStoreId', code: 'field.not_allowed' });
  if (type === 'transfer' && unitCost !== undefined) errors.push({ pointer: '/unitCost', code: 'field.not_allowed' });
  if (occurredAt !== undefined) errors.push(...checkTime(Date.parse(occurredAt), Date.now()));
  if (errors.length > 0) throw invalid(...errors);
  if (toStoreId === storeId) {
    throw new ProblemError('inventory.same_store', { errors: [{ pointer: '/toStoreId', code: 'field.not_allowed' }] });
  }
}

function checkTime(at: number, now: number): FieldError[] {
  const pointer = '/occurredAt';
  if (at > now + CLOCK_SKEW_MS) return [{ pointer, code: 'field.future' }];
  const oldest = now - OLDEST_DAYS * DAY_MS;
  return at < oldest ? [{ pointer, code: 'field.past', min: new Date(oldest).toISOString() }] : [];
}

const blame = (pointer: string): FieldError[] => [{ pointer, code: 'field.not_allowed' }];

function faultProblem(fault: LineFault, isTransfer: boolean): ProblemError {
  const problems: Record<LineFault, () => ProblemError> = {
    unknown_product: notFound,
    unknown_store: notFound,
    inactive_product: () => new ProblemError('catalog.product_inactive', { errors: blame('/productId') }),
    inactive_store: () => new ProblemError('catalog.store_inactive', { errors: blame(isTransfer ? '/toStoreId' : '/storeId') }),
    reason_direction: () => new ProblemError('inventory.invalid_movement', { errors: blame('/reason') }),
  };
  return problems[fault]();
}
