import { Injectable } from '@nestjs/common';
import { storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { NIL_UUID, uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { Events } from '../../kernel/events/events.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import type { AlertDto, AlertsQuery } from './alerts.dto.js';
import { AlertsRepository, type ChangedAlert, type LevelState, type NewAlert } from './alerts.repository.js';
import { lowStockText } from './alert-text.js';
import { assessLowStock } from './low-stock.js';

const LIST = 'listAlerts';
const SWEEP = 500;

@Injectable()
export class AlertsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly alerts: AlertsRepository,
    private readonly events: Events,
    private readonly cursors: CursorCodec,
  ) {}

  /** Raises one low-stock alert for each of the pairs that is below its reorder point and has none. @returns how many */
  async raiseLowStock(products: string[], stores: string[]): Promise<number> {
    return this.unit.transaction(async () => {
      const levels = await this.alerts.below(products, stores);
      if (levels.length === 0) return 0;
      const raised = await this.alerts.raise('low_stock', levels.map(lowStockAlert));
      if (raised.length > 0)
        await this.events.emit('alert.raised', { alerts: raised.map((alert) => ({ ...alert, type: 'low_stock' })) });
      return raised.length;
    });
  }

  /** Resolves the low-stock alerts of pairs whose stock has recovered. */
  resolveRecovered(products: string[] | null, stores: string[] | null): Promise<number> {
    return this.unit.transaction(async () => this.tell(await this.alerts.resolveRecovered(products, stores)));
  }

  private async tell(alerts: ChangedAlert[]): Promise<number> {
    if (alerts.length > 0) await this.events.emit('alert.changed', { alerts });
    return alerts.length;
  }

  /**
   * Assesses the open low-stock alerts of the tenant again: what they say follows the stock, the demand and the orders of today. Those that
   * say it already stay untouched. `moved`: looks only at those whose level or terms have changed. @returns how many said something else
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
    const now = levels.map((level) => ({ ...lowStockAlert(level), id: ids.get(`${level.productId}/${level.storeId}`)! }));
    const changed = await this.tell(await this.alerts.reassess(now));
    return open.length < SWEEP ? { changed } : { changed, last: open.at(-1)!.id };
  }

  /** Compares every level of the tenant with its alerts: raises what was missed, resolves what has recovered, corrects what has moved. */
  async sweep(): Promise<{ raised: number; resolved: number; changed: number }> {
    const missed = await this.alerts.missed(SWEEP);
    const raised =
      missed.length === 0
        ? 0
        : await this.raiseLowStock(
            missed.map((pair) => pair.productId),
            missed.map((pair) => pair.storeId),
          );
    const resolved = await this.resolveRecovered(null, null);
    return { raised, resolved, changed: await this.refresh(true) };
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
      await this.tell([{ id, status: alert.status }]);
      return alert;
    });
  }

  private visible(alert: AlertDto | undefined): AlertDto {
    const scope = storeScope();
    if (!alert || (scope && alert.storeId && !scope.includes(alert.storeId))) throw notFound();
    return alert;
  }
}

function lowStockAlert(level: LevelState): NewAlert {
  const { productId, storeId, productName, storeName, ...known } = level;
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
    productId,
    storeId,
    priority: finding.priority,
    ...lowStockText({ ...numbers, productName, storeName }, finding, tenantScope().locale),
    data: { ...known, ...finding, suggestedOrder: finding.suggestedOrder.toFixed(4) },
  };
}
