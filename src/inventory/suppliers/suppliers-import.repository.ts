import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { WriteOutcome } from '../../tenancy/index.js';
import { formatTaxId, taxIdStatus } from '../../kernel/identifiers/tax-id.js';
import type { SupplierRow } from './supplier-row.js';

@Injectable()
export class SuppliersImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * Creates or changes suppliers by code, in one statement; a supplier that is as the file says is not touched.
   * @param columns that the file has: another one keeps its value. A blank lead time keeps it too, a blank tax id clears it.
   */
  async write(rows: readonly SupplierRow[], columns: ReadonlySet<string>): Promise<WriteOutcome> {
    const taxIds = rows.map(({ tax_id: taxId }) => (taxId === null ? null : formatTaxId(taxId)));
    const [counts] = await this.unit.query<{ inserted: number; updated: number }>(
      `WITH line AS (
         SELECT s.id, l.code, l.name, CASE WHEN $6 THEN l.tax_id ELSE s.tax_id END AS tax_id,
                CASE WHEN $6 THEN l.status ELSE coalesce(s.tax_id_status, 'unchecked') END AS status,
                coalesce(l.lead_time, s.lead_time_days, 7) AS lead_time, s.business_name, s.tax_id AS old_tax_id, s.tax_id_status AS old_status,
                s.lead_time_days AS old_lead_time
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) AS l (code, name, tax_id, status, lead_time)
           LEFT JOIN suppliers s ON s.code = l.code),
       target AS (
         SELECT * FROM line WHERE id IS NULL
             OR (business_name, old_tax_id, old_status, old_lead_time) IS DISTINCT FROM (name, tax_id, status, lead_time)),
       inserted AS (INSERT INTO suppliers (code, business_name, tax_id, tax_id_status, lead_time_days)
         SELECT code, name, tax_id, status, lead_time FROM target WHERE id IS NULL ORDER BY code RETURNING id),
       updated AS (UPDATE suppliers s SET business_name = t.name, tax_id = t.tax_id, tax_id_status = t.status, lead_time_days = t.lead_time
         FROM target t WHERE s.id = t.id RETURNING s.id)
       SELECT (SELECT count(*)::int FROM inserted) AS inserted, (SELECT count(*)::int FROM updated) AS updated`,
      [
        rows.map(({ code }) => code),
        rows.map(({ name }) => name),
        taxIds,
        taxIds.map(taxIdStatus),
        rows.map(({ lead_time_days: days }) => days),
        columns.has('tax_id'),
      ],
    );
    const { inserted = 0, updated = 0 } = counts ?? {};
    return { inserted, updated, unchanged: rows.length - inserted - updated };
  }
}
