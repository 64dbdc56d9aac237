import type { KnownLine, KnownSale, SalesImportRepository } from './sales-import.repository.js';

/** A line of a file, as it is compared. */
export interface ComparedLine {
  readonly line: number;
  /** store id and reference */
  readonly sale: string;
  readonly reference: string;
  readonly productId: string;
  readonly quantity: string;
  /** the product's price now, where the file names none */
  readonly unitPrice: string;
  /** false: any price will do, the product's may have changed since */
  readonly isPriced: boolean;
}

interface OpenSale {
  /** how often each line may still come */
  readonly left: Map<string, number>;
}

const keyOf = ({ productId, quantity, unitPrice }: Pick<KnownLine, 'productId' | 'quantity' | 'unitPrice'>): string =>
  `${productId} ${quantity} ${unitPrice}`;

/** The stored line that a line of the file is: one at its price, else, where the file names none, one at any. */
function matchOf(line: ComparedLine, { left }: OpenSale): string | null {
  const key = keyOf(line);
  if ((left.get(key) ?? 0) > 0) return key;
  if (line.isPriced) return null;
  const anyPrice = `${line.productId} ${line.quantity} `;
  for (const [stored, count] of left) if (count > 0 && stored.startsWith(anyPrice)) return stored;
  return null;
}

/**
 * Compares lines of a file with sales that stand already, from another file or form of it: the very same lines are taken as done, anything
 * else is told, because adding would count twice what is there and leaving out would lose what is not.
 */
export class RepeatedSales {
  private open = new Map<string, OpenSale>();

  constructor(private readonly sales: Pick<SalesImportRepository, 'linesOf'>) {}

  /** Lines of sales that stand and have no such line left. A sale may go on in the next batch. */
  async differing(known: readonly KnownSale[], lines: readonly ComparedLine[]): Promise<ComparedLine[]> {
    if (known.length === 0) {
      this.open.clear();
      return [];
    }
    await this.openSales(known);
    return lines.filter((line) => {
      const sale = this.open.get(line.sale);
      if (!sale) return false;
      const key = matchOf(line, sale);
      if (key === null) return true;
      sale.left.set(key, (sale.left.get(key) ?? 0) - 1);
      return false;
    });
  }

  private async openSales(known: readonly KnownSale[]): Promise<void> {
    const before = this.open;
    const missing = known.filter((sale) => !before.has(`${sale.storeId} ${sale.reference}`));
    const byId = new Map<string, OpenSale>(missing.map(({ id }) => [id, { left: new Map() }]));
    if (missing.length > 0) {
      for (const line of await this.sales.linesOf([...byId.keys()])) byId.get(line.saleId)?.left.set(keyOf(line), line.count);
    }
    // only the sales of this batch are kept: files are sorted by day, or small
    this.open = new Map(
      known.flatMap((sale) => {
        const key = `${sale.storeId} ${sale.reference}`;
        const open = before.get(key) ?? byId.get(sale.id);
        return open ? [[key, open] as const] : [];
      }),
    );
  }
}
