import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { Bilingual, RowProblem } from './parsing/problem.js';

export interface StoredProblem {
  readonly id: string;
  readonly line: number;
  readonly field: string | null;
  readonly code: string;
  readonly message: Bilingual;
  readonly value: string | null;
}

@Injectable()
export class ImportProblemsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  async add(importId: string, problems: readonly RowProblem[]): Promise<void> {
    if (problems.length === 0) return;
    await this.unit.execute(
      `INSERT INTO import_errors (import_id, line, field, code, message, value)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::text[])`,
      [
        importId,
        problems.map((problem) => problem.line),
        problems.map((problem) => problem.field),
        problems.map((problem) => problem.code),
        problems.map((problem) => JSON.stringify(problem.message)),
        problems.map((problem) => problem.value),
      ],
    );
  }

  /** Before a check that begins again. */
  async clear(importId: string): Promise<void> {
    await this.unit.execute(`DELETE FROM import_errors WHERE import_id = $1`, [importId]);
  }

  /** By line, in the order in which they were found. */
  list(importId: string, after: { line: number; id: string } | null, limit: number): Promise<StoredProblem[]> {
    return this.unit.query<StoredProblem>(
      `SELECT id, line::float8 AS line, field, code, message, value FROM import_errors
        WHERE import_id = $1 AND ($2::bigint IS NULL OR (line, id) > ($2, $3::uuid)) ORDER BY line, id LIMIT $4`,
      [importId, after?.line ?? null, after?.id ?? null, limit],
    );
  }
}
