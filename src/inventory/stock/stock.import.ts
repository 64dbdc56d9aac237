import {
  registerImportCodes,
  rowProblem,
  type ImportKind,
  type ImportSession,
  type NumberedRow,
  type RowProblem,
} from '../../tenancy/index.js';
import type { MovementLine } from './movements.repository.js';
import type { MovementsService } from './movements.service.js';
import { stockRow, type StockRow } from './stock-row.js';
import type { CountedRow, StockImportRepository } from './stock-import.repository.js';

registerImportCodes({
  'inventory.unknown_store': {
    es: 'No hay tienda con ese código. Importe antes stores.csv.',
    en: 'No store has that code. Import stores.csv first.',
  },
  'inventory.unknown_product': {
    es: 'No hay producto con ese SKU. Importe antes products.csv.',
    en: 'No product has that SKU. Import products.csv first.',
  },
  'inventory.later_count': {
    es: 'Ya hay un conteo posterior, del {countedFrom}: uno anterior con otra cantidad no puede corregirlo.',
    en: 'There is a later count, of {countedFrom}: an earlier one with another quantity cannot correct it.',
  },
});

type Rows = Parameters<ImportSession<StockRow>['check']>[0];
type Compared = CountedRow & { productId: string; storeId: string };

/** stock.csv: the count of a product in a store at the start of a day. */
export function stockImport(repository: StockImportRepository, movements: MovementsService): ImportKind<StockRow> {
  return {
    name: 'stock',
    definition: stockRow,
    uniqueKeys: ({ store, sku }) => [{ field: null, key: `${store} ${sku}` }],
    begin: ({ timeZone }) => new StockSession(repository, movements, timeZone),
  };
}

class StockSession implements ImportSession<StockRow> {
  constructor(
    private readonly repository: StockImportRepository,
    private readonly movements: MovementsService,
    private readonly timeZone: string,
  ) {}

  check(rows: Rows): Promise<RowProblem[]> {
    return this.checkNames(rows);
  }

  async checkNames(rows: readonly NumberedRow<Partial<StockRow>>[]): Promise<RowProblem[]> {
    const compared = await this.compare(rows, false);
    return compared.flatMap((counted) => {
      const at = rows[counted.index];
      if (!at) return [];
      const { line, row } = at;
      const problems: RowProblem[] = [];
      if (row.store && counted.storeId === null) problems.push(rowProblem(line, 'store', 'inventory.unknown_store', row.store));
      if (row.sku && counted.productId === null) problems.push(rowProblem(line, 'sku', 'inventory.unknown_product', row.sku));
      if (isOlderAndOther(counted, row)) {
        problems.push(rowProblem(line, 'date', 'inventory.later_count', row.date, { countedFrom: counted.countedFrom ?? '' }));
      }
      return problems;
    });
  }

  /** A row whose count is what the ledger says at that instant writes no movement. */
  async write(rows: Rows): ReturnType<ImportSession<StockRow>['write']> {
    const compared = (await this.compare(rows, true)) as Compared[];
    const lines = compared.flatMap((counted): MovementLine[] =>
      isZero(counted.difference) ? [] : [movementOf(counted, rows[counted.index]?.row.unit_cost ?? null)],
    );
    await this.movements.record(lines, () => []);
    const noted = compared.flatMap(({ productId, storeId, countedFrom, index }) => {
      const date = rows[index]?.row.date ?? '';
      return countedFrom === null || countedFrom < date ? [{ productId, storeId, date }] : [];
    });
    if (noted.length > 0) await this.repository.noteCounts(noted);
    return outcomeOf(compared, rows);
  }

  private compare(rows: readonly NumberedRow<Partial<StockRow>>[], lock: boolean): Promise<CountedRow[]> {
    return this.repository.compare(
      rows.map(({ row }) => row),
      this.timeZone,
      lock,
    );
  }
}

function isZero(quantity: string): boolean {
  return Number(quantity) === 0;
}

function isOlderAndOther({ countedFrom, difference }: CountedRow, { date, quantity }: Partial<StockRow>): boolean {
  if (!date || !quantity) return false;
  return countedFrom !== null && date < countedFrom && !isZero(difference);
}

function movementOf({ productId, storeId, at, difference, countedFrom }: Compared, unitCost: string | null): MovementLine {
  const reference = countedFrom === null ? 'opening' : 'count';
  return {
    productId,
    storeId,
    type: 'adjustment',
    kind: countedFrom === null ? 'opening' : 'counted',
    quantity: difference,
    unitCost: difference.startsWith('-') ? null : unitCost,
    referenceType: reference,
    reason: reference,
    occurredAt: at,
    // it was counted, whatever has been sold since
    allowNegative: true,
  };
}

function outcomeOf(compared: readonly Compared[], rows: Rows): { inserted: number; updated: number; unchanged: number } {
  const changed = compared.filter(
    ({ difference, countedFrom, index }) =>
      !isZero(difference) || countedFrom === null || countedFrom < (rows[index]?.row.date ?? ''),
  );
  const inserted = changed.filter(({ hasLevel }) => !hasLevel).length;
  return { inserted, updated: changed.length - inserted, unchanged: compared.length - changed.length };
}
