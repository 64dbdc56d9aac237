import { Injectable } from '@nestjs/common';
import { storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { NIL_UUID, uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { AlertRulesRepository, type ActiveRule } from '../alert-rules/alert-rules.repository.js';
import { AlertBoard } from './alert-board.js';
import type { NewAlert } from './alert-board.repository.js';
import type { AlertDto, AlertsQuery } from './alerts.dto.js';
import { AlertsRepository, type LevelState } from './alerts.repository.js';
import { lowStockText } from './alert-text.js';
import { assessLowStock } from './low-stock.js';

const LIST = 'listAlerts';
const SWEEP = 500;

@Injectable()
export class AlertsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly alerts: AlertsRepository,
    private readonly rules: AlertRulesRepository,
    private readonly board: AlertBoard,
    private readonly cursors: CursorCodec,
  ) {}

  /** Raises one low-stock alert for each of the pairs that is below its reorder point and has none. @returns how many */
  async raiseLowStock(products: string[], stores: string[]): Promise<number> {
    return this.unit.transaction(async () => {
      const levels = await this.alerts.below(products, stores);
      if (levels.length === 0) return 0;
      const { low_stock: book } = await this.rules.books(['low_stock']);
      return this.board.raise(
        levels.flatMap((level) => {
          const rule = book.ruleFor(level);
          return rule === null || rule.isMuted ? [] : [lowStockAlert(level, rule)];
        }),
      );
    });
  }

  /** Resolves the low-stock alerts of pairs whose stock has recovered. */
  resolveRecovered(products: string[] | null, stores: string[] | null): Promise<number> {
    return this.unit.transaction(async () => {
      const resolved = await this.alerts.resolveRecovered(products, stores);
      await this.board.tell(resolved);
      return resolved.length;
    });
  }

  /**
   * Assesses the open low-stock alerts of the tenant again: what they say follows the stock, the demand and the orders of today, and the
   * rule in force. Those that say it already stay untouched; one for which no rule stands any more is obsolete. `moved`: looks only at
   * those whose level or terms have changed. @returns how many said something else
   */
  async refresh(moved = false): Promise<number> {
    let changed = 0;
    for (let after: string | undefined = NIL_UUID; after !== undefined;) {
      const from: string = after;
      const page = await this.unit.transaction(() => this.refreshPage(from, moved));
      changed += page.changed;
      after = page.last;
    }
    return changed;
  }

  private async refreshPage(after: string, moved: boolean): Promise<{ changed: number; last?: string }> {
    const open = await this.alerts.holdOpen(after, moved, SWEEP);
    if (open.length === 0) return { changed: 0 };
    const ids = new Map(open.map((alert) => [`${alert.productId}/${alert.storeId}`, alert.id]));
    const levels = await this.alerts.states(
      open.map((alert) => alert.productId),
      open.map((alert) => alert.storeId),
    );
    const { low_stock: book } = await this.rules.books(['low_stock']);
    const [now, unwanted]: [NewAlert[], { id: string; resolution: 'obsolete' }[]] = [[], []];
    for (const level of levels) {
      const id = ids.get(`${level.productId}/${level.storeId}`)!;
      const rule = book.ruleFor(level);
      if (rule === null || rule.isMuted) unwanted.push({ id, resolution: 'obsolete' });
      else now.push({ ...lowStockAlert(level, rule), id });
    }
    await this.board.settle(unwanted);
    const changed = unwanted.length + (await this.board.reassess(now));
    return open.length < SWEEP ? { changed } : { changed, last: open.at(-1)!.id };
  }

  /** Compares every level of the tenant with its alerts: raises what was missed, resolves what has recovered, corrects what has moved. */
  async sweep(): Promise<{ raised: number; resolved: number; changed: number }> {
    const raised = await this.raiseMissed();
    const resolved = await this.resolveRecovered(null, null);
    return { raised, resolved, changed: await this.refresh(true) };
  }

  /** Raises what has no alert although it is below its point. @returns how many */
  async raiseMissed(): Promise<number> {
    let raised = 0;
    let missed = await this.alerts.missed(null, SWEEP);
    while (missed.length > 0) {
      raised += await this.raiseLowStock(
        missed.map((pair) => pair.productId),
        missed.map((pair) => pair.storeId),
      );
      missed = missed.length < SWEEP ? [] : await this.alerts.missed(missed.at(-1)!, SWEEP);
    }
    return raised;
  }

  async list({ cursor, limit, ...filter }: AlertsQuery): Promise<Page<AlertDto>> {
    const [createdAt, id] = (this.cursors.after(LIST, cursor) ?? []) as [string?, string?];
    const before = createdAt && id ? { before: { createdAt, id } } : {};
    const rows = await this.alerts.list({ ...filter, ...before, scope: storeScope(), limit: limit + 1 });
    return this.cursors.page(LIST, rows, limit, (last) => [last.createdAt.toISOString(), last.id]);
  }

  async get(id: string): Promise<AlertDto> {
    return this.visible(await this.alerts.find(id));
  }

  /** Says that somebody has seen it; it still resolves by itself. */
  acknowledge(id: string): Promise<AlertDto> {
    return this.change(id, ['active'], () => this.alerts.acknowledge(id, tenantScope().actor.user));
  }

  /** Ends it by hand. A later crossing raises a new one. */
  resolve(id: string): Promise<AlertDto> {
    return this.change(id, ['active', 'acknowledged'], () => this.alerts.end(id, 'resolved', tenantScope().actor.user));
  }

  /** Ends it as not worth acting on. A later crossing raises a new one. */
  dismiss(id: string): Promise<AlertDto> {
    return this.change(id, ['active', 'acknowledged'], () => this.alerts.end(id, 'dismissed', tenantScope().actor.user));
  }

  private async change(id: string, from: string[], write: () => Promise<void>): Promise<AlertDto> {
    return this.unit.transaction(async () => {
      const { status } = this.visible(await this.alerts.find(id, true));
      if (!from.includes(status)) throw new ProblemError('alerts.invalid_transition', { params: { status } });
      await write();
      const alert = await this.get(id);
      await this.board.tell([{ id, status: alert.status }]);
      return alert;
    });
  }

  private visible(alert: AlertDto | undefined): AlertDto {
    const scope = storeScope();
    if (!alert || (scope && alert.storeId && !scope.includes(alert.storeId))) throw notFound();
    return alert;
  }
}

function lowStockAlert(level: LevelState, rule: ActiveRule): NewAlert {
  const { productId, storeId, categoryId: _, productName, storeName, ...known } = level;
  const { maxStock, dailyDemand } = known;
  const numbers = {
    available: Number(known.available),
    reorderPoint: Number(known.reorderPoint),
    maxStock: maxStock === null ? null : Number(maxStock),
    leadTimeDays: known.leadTimeDays,
    dailyDemand: dailyDemand === null ? null : Number(dailyDemand),
    onOrder: Number(known.onOrder),
    packSize: Number(known.packSize),
  };
  const finding = assessLowStock(numbers);
  return {
    id: uuidV7(),
    ruleId: rule.id,
    productId,
    storeId,
    priority: finding.priority,
    ...lowStockText({ ...numbers, productName, storeName }, finding, tenantScope().locale),
    data: { ...known, ...finding, suggestedOrder: finding.suggestedOrder.toFixed(4) },
  };
}
