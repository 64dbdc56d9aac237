import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { NationalHoliday } from '../../kernel/holidays/national-holidays.js';

const KEPT = 'calendar.holiday_years';

@Injectable()
export class HolidaysRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Adds holidays of every store; a day that is a holiday of every store already stays as it is. @returns how many were added */
  async add(holidays: readonly NationalHoliday[]): Promise<number> {
    const { rowCount } = await this.unit.execute(
      `INSERT INTO calendar_days (date, kind, name) SELECT d, 'holiday', n FROM unnest($1::date[], $2::text[]) AS x (d, n)
       ON CONFLICT ON CONSTRAINT calendar_days_key DO NOTHING`,
      [holidays.map(({ date }) => date), holidays.map(({ name }) => name)],
    );
    return rowCount ?? 0;
  }

  /** Countries and years that were put into the calendar once (`VE-2026`): what people have removed since does not come back by itself. */
  async kept(): Promise<string[]> {
    const [row] = await this.unit.query<{ value: string[] }>('SELECT value FROM settings WHERE key = $1', [KEPT]);
    return row?.value ?? [];
  }

  async keep(year: string): Promise<void> {
    await this.unit.execute(
      `INSERT INTO settings (key, value, description) VALUES ($1, jsonb_build_array($2::text), 'countries and years whose holidays were put into the calendar')
       ON CONFLICT (key) DO UPDATE SET value = settings.value || excluded.value WHERE NOT settings.value @> excluded.value`,
      [KEPT, year],
    );
  }
}
