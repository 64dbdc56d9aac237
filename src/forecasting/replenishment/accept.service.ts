import { Injectable } from '@nestjs/common';
import { InventoryFacade } from '../../inventory/index.js';
import { retried } from '../../kernel/database/retry.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { invalid, ProblemError } from '../../kernel/errors/problem-error.js';
import { PolicyRepository } from './policy.repository.js';
import { chosenFaults, quantityFaults, type Chosen } from './accepted-quantities.js';
import type { AcceptedSuggestionsDto, AcceptSuggestionsDto, DraftedOrderDto, DraftedTransferDto } from './suggestions.dto.js';
import { SuggestionsRepository, type SuggestionRow } from './suggestions.repository.js';
import { isVisible } from './suggestions.service.js';

/** Makes drafts of what was suggested. */
@Injectable()
export class AcceptService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly policies: PolicyRepository,
    private readonly suggestions: SuggestionsRepository,
    private readonly inventory: InventoryFacade,
  ) {}

  /**
   * One draft order for each supplier and store, one draft transfer for each two stores, all or nothing. A suggestion is accepted once: of
   * two callers the second is refused.
   * @throws replenishment.not_open, replenishment.invalid_quantity, replenishment.no_supplier; 404 for unknown ones
   */
  accept(body: AcceptSuggestionsDto): Promise<AcceptedSuggestionsDto> {
    const faults = chosenFaults(body);
    if (faults.length > 0) throw invalid(...faults);
    return retried(() => this.unit.transaction(() => this.draft(body)));
  }

  private async draft(body: AcceptSuggestionsDto): Promise<AcceptedSuggestionsDto> {
    const chosen = await this.chosen(body);
    const purchaseOrders: DraftedOrderDto[] = [];
    for (const lines of groups(chosen, 'purchase')) purchaseOrders.push(await this.draftOrder(lines));
    const transfers: DraftedTransferDto[] = [];
    for (const lines of groups(chosen, 'transfer')) transfers.push(await this.draftTransfer(lines));
    const orderOf = draftOf(purchaseOrders);
    const transferOf = draftOf(transfers);
    await this.suggestions.accept(
      chosen.map(({ row: { id }, quantity }) => ({
        id,
        quantity,
        purchaseOrderId: orderOf.get(id) ?? null,
        stockTransferId: transferOf.get(id) ?? null,
      })),
      tenantScope().actor.user,
    );
    return { purchaseOrders, transfers };
  }

  /** The suggestions under their locks, in the order of the request. */
  private async chosen({ suggestionIds, quantities = [] }: AcceptSuggestionsDto): Promise<Chosen[]> {
    await this.policies.company('shared');
    await this.suggestions.lock(suggestionIds);
    const rows = new Map((await this.suggestions.findAll(suggestionIds)).map((row) => [row.id, row]));
    const errors = suggestionIds.flatMap((id, index) => {
      const row = rows.get(id);
      return row && isVisible(row) ? [] : [{ pointer: `/suggestionIds/${index}`, code: 'field.not_found' as const }];
    });
    if (errors.length > 0) throw new ProblemError('http.not_found', { errors });
    const chosen = suggestionIds.map((id, index): Chosen => {
      const row = rows.get(id) as SuggestionRow;
      const edited = quantities.findIndex(({ suggestionId }) => suggestionId === id);
      return edited < 0
        ? { row, index, quantity: row.quantity, pointer: `/suggestionIds/${index}` }
        : { row, index, quantity: quantities[edited]!.quantity, pointer: `/quantities/${edited}/quantity` };
    });
    assertAcceptable(chosen);
    return chosen;
  }

  private async draftOrder(lines: Chosen[]): Promise<DraftedOrderDto> {
    const [{ row }] = lines as [Chosen];
    const { storeId } = row;
    const supplierId = row.supplierId!;
    const draft = { storeId, supplierId, items: itemsOf(lines) };
    const { id, orderNumber } = await repointed(lines, () => this.inventory.draftPurchaseOrder(draft));
    return { id, orderNumber, supplierId, storeId, suggestionIds: lines.map((line) => line.row.id) };
  }

  private async draftTransfer(lines: Chosen[]): Promise<DraftedTransferDto> {
    const [{ row }] = lines as [Chosen];
    const [fromStoreId, toStoreId] = [row.fromStoreId!, row.storeId];
    const draft = { fromStoreId, toStoreId, items: itemsOf(lines) };
    const { id, transferNumber } = await repointed(lines, () => this.inventory.draftTransfer(draft));
    return { id, transferNumber, fromStoreId, toStoreId, suggestionIds: lines.map((line) => line.row.id) };
  }
}

function assertAcceptable(chosen: readonly Chosen[]): void {
  const ended = chosen.filter(({ row }) => row.status !== 'open');
  if (ended.length > 0) {
    const errors = ended.map(({ row, index }) => ({
      pointer: `/suggestionIds/${index}`,
      code: 'field.status' as const,
      status: row.status,
    }));
    throw new ProblemError('replenishment.not_open', { errors });
  }
  const orphans = chosen.filter(({ row }) => row.kind === 'purchase' && row.supplierId === null);
  if (orphans.length > 0) {
    const errors = orphans.map(({ index }) => ({ pointer: `/suggestionIds/${index}`, code: 'field.not_allowed' as const }));
    throw new ProblemError('replenishment.no_supplier', { errors });
  }
  const errors = quantityFaults(chosen);
  if (errors.length > 0) throw new ProblemError('replenishment.invalid_quantity', { errors });
}

/** Lines of one draft each, in the order of the request. */
function groups(chosen: readonly Chosen[], kind: SuggestionRow['kind']): Chosen[][] {
  const byDraft = new Map<string, Chosen[]>();
  for (const one of chosen) {
    if (one.row.kind !== kind) continue;
    const key = `${one.row.supplierId ?? one.row.fromStoreId}/${one.row.storeId}`;
    byDraft.set(key, [...(byDraft.get(key) ?? []), one]);
  }
  return [...byDraft.values()];
}

const itemsOf = (lines: readonly Chosen[]): { productId: string; quantity: string }[] =>
  lines.map(({ row, quantity }) => ({ productId: row.productId, quantity }));

const draftOf = (drafts: readonly { id: string; suggestionIds: string[] }[]): Map<string, string> =>
  new Map(drafts.flatMap(({ id, suggestionIds }) => suggestionIds.map((suggestion): [string, string] => [suggestion, id])));

/** A refusal of the other room names its own request's lines: told of the suggestion that the line came from. */
async function repointed<T>(lines: readonly Chosen[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const errors = (error.errors ?? []).map((one) => {
      const line = lines[Number(/^\/items\/(\d+)\//.exec(one.pointer)?.[1] ?? 0)];
      return { ...one, pointer: `/suggestionIds/${line?.index ?? 0}` };
    });
    throw new ProblemError(error.code, { errors, cause: error });
  }
}
