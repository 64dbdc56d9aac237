export { ImportKinds } from './imports/import-kinds.js';
export { ImportsModule } from './imports/imports.module.js';
export {
  IMPORT_KINDS,
  type ImportContext,
  type ImportKind,
  type ImportKindName,
  type ImportSession,
  type UniqueKey,
  type WriteOutcome,
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
export { type ByteSource } from './imports/parsing/csv-reader.js';
export { csvLine, neutraliseFormula, quoteField } from './imports/parsing/csv-writer.js';
export { normaliseTitle, resolveHeader, type ColumnSpec, type Header } from './imports/parsing/header.js';
export {
  newRowContext,
  openImportFile,
  openImportTable,
  type ImportFile,
  type ImportTable,
} from './imports/parsing/import-file.js';
export { readLocalDate } from './imports/parsing/local-date.js';
export { registerImportCodes, rowProblem, type RowProblem } from './imports/parsing/problem.js';
export {
  defineRow,
  type NumberedRow,
  type ParsedRecord,
  type RowDefinition,
  type RowOf,
} from './imports/parsing/row-definition.js';
export { AuditTrail } from './audit/audit-trail.js';
export { TenancyModule } from './tenancy.module.js';
export { TenantDirectory } from './tenants/tenant-directory.js';
export { TenantOperations } from './tenants/tenant-operations.js';
