import { Injectable } from '@nestjs/common';
import type { DeepPartial } from 'typeorm';
import { retried } from '../../kernel/database/retry.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { barcodeStatus } from '../../kernel/identifiers/barcode.js';
import type { Product } from './product.entity.js';
import type { CreateProductDto, ProductBarcodeInputDto, ProductDto, ProductsQuery, UpdateProductDto } from './products.dto.js';
import { ProductsRepository, type Label, type ProductFilter, type RankedProduct } from './products.repository.js';
import { searchTerms } from './search-terms.js';

const LIST = 'listProducts';
const SEARCH = 'searchProducts';

@Injectable()
export class ProductsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** Products by SKU, or with `q` the best match first. */
  async list({ limit, cursor, q, ...filter }: ProductsQuery): Promise<Page<ProductDto>> {
    if (q !== undefined) return this.search(q, filter, limit, cursor);
    const [afterSku] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.products.list(filter, afterSku as string | undefined, limit + 1);
    return this.cursors.page(LIST, rows, limit, (last) => [last.sku]);
  }

  async get(id: string): Promise<ProductDto> {
    const product = await this.products.view(id);
    if (!product) throw notFound();
    return product;
  }

  async create({ taxCategory, barcodes = [], ...values }: CreateProductDto): Promise<ProductDto> {
    return this.unit.transaction(async () => {
      const labels = readLabels(values.barcode, barcodes);
      await this.assertFree(values.barcode, labels, null);
      const { id } = await this.products.create(await this.columns(values, taxCategory));
      if (labels.length > 0) await this.products.replaceLabels(id, labels);
      return this.get(id);
    });
  }

  /** Changes the given fields; `barcodes` replaces all further labels. A change of labels alone also makes a new version. */
  update(id: string, ifMatch: string, changes: UpdateProductDto): Promise<ProductDto> {
    // a new reorder point locks the product and then its levels; the birth of a level goes the other way
    return retried(() => this.change(id, ifMatch, changes));
  }

  private change(id: string, ifMatch: string, { taxCategory, barcodes, ...changes }: UpdateProductDto): Promise<ProductDto> {
    return this.unit.transaction(async () => {
      await this.products.update(id, ifMatch, async (current) => {
        if (current.isActive && changes.isActive === false && (await this.products.isInUse(id))) {
          throw new ProblemError('catalog.product_in_use');
        }
        const main = changes.barcode === undefined ? current.barcode : changes.barcode;
        const labels = readLabels(main, barcodes ?? []);
        await this.assertFree(changes.barcode, labels, id);
        const columns = await this.columns(changes, taxCategory);
        // labels are in a table of their own: the name written again makes a new version of the product
        return barcodes === undefined ? columns : Object.assign({ name: current.name }, columns);
      });
      if (barcodes !== undefined) await this.products.replaceLabels(id, readLabels(null, barcodes));
      return this.get(id);
    });
  }

  /** Deactivates: history stays, it can no longer be sold or ordered. Refused while it has stock or is on order. */
  async deactivate(id: string, ifMatch: string): Promise<void> {
    await this.update(id, ifMatch, { isActive: false });
  }

  private async search(q: string, filter: ProductFilter, limit: number, cursor: string | undefined): Promise<Page<ProductDto>> {
    const terms = searchTerms(q);
    const after = this.cursors.after(SEARCH, cursor) as [number, string] | undefined;
    const rows = await this.products.search(terms, filter, after, limit + 1);
    if (rows.length === 0 && !after) return { data: await this.products.similar(terms, filter, limit), nextCursor: null };
    const { data, nextCursor } = this.cursors.page(SEARCH, rows, limit, (last: RankedProduct) => [last.rank, last.sku]);
    return { data: data.map(withoutRank), nextCursor };
  }

  private async columns(
    values: Omit<UpdateProductDto, 'taxCategory' | 'barcodes'>,
    taxCategory: string | undefined,
  ): Promise<DeepPartial<Product>> {
    const columns: DeepPartial<Product> = { ...values };
    if (values.barcode !== undefined)
      columns.barcodeStatus = values.barcode === null ? 'unchecked' : barcodeStatus(values.barcode);
    if (taxCategory !== undefined) {
      columns.taxCategoryId = await this.products.taxCategoryId(taxCategory);
      if (!columns.taxCategoryId) throw invalid({ pointer: '/taxCategory', code: 'field.not_found' });
    }
    return columns;
  }

  /** Names every label that another product has; the unique index decides when two requests meet. */
  private async assertFree(main: string | null | undefined, labels: Label[], id: string | null): Promise<void> {
    const all = [...(main ? [main] : []), ...labels.map(({ barcode }) => barcode)];
    const taken = await this.products.taken(all, id);
    if (taken.size === 0) return;
    const errors: FieldError[] = labels.flatMap(({ barcode }, index) =>
      taken.has(barcode) ? [{ pointer: `/barcodes/${index}/barcode`, code: 'field.taken' as const }] : [],
    );
    if (main && taken.has(main)) errors.unshift({ pointer: '/barcode', code: 'field.taken' });
    throw new ProblemError('catalog.barcode_taken', { errors });
  }
}

function withoutRank(found: RankedProduct): ProductDto {
  const { rank: _rank, ...product } = found;
  return product;
}

/** Checked further labels; one that stands twice or is the main one is refused. */
function readLabels(main: string | null | undefined, barcodes: ProductBarcodeInputDto[]): Label[] {
  const seen = new Set(main ? [main] : []);
  const errors: FieldError[] = [];
  for (const [index, { barcode }] of barcodes.entries()) {
    if (seen.has(barcode)) errors.push({ pointer: `/barcodes/${index}/barcode`, code: 'field.duplicate' });
    seen.add(barcode);
  }
  if (errors.length > 0) throw invalid(...errors);
  return barcodes.map(({ barcode, quantity = '1' }) => ({ barcode, quantity, status: barcodeStatus(barcode) }));
}
