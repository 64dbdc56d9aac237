import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import type { CalendarDayDto, CalendarQuery, CreateCalendarDayDto, CreateCalendarSpanDto } from './calendar.dto.js';

registerConstraints({
  calendar_days_key: { code: 'http.duplicate', pointer: '/date' },
  calendar_days_store_id_fkey: { code: 'http.validation_failed', pointer: '/storeId' },
  calendar_days_product_id_fkey: { code: 'http.validation_failed', pointer: '/productId' },
});

const COLUMNS = `id, to_char(date, 'YYYY-MM-DD') AS date, kind, store_id AS "storeId", product_id AS "productId", value, name,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export type CalendarFilter = Omit<CalendarQuery, 'cursor'> & {
  scope: string[] | null;
  after?: { date: string; id: string };
};

@Injectable()
export class CalendarRepository {
  constructor(private readonly unit: UnitOfWork) {}

  list({ from, to, kind, storeId, productId, scope, after, limit }: CalendarFilter): Promise<CalendarDayDto[]> {
    return this.unit.query<CalendarDayDto>(
      `SELECT ${COLUMNS} FROM calendar_days
        WHERE ($1::date IS NULL OR date >= $1) AND ($2::date IS NULL OR date <= $2) AND ($3::text IS NULL OR kind = $3)
          AND ($4::uuid IS NULL OR store_id IS NULL OR store_id = $4) AND ($5::uuid IS NULL OR product_id IS NULL OR product_id = $5)
          AND ($6::uuid[] IS NULL OR store_id IS NULL OR store_id = ANY ($6))
          AND ($7::date IS NULL OR (calendar_days.date, id) > ($7, $8::uuid))
        ORDER BY calendar_days.date, id LIMIT $9`,
      [
        from ?? null,
        to ?? null,
        kind ?? null,
        storeId ?? null,
        productId ?? null,
        scope,
        after?.date ?? null,
        after?.id ?? null,
        limit,
      ],
      'calendar_list',
    );
  }

  async find(id: string, lock = false): Promise<CalendarDayDto | undefined> {
    const [row] = await this.unit.query<CalendarDayDto>(
      `SELECT ${COLUMNS} FROM calendar_days WHERE id = $1${lock ? ' FOR UPDATE' : ''}`,
      [id],
    );
    return row;
  }

  async insert({ date, kind, storeId, productId, value, name }: CreateCalendarDayDto): Promise<CalendarDayDto> {
    const [row] = await this.unit.query<CalendarDayDto>(
      `INSERT INTO calendar_days (date, kind, store_id, product_id, value, name) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
      [date, kind, storeId ?? null, productId ?? null, value ?? null, name ?? null],
    );
    return row!;
  }

  /** One day after the other from `from` to `to`; all of them, or none. */
  async insertSpan({ from, to, kind, storeId, productId, value, name }: CreateCalendarSpanDto): Promise<CalendarDayDto[]> {
    const rows = await this.unit.query<CalendarDayDto>(
      `INSERT INTO calendar_days (date, kind, store_id, product_id, value, name)
       SELECT d::date, $3, $4, $5, $6, $7 FROM generate_series($1::date, $2::date, interval '1 day') AS x (d) RETURNING ${COLUMNS}`,
      [from, to, kind, storeId ?? null, productId ?? null, value ?? null, name ?? null],
    );
    return rows.toSorted((a, b) => (a.date < b.date ? -1 : 1));
  }

  async update({ id, date, value, name }: Pick<CalendarDayDto, 'id' | 'date' | 'value' | 'name'>): Promise<CalendarDayDto> {
    const [row] = await this.unit.query<CalendarDayDto>(
      `UPDATE calendar_days SET date = $2, value = $3, name = $4 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, date, value, name],
    );
    return row!;
  }

  async delete(id: string): Promise<void> {
    await this.unit.execute('DELETE FROM calendar_days WHERE id = $1', [id]);
  }
}
