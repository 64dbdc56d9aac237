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
   * What the alert stands on: available, reorderPoint, maxStock, dailyDemand, onOrder, packSize, suggestedOrder or expectedDemand (decimal
   * strings), daysOfCover, leadTimeDays ... That of an open low_stock alert follows the stock.
   */
  @OpenData()
  data: object;

  @Uuid({ nullable: true })
  acknowledgedBy: string | null;

  @Instant({ nullable: true })
  acknowledgedAt: Date | null;

  @Instant({ nullable: true })
  resolvedAt: Date | null;

  /** How it ended: by itself when stock recovered, or by a person. */
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
