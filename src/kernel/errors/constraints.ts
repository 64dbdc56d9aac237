import type { FieldCode } from './field-errors.js';
import type { ProblemCode } from './problems.js';

/** How a broken constraint reads to a client. */
export interface ConstraintProblem {
  code: ProblemCode;
  /** the field to blame, as a JSON pointer */
  pointer?: string;
  /** defaults by SQLSTATE: unique field.taken, foreign key field.not_found, check field.rule */
  field?: FieldCode;
}

const registry = new Map<string, ConstraintProblem>();

/** Copies of a constraint on partitions and on Citus shards carry a numeric suffix of six digits or more. */
export function baseConstraintName(name: string): string {
  return name.replace(/_\d{6,}$/, '');
}

/**
 * Tells how constraints of a feature's tables read to a client; called once per feature at module load.
 * Two different meanings for one name are a programming error.
 */
export function registerConstraints(constraints: Readonly<Record<string, ConstraintProblem>>): void {
  for (const [name, problem] of Object.entries(constraints)) {
    const known = registry.get(name);
    if (known && (known.code !== problem.code || known.pointer !== problem.pointer))
      throw new Error(`constraint ${name} is registered twice`);
    registry.set(name, problem);
  }
}

export function constraintProblem(name: string): ConstraintProblem | undefined {
  return registry.get(name) ?? registry.get(baseConstraintName(name));
}
