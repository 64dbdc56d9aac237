import type { FieldError } from '../../kernel/errors/field-errors.js';
import { ProblemError } from '../../kernel/errors/problem-error.js';
import { refusalDetail } from '../../kernel/errors/refusal-detail.js';

/** One product and store of which there is not enough; quantities are decimal strings. */
export interface Shortage {
  productId: string;
  storeId: string;
  requested: string;
  available: string;
}

const CONSTRAINT = 'inventory_quantity_available_check';

/** What a statement asked for and the database refused as a whole: nothing of it was recorded. */
export class InsufficientStockError extends Error {
  constructor(
    readonly shortages: readonly Shortage[],
    cause: unknown,
  ) {
    super('not enough stock', { cause });
    this.name = 'InsufficientStockError';
  }

  /** The shortage that the movement trigger told, or the error as it was. */
  static from(error: unknown): unknown {
    const shortages = refusalDetail<Shortage[]>(error, CONSTRAINT);
    return shortages ? new InsufficientStockError(shortages, error) : error;
  }

  /** The 409 a client sees. `pointerOf` says which fields of the request asked for the product in the store. */
  toProblem(pointerOf: (shortage: Shortage) => string[]): ProblemError {
    const errors = this.shortages.flatMap((shortage): FieldError[] =>
      pointerOf(shortage).map((pointer) => ({ pointer, code: 'field.insufficient_stock', ...shortage })),
    );
    return new ProblemError('inventory.insufficient_stock', { errors, cause: this });
  }
}
