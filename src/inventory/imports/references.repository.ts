import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** A product as files name it. */
export interface ProductRef {
  readonly sku: string;
  readonly id: string;
  /** in the tenant's currency, without tax; no superfluous zeros, so that it compares with prices of files */
  readonly price: string;
  readonly taxCategoryId: string;
}

/** A rate of a tax category from a day on. */
export interface TaxRate {
  readonly taxCategoryId: string;
  readonly validFrom: string;
  /** percent */
  readonly rate: string;
}

/** What files name by code, for every room's imports. */
@Injectable()
export class ReferencesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  async stores(codes: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.unit.query<{ code: string; id: string }>(
      `SELECT code, id FROM stores WHERE code = ANY ($1::text[])`,
      [codes],
    );
    return new Map(rows.map(({ code, id }) => [code, id]));
  }

  async products(skus: readonly string[]): Promise<Map<string, ProductRef>> {
    const rows = await this.unit.query<ProductRef>(
      `SELECT sku, id, trim_scale(selling_price)::text AS price, tax_category_id AS "taxCategoryId" FROM products WHERE sku = ANY ($1::text[])`,
      [skus],
    );
    return new Map(rows.map((row) => [row.sku, row]));
  }

  taxRates(): Promise<TaxRate[]> {
    return this.unit.query<TaxRate>(
      `SELECT tax_category_id AS "taxCategoryId", valid_from::text AS "validFrom", rate FROM tax_rates ORDER BY valid_from`,
    );
  }
}
