import { refusalDetail } from '../../kernel/errors/refusal-detail.js';

/** The rule by which the statement that records movements refuses lines. */
export const REFUSED_LINES = 'inventory_movements_line_check';

/** Why a line cannot be recorded. */
export type LineFault = 'unknown_product' | 'unknown_store' | 'inactive_product' | 'inactive_store' | 'reason_direction';

export interface RefusedLine {
  /** 0 for the first line */
  index: number;
  fault: LineFault;
}

/** Lines that cannot be recorded, in their order: nothing of the statement was. */
export class RefusedLinesError extends Error {
  constructor(
    readonly lines: readonly [RefusedLine, ...RefusedLine[]],
    cause: unknown,
  ) {
    super('lines that cannot be recorded', { cause });
    this.name = 'RefusedLinesError';
  }

  /** The lines that the statement told, or the error as it was. */
  static from(error: unknown): unknown {
    const lines = refusalDetail<[RefusedLine, ...RefusedLine[]]>(error, REFUSED_LINES);
    return lines ? new RefusedLinesError(lines, error) : error;
  }
}
