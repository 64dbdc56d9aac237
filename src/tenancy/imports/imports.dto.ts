import { Choice, Count, Flag, Instant, Part, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { IMPORT_KINDS, type ImportKindName } from './import-kind.js';
import { IMPORT_STATUSES, type ImportStatus } from './import-record.js';

/** The text fields of the upload's form. */
export class CreateImportFields {
  /** What the file holds. */
  @Choice(IMPORT_KINDS)
  kind: ImportKindName;

  /** Checks every line and writes nothing. */
  @Flag({ default: false })
  dryRun: boolean;

  /** Leaves out lines with errors instead of refusing the file. */
  @Flag({ default: false })
  partial: boolean;
}

/** An accepted upload. */
export class ImportAcceptedDto {
  /** @example 01980000-0000-7000-8000-000000000001 */
  @Uuid()
  importId: string;

  /** Job that works on it; see GET /v1/jobs/{id}. */
  @Uuid()
  jobId: string;

  /** This very file is being taken in as this kind at this moment: nothing more happens, the running import is named. */
  @Flag()
  repeated: boolean;
}

export class ImportErrorDto {
  /** @example imports.bad_rows */
  @Text(100)
  code: string;

  /** In the caller's language. */
  @Text(500)
  title: string;
}

export class ImportDto {
  @Uuid()
  id: string;

  @Choice(IMPORT_KINDS)
  kind: ImportKindName;

  /** @example sales.csv */
  @Text(255)
  fileName: string;

  @Choice(['csv', 'xlsx'])
  format: 'csv' | 'xlsx';

  /** Bytes. */
  @Count(0, Number.MAX_SAFE_INTEGER)
  fileSize: number;

  @Flag()
  dryRun: boolean;

  @Flag()
  partial: boolean;

  /** `failed`: nothing was written, unless rows were refused that had passed the check. */
  @Choice(IMPORT_STATUSES)
  status: ImportStatus;

  /** Lines read, the header not counted. */
  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsTotal: number;

  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsValid: number;

  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsInvalid: number;

  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsInserted: number;

  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsUpdated: number;

  /** Were in the database already as they are in the file. */
  @Count(0, Number.MAX_SAFE_INTEGER)
  rowsUnchanged: number;

  /** Problems found in all; the first 10,000 can be read. */
  @Count(0, Number.MAX_SAFE_INTEGER)
  errorCount: number;

  @Uuid()
  jobId: string;

  @Part(ImportErrorDto, { nullable: true })
  error: ImportErrorDto | null;

  @Instant()
  createdAt: string;

  @Instant({ nullable: true })
  startedAt: string | null;

  @Instant({ nullable: true })
  finishedAt: string | null;
}

/** One thing that is wrong with one line. */
export class ImportProblemDto {
  /** Physical line of the file, row of the sheet; the header is 1. 0: the file as a whole. */
  @Count(0, Number.MAX_SAFE_INTEGER)
  line: number;

  /** Column, or null for the whole line. */
  @Text(100, { nullable: true })
  field: string | null;

  /** @example imports.not_a_number */
  @Text(100)
  code: string;

  /** In the caller's language. */
  @Text(1000)
  message: string;

  /** What stood there. */
  @Text(200, { nullable: true })
  value: string | null;
}

export class ImportsQuery extends PageQuery {
  @Choice(IMPORT_KINDS, { optional: true })
  kind?: ImportKindName;

  @Choice(IMPORT_STATUSES, { optional: true })
  status?: ImportStatus;
}
