export { registerConstraints, constraintProblem, baseConstraintName, type ConstraintProblem } from './constraints.js';
export { problemOfDatabaseError, isRetryable } from './database-errors.js';
export { FIELD_MESSAGES, describeFieldError, pointerSegment, type FieldCode, type FieldError } from './field-errors.js';
export { ProblemError, invalid, notFound, type ProblemOptions } from './problem-error.js';
export { PROBLEMS, problemDefinition, type ProblemCode, type ProblemDefinition } from './problems.js';
