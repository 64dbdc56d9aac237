import { Injectable } from '@nestjs/common';
import { InventoryFacade } from '../../inventory/index.js';
import { retried } from '../../kernel/database/retry.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { NIL_UUID } from '../../kernel/database/uuid-v7.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { assess, type Assessment } from './assessment.js';
import { parametersOf } from './parameters.js';
import { PolicyRepository } from './policy.repository.js';
import type { SuggestionsResult } from './replenishment.events.js';
import { fixed, planProduct } from './replenishment-plan.js';
import { SuggestionsRepository } from './suggestions.repository.js';
import { SupplyRepository, type ObservedLeadTimes } from './supply.repository.js';

/** Products in stores of one batch. */
const BATCH = 1_000;

/** What a long computation needs of its job. */
export interface SuggestProgress {
  signal: AbortSignal;
  /** after each batch that is stored */
  stored(items: number): Promise<void>;
}

interface Batch extends SuggestionsResult {
  /** null: there was nothing left */
  last: string | null;
}

/** Computes what to order and to move, product by product, for the whole tenant. */
@Injectable()
export class Suggester {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly policies: PolicyRepository,
    private readonly supply: SupplyRepository,
    private readonly suggestions: SuggestionsRepository,
    private readonly inventory: InventoryFacade,
  ) {}

  /**
   * In batches, each one read and one write in a transaction; repeated, or after a kill, it starts anew and rewrites nothing that says the
   * same. @throws the signal's reason
   */
  async run(progress: SuggestProgress): Promise<SuggestionsResult> {
    const { timezone } = tenantScope().tenant.settings;
    const today = localDateOf(new Date(), timezone);
    const observed = await this.supply.leadTimes(today, timezone);
    const total: SuggestionsResult = { items: 0, added: 0, changed: 0, closed: 0, reorderPoints: 0 };
    for (let after: string | null = NIL_UUID; after !== null;) {
      progress.signal.throwIfAborted();
      const from: string = after;
      const { last, ...done } = await retried(() => this.unit.transaction(() => this.batch(from, today, observed)));
      for (const name of Object.keys(total) as (keyof SuggestionsResult)[]) total[name] += done[name];
      if (last !== null) await progress.stored(total.items);
      after = last;
    }
    total.closed += await this.suggestions.closeInactive();
    return total;
  }

  private async batch(after: string, today: string, observed: ObservedLeadTimes): Promise<Batch> {
    // who accepts a suggestion waits for this transaction, or this one for it: what is read below has seen the draft
    const company = await this.policies.company('exclusive');
    const items = await this.supply.page(after, BATCH, today);
    if (items.length === 0) return { items: 0, added: 0, changed: 0, closed: 0, reorderPoints: 0, last: null };
    const assessments = items.map((item) =>
      assess(item, parametersOf(item, company, observed.get(item.supplierId ?? '') ?? []), today),
    );
    const products = byProduct(assessments);
    const planned = [...products.values()].flatMap((product) => planProduct(product, company.suggestTransfers));
    const short = assessments.filter(({ isShort }) => isShort).map(({ item }) => item);
    const replaced = await this.suggestions.replace([...products.keys()], planned, short);
    const changed = await this.inventory.setReorderPoints(automaticPoints(assessments));
    return { items: items.length, ...replaced, reorderPoints: changed.length, last: items.at(-1)!.productId };
  }
}

function byProduct(assessments: readonly Assessment[]): Map<string, Assessment[]> {
  const products = new Map<string, Assessment[]>();
  for (const one of assessments) {
    const known = products.get(one.item.productId);
    if (known) known.push(one);
    else products.set(one.item.productId, [one]);
  }
  return products;
}

/** Only where there is a forecast: nothing is decided on no grounds. */
function automaticPoints(assessments: readonly Assessment[]): { productId: string; storeId: string; reorderPoint: string }[] {
  return assessments
    .filter(({ basis, parameters }) => basis === 'forecast' && parameters.reorderPointMode.value === 'automatic')
    .map(({ item, levels }) => ({ productId: item.productId, storeId: item.storeId, reorderPoint: fixed(levels!.reorderPoint) }));
}
