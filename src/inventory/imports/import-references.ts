import { Injectable } from '@nestjs/common';
import { rowProblem, type RowProblem } from '../../tenancy/index.js';
// the codes are registered there
import '../stock/stock.import.js';
import { Lookup } from './lookup.js';
import { ReferencesRepository, type ProductRef, type TaxRate } from './references.repository.js';

/** A place that a row names. */
export interface NamedPlace {
  readonly store?: string | null;
  readonly sku?: string | null;
}

/** Stores and products that the rows of one file name; one for each pass. */
export class PlaceLookup {
  readonly stores: Lookup<string>;
  readonly products: Lookup<ProductRef>;

  constructor(references: ReferencesRepository) {
    this.stores = new Lookup((codes) => references.stores(codes));
    this.products = new Lookup((skus) => references.products(skus));
  }

  /** Looks up what the rows name. @returns a problem for each name that leads nowhere */
  async check(rows: readonly { readonly line: number; readonly row: NamedPlace }[]): Promise<RowProblem[]> {
    await this.stores.learn(rows.map(({ row }) => row.store ?? null));
    await this.products.learn(rows.map(({ row }) => row.sku ?? null));
    return rows.flatMap(({ line, row: { store = null, sku = null } }) => [
      ...(store !== null && this.stores.get(store) === null ? [rowProblem(line, 'store', 'inventory.unknown_store', store)] : []),
      ...(sku !== null && this.products.get(sku) === null ? [rowProblem(line, 'sku', 'inventory.unknown_product', sku)] : []),
    ]);
  }

  /** Id of a store that `check` has passed. */
  storeId(code: string): string {
    return found(this.stores.get(code), code);
  }

  /** A product that `check` has passed. */
  product(sku: string): ProductRef {
    return found(this.products.get(sku), sku);
  }
}

function found<T>(value: T | null, code: string): T {
  if (value === null) throw new Error(`${code} had passed the check`);
  return value;
}

/** The catalogue for other rooms' imports: sales and calendar name stores and products too. */
@Injectable()
export class ImportReferences {
  constructor(private readonly references: ReferencesRepository) {}

  places(): PlaceLookup {
    return new PlaceLookup(this.references);
  }

  /** Every rate of every tax category, oldest first. */
  taxRates(): Promise<TaxRate[]> {
    return this.references.taxRates();
  }
}
