export {
  IMPORT_KINDS,
  type BatchContext,
  type BatchOutcome,
  type ImportKind,
  type ImportKindName,
} from './imports/import-kind.js';
export {
  choice,
  code,
  date,
  decimal,
  flag,
  optional,
  Refusal,
  text,
  whole,
  type FieldSpec,
  type RowContext,
} from './imports/parsing/fields.js';
export { resolveHeader, type ColumnSpec, type Header } from './imports/parsing/header.js';
export { newRowContext, openImportFile, type ImportFile } from './imports/parsing/import-file.js';
export { registerImportCodes, rowProblem, type RowProblem } from './imports/parsing/problem.js';
export {
  defineRow,
  type NumberedRow,
  type ParsedRecord,
  type RowDefinition,
  type RowOf,
} from './imports/parsing/row-definition.js';
