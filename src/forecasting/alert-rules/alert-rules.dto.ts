import { Choice, Code, Flag, Instant, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';
import { ALERT_PRIORITIES, ALERT_TYPES } from '../alerts/alerts.dto.js';
import { RULE_CODES, type RuleCode } from './rule-parameters.js';

type AlertType = (typeof ALERT_TYPES)[number];
type AlertPriority = (typeof ALERT_PRIORITIES)[number];

export class AlertRulesQuery extends PageQuery {
  @Choice(ALERT_TYPES, { optional: true, enumName: 'AlertType', example: 'overstock' })
  type?: AlertType;

  /** Only rules of this store. */
  @Uuid({ optional: true })
  storeId?: string;

  /** Only rules of this product. */
  @Uuid({ optional: true })
  productId?: string;

  /** Only rules of this category. */
  @Uuid({ optional: true })
  categoryId?: string;

  @Flag({ optional: true })
  isActive?: boolean;
}

export class CreateAlertRuleDto {
  /** The rule of the whole company that this one replaces for a product, a store, a product in a store, or a category. */
  @Choice(RULE_CODES, { enumName: 'AlertRuleCode', example: 'overstock' })
  refines: RuleCode;

  /** Short code of your own, unique. Absent: one is made. */
  @Code(60, { optional: true })
  code?: string;

  @Text(200, { example: 'Lácteos: a lo sumo un mes' })
  name: string;

  @Uuid({ optional: true, nullable: true })
  productId?: string | null;

  @Uuid({ optional: true, nullable: true })
  storeId?: string | null;

  /** With everything below it. Not together with a product or a store. */
  @Uuid({ optional: true, nullable: true })
  categoryId?: string | null;

  /** Every alert gets this priority. Null or absent: it is computed. */
  @Choice(ALERT_PRIORITIES, { optional: true, nullable: true, enumName: 'AlertPriority' })
  priority?: AlertPriority | null;

  /**
   * What differs from the standard. low_stock: hysteresisPercent. stockout_before_lead_time: extraDays, minimumDemand, hysteresisPercent.
   * overstock: coverDays, minimumValue, hysteresisPercent. demand_spike: days, quantilePercent (90, 95, 99), minimumUnits, minimumRatio,
   * hysteresisPercent. slow_moving: days, coverDays, minimumValue, hysteresisPercent. Units and money are decimal strings.
   */
  @OpenData({ optional: true, maxBytes: 2048, maxDepth: 1 })
  parameters?: object;

  /** Raises nothing for what it covers. */
  @Flag({ optional: true })
  isMuted?: boolean;
}

export class UpdateAlertRuleDto {
  @Text(200, { optional: true, example: 'Existencia para más de dos meses' })
  name?: string;

  /** Every alert gets this priority. Null: it is computed. */
  @Choice(ALERT_PRIORITIES, { optional: true, nullable: true, enumName: 'AlertPriority' })
  priority?: AlertPriority | null;

  /** The parameters that are given change, the others stay. */
  @OpenData({ optional: true, maxBytes: 2048, maxDepth: 1 })
  parameters?: object;

  /** false: the next less specific rule holds, its own open alerts end as obsolete. */
  @Flag({ optional: true })
  isActive?: boolean;

  /** true: raises nothing for what it covers, its open alerts end as obsolete. */
  @Flag({ optional: true })
  isMuted?: boolean;
}

/** When an alert is raised. The most specific active rule holds: product and store, product, nearest category, store, whole company. */
export class AlertRuleDto {
  @Uuid()
  id: string;

  @Code(60, { example: 'overstock' })
  code: string;

  @Text(200)
  name: string;

  @Choice(ALERT_TYPES, { enumName: 'AlertType' })
  type: AlertType;

  /** Code of the company's rule that it replaces for a part; null: it is one of those, which stay. */
  @Code(60, { nullable: true })
  refines: string | null;

  @Uuid({ nullable: true })
  productId: string | null;

  @Uuid({ nullable: true })
  storeId: string | null;

  @Uuid({ nullable: true })
  categoryId: string | null;

  /** Null: computed for each alert. */
  @Choice(ALERT_PRIORITIES, { nullable: true, enumName: 'AlertPriority' })
  priority: AlertPriority | null;

  /** All of them, those at their standard value included. */
  @OpenData()
  parameters: object;

  @Flag()
  isActive: boolean;

  @Flag()
  isMuted: boolean;

  @Instant()
  createdAt: Date;

  @Instant()
  updatedAt: Date;
}
