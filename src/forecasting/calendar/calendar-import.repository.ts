import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { WriteOutcome } from '../../tenancy/index.js';

/** A calendar day with the ids that its codes stand for. */
export interface CalendarEntry {
  readonly date: string;
  readonly kind: string;
  readonly storeId: string | null;
  readonly productId: string | null;
  readonly value: string | null;
  readonly name: string | null;
}

@Injectable()
export class CalendarImportRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Writes days; one that stands already gets the new value and name. */
  async save(entries: readonly CalendarEntry[]): Promise<WriteOutcome> {
    const answered = await this.unit.query<{ inserted: boolean }>(
      `INSERT INTO calendar_days AS d (date, kind, store_id, product_id, value, name)
       SELECT * FROM unnest($1::date[], $2::text[], $3::uuid[], $4::uuid[], $5::numeric[], $6::text[])
           ON CONFLICT ON CONSTRAINT calendar_days_key DO UPDATE SET value = excluded.value, name = excluded.name
        WHERE (d.value, d.name) IS DISTINCT FROM (excluded.value, excluded.name)
    RETURNING d.xmax = 0 AS inserted`,
      [
        entries.map((entry) => entry.date),
        entries.map((entry) => entry.kind),
        entries.map((entry) => entry.storeId),
        entries.map((entry) => entry.productId),
        entries.map((entry) => entry.value),
        entries.map((entry) => entry.name),
      ],
    );
    const inserted = answered.filter((row) => row.inserted).length;
    return { inserted, updated: answered.length - inserted, unchanged: entries.length - answered.length };
  }
}
