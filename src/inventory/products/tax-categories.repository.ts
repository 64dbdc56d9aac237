import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

export interface TaxCategory {
  id: string;
  code: string;
  name: string;
  isDefault: boolean;
  /** percent in force on the given day */
  rate: string | null;
  /** newest first */
  rates: { rate: string; validFrom: string }[];
}

const VIEW = `c.id, c.code, c.name, c.is_default AS "isDefault",
  (SELECT r.rate FROM tax_rates r WHERE r.tax_category_id = c.id AND r.valid_from <= $1::date ORDER BY r.valid_from DESC LIMIT 1) AS rate,
  coalesce((SELECT jsonb_agg(jsonb_build_object('rate', r.rate::text, 'validFrom', r.valid_from) ORDER BY r.valid_from DESC)
              FROM tax_rates r WHERE r.tax_category_id = c.id), '[]') AS rates`;

@Injectable()
export class TaxCategoriesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** @param today local date */
  list(today: string): Promise<TaxCategory[]> {
    return this.unit.query<TaxCategory>(`SELECT ${VIEW} FROM tax_categories c WHERE c.is_active ORDER BY c.code`, [today]);
  }

  async find(id: string, today: string): Promise<TaxCategory | undefined> {
    const [row] = await this.unit.query<TaxCategory>(`SELECT ${VIEW} FROM tax_categories c WHERE c.id = $2`, [today, id]);
    return row;
  }

  /** A trigger brings the products up to date when the rate is in force already. */
  async addRate(id: string, rate: string, validFrom: string): Promise<void> {
    await this.unit.execute(`INSERT INTO tax_rates (tax_category_id, rate, valid_from) VALUES ($1, $2, $3)`, [
      id,
      rate,
      validFrom,
    ]);
  }

  /** Gives each product the rate that is in force today. @returns how many changed */
  async refreshProducts(): Promise<number> {
    const [row] = await this.unit.query<{ changed: string }>('SELECT refresh_tax_rates() AS changed');
    return Number(row?.changed ?? 0);
  }
}
