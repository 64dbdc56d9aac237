import { Injectable } from '@nestjs/common';
import { storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { Events } from '../../kernel/events/events.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import type { AlertDto, AlertsQuery } from './alerts.dto.js';
import { AlertsRepository, type LevelState, type NewAlert } from './alerts.repository.js';
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
  resolveRecovered(products: string[], stores: string[]): Promise<number> {
    return this.alerts.resolveRecovered(products, stores);
  }

  /** Compares every level of the tenant with its alerts: raises what was missed, resolves what has recovered. */
  async sweep(): Promise<{ raised: number; resolved: number }> {
    const missed = await this.alerts.missed(SWEEP);
    const raised =
      missed.length === 0
        ? 0
        : await this.raiseLowStock(
            missed.map((pair) => pair.productId),
            missed.map((pair) => pair.storeId),
          );
    return { raised, resolved: await this.alerts.resolveRecovered(null, null) };
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
      return this.get(id);
    });
  }

  private visible(alert: AlertDto | undefined): AlertDto {
    const scope = storeScope();
    if (!alert || (scope && alert.storeId && !scope.includes(alert.storeId))) throw notFound();
    return alert;
  }
}

function lowStockAlert(level: LevelState): NewAlert {
  const finding = assessLowStock(level);
  const { productId, storeId, productName: _name, storeName: _store, ...known } = level;
  return {
    id: uuidV7(),
    productId,
    storeId,
    priority: finding.priority,
    ...lowStockText(level, finding, tenantScope().locale),
    data: { ...known, ...finding },
  };
}
