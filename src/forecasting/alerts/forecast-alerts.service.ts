import { Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { Events } from '../../kernel/events/events.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { OutlookRepository, type Outlook } from '../forecasts/outlook.repository.js';
import { AlertsRepository, type NewAlert, type PairLists } from './alerts.repository.js';
import { stockOutText } from './alert-text.js';
import { findStockOut, type StockOutFinding } from './forecast-alert.js';
import { ForecastAlertsRepository } from './forecast-alerts.repository.js';

const RULE = 'stockout_before_lead_time';
/** alerts of one statement and one event */
const BULK = 500;

export interface Reviewed {
  raised: number;
  resolved: number;
}

/** Alerts for stock that the forecast says ends before an order could arrive. */
@Injectable()
export class ForecastAlertsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly outlooks: OutlookRepository,
    private readonly alerts: AlertsRepository,
    private readonly states: ForecastAlertsRepository,
    private readonly events: Events,
  ) {}

  /** Compares the stock of everything that is forecast with its forecast: raises what is missing, resolves what no longer holds. */
  async review(): Promise<Reviewed> {
    const outlooks = await this.outlooks.find({ from: today(), storeIds: null, productIds: null });
    const holding = findingsOf(outlooks);
    return this.unit.transaction(async () => {
      const resolved = await this.resolveOthers(holding, outlooks);
      const ended = new Set((await this.states.unsettled()).map(keyOf));
      const missing = holding.filter(({ outlook }) => !ended.has(keyOf(outlook)));
      let raised = 0;
      for (let from = 0; from < missing.length; from += BULK)
        raised += await this.raise(missing.slice(from, from + BULK).map(alertOf));
      return { raised, resolved };
    });
  }

  /** Resolves alerts whose stock has been filled up meanwhile. Looks at their products only. @returns how many */
  async resolveRecovered(): Promise<number> {
    const unsettled = await this.states.unsettled();
    if (unsettled.length === 0) return 0;
    const { products, stores } = listsOf(unsettled);
    const outlooks = await this.outlooks.find({ from: today(), storeIds: stores, productIds: products });
    return this.resolveOthers(findingsOf(outlooks), outlooks);
  }

  private async resolveOthers(holding: Finding[], outlooks: Outlook[]): Promise<number> {
    return this.unit.transaction(async () => {
      const settled = await this.states.resolveOthers(listsOf(holding.map(({ outlook }) => outlook)), listsOf(outlooks));
      const alerts = settled.map(({ id, status }) => ({ id, status }));
      if (alerts.length > 0) await this.events.emit('alert.changed', { alerts });
      return settled.filter((alert) => alert.wasOpen).length;
    });
  }

  private async raise(alerts: NewAlert[]): Promise<number> {
    const raised = await this.alerts.raise(RULE, alerts);
    if (raised.length > 0)
      await this.events.emit('alert.raised', { alerts: raised.map((alert) => ({ ...alert, type: 'forecast_alert' })) });
    return raised.length;
  }
}

interface Finding {
  outlook: Outlook;
  finding: StockOutFinding;
}

function findingsOf(outlooks: readonly Outlook[]): Finding[] {
  return outlooks.flatMap((outlook) => {
    const finding = findStockOut(outlook);
    return finding === null ? [] : [{ outlook, finding }];
  });
}

function today(): string {
  return localDateOf(new Date(), tenantScope().tenant.settings.timezone);
}

const keyOf = ({ productId, storeId }: { productId: string; storeId: string }): string => `${productId}/${storeId}`;

function listsOf(pairs: readonly { productId: string; storeId: string }[]): PairLists {
  return { products: pairs.map((pair) => pair.productId), stores: pairs.map((pair) => pair.storeId) };
}

function alertOf({ outlook, finding }: Finding): NewAlert {
  const { productId, storeId, sku, available, leadTimeDays, onOrder } = outlook;
  return {
    id: uuidV7(),
    productId,
    storeId,
    priority: finding.priority,
    ...stockOutText({ ...outlook, available: Number(available) }, finding, tenantScope().locale),
    data: {
      sku,
      available,
      leadTimeDays,
      onOrder: onOrder.toFixed(4),
      ...finding,
      expectedDemand: finding.expectedDemand.toFixed(4),
    },
  };
}
