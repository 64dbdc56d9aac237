import { Choice, Instant, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

export const ALERT_TYPES = ['low_stock', 'overstock', 'demand_spike', 'slow_moving', 'forecast_alert'] as const;
export const ALERT_STATUSES = ['active', 'acknowledged', 'resolved', 'dismissed'] as const;
export const ALERT_PRIORITIES = ['low', 'medium', 'high', 'critical'] as const;
const RESOLUTIONS = ['recovered', 'manual', 'dismissed', 'obsolete'] as const;

export class AlertsQuery extends PageQuery {
  @Choice(ALERT_STATUSES, { optional: true, enumName: 'AlertStatus', example: 'active' })
  status?: (typeof ALERT_STATUSES)[number];

  @Choice(ALERT_TYPES, { optional: true, enumName: 'AlertType', example: 'low_stock' })
  type?: (typeof ALERT_TYPES)[number];

  @Choice(ALERT_PRIORITIES, { optional: true, enumName: 'AlertPriority' })
  priority?: (typeof ALERT_PRIORITIES)[number];

  @Uuid({ optional: true })
  storeId?: string;

  @Uuid({ optional: true })
  productId?: string;
}

export class AlertDto {
  @Uuid()
  id: string;

  @Choice(ALERT_TYPES, { enumName: 'AlertType' })
  type: (typeof ALERT_TYPES)[number];

  @Choice(ALERT_PRIORITIES, { enumName: 'AlertPriority' })
  priority: (typeof ALERT_PRIORITIES)[number];

  @Choice(ALERT_STATUSES, { enumName: 'AlertStatus' })
  status: (typeof ALERT_STATUSES)[number];

  @Text(300, { example: 'Leche Entera Santa Bárbara 1L: quedan 4 en Tienda Centro' })
  title: string;

  @Text(2000, { nullable: true })
  description: string | null;

  @Uuid({ nullable: true })
  productId: string | null;

  @Uuid({ nullable: true })
  storeId: string | null;

  @Uuid({ nullable: true })
  categoryId: string | null;

  /**
   * What the alert stands on; quantities and money are decimal strings. All: sku, available, onOrder, leadTimeDays. low_stock: reorderPoint,
   * maxStock, dailyDemand, packSize, suggestedOrder, daysOfCover. overstock: reason (above_maximum, too_much_cover), limit, position, excess,
   * excessCost, excessDays, daysOfCover. demand_spike: from, to, days, sold, expected, quantile, ratio, daysAtThisPace, explained (days of the
   * calendar that do not count). slow_moving: reason (no_sales, hardly_any_sales), onHand, idleDays, lastSoldOn, heldSince, soldUnits, value.
   * forecast_alert: stockOutDate, expectedDemand, supply, probability, nextArrival, arrivalDate. That of an open alert follows what it stands on.
   */
  @OpenData()
  data: object;

  @Uuid({ nullable: true })
  acknowledgedBy: string | null;

  @Instant({ nullable: true })
  acknowledgedAt: Date | null;

  @Instant({ nullable: true })
  resolvedAt: Date | null;

  /** How it ended: by itself when its condition no longer held, by a person, or because its rule, product or store no longer stands (obsolete). */
  @Choice(RESOLUTIONS, { nullable: true, enumName: 'AlertResolution' })
  resolution: (typeof RESOLUTIONS)[number] | null;

  /** What raised it. */
  @Text(60, { example: 'low_stock' })
  generatedBy: string;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}
