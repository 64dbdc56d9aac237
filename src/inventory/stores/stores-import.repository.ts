import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { WriteOutcome } from '../../tenancy/index.js';
import type { StoreRow } from './store-row.js';

@Injectable()
export class StoresImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Creates or changes stores by code, in one statement; a store that is as the file says is not touched. */
  async write(rows: readonly StoreRow[]): Promise<WriteOutcome> {
    const [counts] = await this.unit.query<{ inserted: number; updated: number }>(
      `WITH target AS (
         SELECT s.id, l.code, l.name, coalesce(l.type, s.type, 'store') AS type
           FROM unnest($1::text[], $2::text[], $3::text[]) AS l (code, name, type) LEFT JOIN stores s ON s.code = l.code
          WHERE s.id IS NULL OR (s.name, s.type) IS DISTINCT FROM (l.name, coalesce(l.type, s.type))),
       inserted AS (INSERT INTO stores (code, name, type) SELECT code, name, type FROM target WHERE id IS NULL ORDER BY code RETURNING id),
       updated AS (UPDATE stores s SET name = t.name, type = t.type FROM target t WHERE s.id = t.id RETURNING s.id)
       SELECT (SELECT count(*)::int FROM inserted) AS inserted, (SELECT count(*)::int FROM updated) AS updated`,
      [rows.map(({ code }) => code), rows.map(({ name }) => name), rows.map(({ type }) => type)],
    );
    const { inserted = 0, updated = 0 } = counts ?? {};
    return { inserted, updated, unchanged: rows.length - inserted - updated };
  }
}
