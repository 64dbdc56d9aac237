import { Injectable } from '@nestjs/common';
import { currentScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { inLanguage, PROBLEMS, type ProblemCode } from '../../kernel/errors/problems.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { readFormFields, type Upload } from '../../kernel/http/multipart.js';
import type { PageQuery } from '../../kernel/http/page.dto.js';
import type { Page } from '../../kernel/http/page.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { StoredFile } from './import-files.js';
import { ImportProblemsRepository } from './import-problems.repository.js';
import type { ImportRecord } from './import-record.js';
import {
  CreateImportFields,
  type ImportAcceptedDto,
  type ImportDto,
  type ImportProblemDto,
  type ImportsQuery,
} from './imports.dto.js';
import { ImportsRepository } from './imports.repository.js';

registerConstraints({ imports_content_key: { code: 'imports.already_running' } });

const LIST = 'listImports';
const LIST_PROBLEMS = 'listImportErrors';

@Injectable()
export class ImportsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly imports: ImportsRepository,
    private readonly problems: ImportProblemsRepository,
    private readonly jobs: JobQueue,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * Hands a received upload to the worker. The same content as the same kind is not taken in twice at once: the running import is
   * named again.
   */
  async create({ fields, files: [file] }: Upload<StoredFile>): Promise<ImportAcceptedDto> {
    const form = readFormFields(CreateImportFields, fields);
    if (file?.field !== 'file') throw invalid({ pointer: '/file', code: 'field.required' });
    if (file.size === 0)
      throw new ProblemError('imports.unreadable_file', { errors: [{ pointer: '/file', code: 'field.empty_file' }] });
    return this.accept(file, form);
  }

  private async accept(file: StoredFile, form: CreateImportFields): Promise<ImportAcceptedDto> {
    const { importId, size, sha256, format } = file;
    const { kind, dryRun, partial } = form;
    const same = dryRun ? null : await this.imports.findRunning({ kind, sha256, partial });
    if (same) {
      if ((await this.imports.stalled()).includes(same)) await this.jobs.add('import.run', { importId: same });
      return { importId: same, jobId: same, repeated: true };
    }
    await this.unit.transaction(async () => {
      await this.imports.queue(importId, { kind, dryRun, partial, size, sha256, format });
      await this.jobs.add('import.run', { importId }, { id: importId, keep: true });
    });
    return { importId, jobId: importId, repeated: false };
  }

  async list({ limit, cursor, kind, status }: ImportsQuery): Promise<Page<ImportDto>> {
    const [beforeId] = this.cursors.after(LIST, cursor) ?? [];
    const filter = { kind, status, beforeId: beforeId === undefined ? undefined : String(beforeId), limit: limit + 1 };
    const page = this.cursors.page(LIST, await this.imports.list(filter), limit, (last) => [last.id]);
    return { ...page, data: page.data.map(toDto) };
  }

  async get(id: string): Promise<ImportDto> {
    return toDto(await this.found(id));
  }

  async listProblems(id: string, { limit, cursor }: PageQuery): Promise<Page<ImportProblemDto>> {
    await this.found(id);
    const [line, problemId] = this.cursors.after(LIST_PROBLEMS, cursor) ?? [];
    const after = line === undefined ? null : { line: Number(line), id: String(problemId) };
    const rows = await this.problems.list(id, after, limit + 1);
    const page = this.cursors.page(LIST_PROBLEMS, rows, limit, (last) => [last.line, last.id]);
    const locale = currentScope()?.locale ?? 'es';
    return {
      ...page,
      data: page.data.map(({ line: at, field, code, message, value }) => ({
        line: at,
        field,
        code,
        message: message[locale],
        value,
      })),
    };
  }

  private async found(id: string): Promise<ImportRecord> {
    const record = await this.imports.find(id);
    if (!record) throw notFound();
    return record;
  }
}

function toDto(record: ImportRecord): ImportDto {
  return {
    id: record.id,
    kind: record.kind,
    fileName: record.fileName,
    format: record.format,
    fileSize: record.fileSize,
    dryRun: record.dryRun,
    partial: record.partial,
    status: record.status,
    rowsTotal: record.rowsTotal,
    rowsValid: record.rowsValid,
    rowsInvalid: record.rowsInvalid,
    rowsInserted: record.rowsInserted,
    rowsUpdated: record.rowsUpdated,
    rowsUnchanged: record.rowsUnchanged,
    errorCount: record.problemCount,
    jobId: record.id,
    error: record.error && { code: record.error.code, title: titleOf(record.error.code) },
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString() ?? null,
    finishedAt: record.finishedAt?.toISOString() ?? null,
  };
}

const isProblem = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

function titleOf(code: string): string {
  return isProblem(code) ? inLanguage(PROBLEMS[code].title, currentScope()?.locale ?? 'es') : code;
}
