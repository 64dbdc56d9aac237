import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { ImportReferences, StockHistory, type PlaceLookup, type TaxRate } from '../../inventory/index.js';
import {
  registerImportCodes,
  rowProblem,
  type ImportContext,
  type ImportKind,
  type ImportSession,
  type NumberedRow,
  type RowProblem,
  type WriteOutcome,
} from '../../tenancy/index.js';
import { currencyDigits } from '../sales/sale-pricing.js';
import { saleRow, type SaleRow } from '../sales/sale-row.js';
import { RepeatedSales, type ComparedLine } from './repeated-sales.js';
import { SalesImportRepository, type ImportedLine, type ImportedSale, type KnownSale } from './sales-import.repository.js';
import { taxRateOn } from './tax-rate-on.js';

registerImportCodes({
  'imports.sale_differs': {
    es: 'Ese ticket (o ese día de la tienda, sin ticket) ya se importó con otras líneas.',
    en: 'That ticket (or that day of the store, without ticket) was imported before with other lines.',
  },
});

type Rows = readonly NumberedRow<SaleRow>[];

/** Tickets have no blanks, so no ticket can be taken for a day. */
const referenceOf = (row: SaleRow): string => row.ticket ?? `day ${row.date}`;

/** One pass over a sales.csv. */
class SalesSession implements ImportSession<SaleRow> {
  private readonly repeated: RepeatedSales;
  private rates: readonly TaxRate[] | null = null;

  constructor(
    private readonly sales: SalesImportRepository,
    private readonly references: ImportReferences,
    private readonly places: PlaceLookup,
    private readonly stock: StockHistory,
    private readonly context: ImportContext,
  ) {
    this.repeated = new RepeatedSales(sales);
  }

  checkNames(rows: readonly NumberedRow<Partial<SaleRow>>[]): Promise<RowProblem[]> {
    return this.places.check(rows);
  }

  async check(rows: Rows): Promise<RowProblem[]> {
    const problems = await this.places.check(rows);
    const bad = new Set(problems.map((problem) => problem.line));
    const good = rows.filter(({ line }) => !bad.has(line));
    const others = (await this.knownSales(good)).filter((sale) => sale.importId !== this.context.importId);
    const differing = await this.repeated.differing(
      others,
      good.map(({ line, row }) => this.lineOf(line, row)),
    );
    return [
      ...problems,
      ...differing.map(({ line, reference }) => rowProblem(line, 'ticket', 'imports.sale_differs', reference)),
    ];
  }

  async write(rows: Rows): Promise<WriteOutcome> {
    this.rates ??= await this.references.taxRates();
    const known = new Map((await this.knownSales(rows)).map((sale) => [`${sale.storeId} ${sale.reference}`, sale]));
    const pending = new Map<string, ImportedSale & { lines: number; isNew: boolean }>();
    const lines: (ImportedLine & { storeId: string; date: string })[] = [];
    for (const { row } of rows) {
      const storeId = this.places.storeId(row.store);
      const key = `${storeId} ${referenceOf(row)}`;
      const stands = known.get(key);
      // another file's sale with these very lines: `check` has compared them
      if (stands && stands.importId !== this.context.importId) continue;
      const sale = pending.get(key) ?? newSale(row, storeId, stands);
      pending.set(key, sale);
      lines.push(this.importedLine(row, sale, ++sale.lines));
    }
    const moving = new Set(await this.stock.afterCount(lines));
    const sales = [...pending.values()];
    const settings = { ...this.context, digits: currencyDigits(this.context.currency) };
    const added = sales.filter(({ isNew }) => isNew).map(({ id }) => id);
    await this.sales.add(
      lines.map((line) => ({ ...line, movesStock: moving.has(line) })),
      sales,
      added,
      settings,
    );
    await this.sales.refreshTotals(
      sales.filter(({ isNew }) => !isNew).map(({ id }) => id),
      settings.digits,
    );
    await this.stock.record([...moving], this.context.timeZone);
    return { inserted: lines.length, updated: 0, unchanged: rows.length - lines.length };
  }

  private knownSales(rows: Rows): Promise<KnownSale[]> {
    const named = new Map(rows.map(({ row }) => [`${row.store} ${referenceOf(row)}`, row]));
    const distinct = [...named.values()];
    return this.sales.known(
      distinct.map((row) => this.places.storeId(row.store)),
      distinct.map(referenceOf),
    );
  }

  private lineOf(line: number, row: SaleRow): ComparedLine {
    const { id: productId, price } = this.places.product(row.sku);
    const reference = referenceOf(row);
    const sale = `${this.places.storeId(row.store)} ${reference}`;
    const isPriced = row.unit_price !== null;
    return { line, sale, reference, productId, quantity: row.quantity, unitPrice: row.unit_price ?? price, isPriced };
  }

  private importedLine(row: SaleRow, sale: ImportedSale, lineNumber: number): ImportedLine & { storeId: string; date: string } {
    const product = this.places.product(row.sku);
    return {
      saleId: sale.id,
      storeId: sale.storeId,
      date: sale.date,
      lineNumber,
      productId: product.id,
      quantity: row.quantity,
      unitPrice: row.unit_price ?? product.price,
      taxRate: taxRateOn(this.rates ?? [], product.taxCategoryId, row.date),
      promotion: row.promotion ?? false,
      movesStock: false,
    };
  }
}

function newSale(row: SaleRow, storeId: string, stands: KnownSale | undefined): ImportedSale & { lines: number; isNew: boolean } {
  const { date } = row;
  const id = stands?.id ?? uuidV7(new Date(`${date}T12:00:00Z`));
  return { id, storeId, date, reference: referenceOf(row), lines: stands?.lines ?? 0, isNew: !stands };
}

/** sales.csv: history of demand, and what runs down a counted shelf. */
@Injectable()
export class SalesImport implements ImportKind<SaleRow> {
  readonly name = 'sales';
  readonly definition = saleRow;

  constructor(
    private readonly sales: SalesImportRepository,
    private readonly references: ImportReferences,
    private readonly stock: StockHistory,
  ) {}

  begin(context: ImportContext): ImportSession<SaleRow> {
    return new SalesSession(this.sales, this.references, this.references.places(), this.stock, context);
  }

  /** After a count has come in: the sales since then that were history until now move stock. */
  async applyCounts({ timeZone }: ImportContext): Promise<void> {
    let afterId: string | null = null;
    for (;;) {
      const idle = await this.sales.idleLines(afterId, IDLE_LINES);
      const moving = await this.stock.afterCount(idle);
      if (moving.length > 0) {
        await this.sales.setMoving(moving.map(({ id }) => id));
        await this.stock.record(moving, timeZone);
      }
      if (idle.length < IDLE_LINES) return;
      afterId = idle.at(-1)?.id ?? null;
    }
  }
}

const IDLE_LINES = 5_000;
