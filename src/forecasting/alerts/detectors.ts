import type { Locale } from '../../kernel/database/tenant-context.js';
import type { RuleParameters } from '../alert-rules/rule-parameters.js';
import type { AlertFacts } from './alert-facts.js';
import { stockOutText, type AlertText } from './alert-text.js';
import { findDemandSpike } from './demand-spike.js';
import { findStockOut } from './forecast-alert.js';
import type { AlertPriority } from './low-stock.js';
import { findOverstock } from './overstock.js';
import { findSlowMoving } from './slow-moving.js';
import { demandSpikeText, overstockText, slowMovingText } from './stock-text.js';

/** The rules that the review assesses; low stock is told by the database. */
export const REVIEWED = ['demand_spike', 'overstock', 'slow_moving', 'stockout_before_lead_time'] as const;
export type ReviewedCode = (typeof REVIEWED)[number];

/** What an alert says of its product and store. */
export interface Assessment extends AlertText {
  priority: AlertPriority;
  data: object;
}

/** `over`: the condition does not hold; `unknown`: nothing can be said any more. */
export type Verdict = Assessment | 'over' | 'unknown';

export interface Language {
  locale: Locale;
  currency: string;
}

type Detector<C extends ReviewedCode> = (
  facts: AlertFacts,
  parameters: RuleParameters[C],
  isOpen: boolean,
  language: Language,
) => Verdict;

/** How each rule is assessed and what its alerts carry: quantities and money as decimal strings. */
export const DETECTORS: { readonly [C in ReviewedCode]: Detector<C> } = {
  stockout_before_lead_time(facts, parameters, isOpen, { locale }) {
    if (facts.firstDay === null) return 'unknown';
    const found = findStockOut(facts, parameters, isOpen);
    if (found === null) return 'over';
    const { expectedDemand, supply, nextArrival, ...rest } = found;
    return {
      priority: found.priority,
      ...stockOutText(facts, found, locale),
      data: {
        ...known(facts),
        ...rest,
        expectedDemand: decimal(expectedDemand),
        supply: decimal(supply),
        nextArrival: nextArrival === null ? null : { day: nextArrival.day, quantity: decimal(nextArrival.quantity) },
      },
    };
  },

  overstock(facts, parameters, isOpen, { locale, currency }) {
    const found = findOverstock(facts, parameters, isOpen);
    if (found === null) return 'over';
    const { limit, position, excess, excessCost, ...rest } = found;
    return {
      priority: found.priority,
      ...overstockText(facts, found, currency, locale),
      data: {
        ...known(facts),
        ...rest,
        dailyDemand: orNull(facts.dailyDemand),
        maxStock: orNull(facts.maxStock),
        limit: decimal(limit),
        position: decimal(position),
        excess: decimal(excess),
        excessCost: orNull(excessCost),
        unitCost: facts.unitCost === null ? null : facts.unitCost.toFixed(6),
        currency,
        coverDays: parameters.coverDays,
      },
    };
  },

  slow_moving(facts, parameters, isOpen, { locale, currency }) {
    const found = findSlowMoving(facts, parameters, isOpen);
    if (found === null) return 'over';
    const { soldUnits, value, ...rest } = found;
    return {
      priority: found.priority,
      ...slowMovingText(facts, found, currency, locale),
      data: {
        ...known(facts),
        ...rest,
        onHand: decimal(facts.onHand),
        soldUnits: decimal(soldUnits),
        days: parameters.days,
        value: orNull(value),
        unitCost: facts.unitCost === null ? null : facts.unitCost.toFixed(6),
        currency,
      },
    };
  },

  demand_spike(facts, parameters, isOpen, { locale }) {
    const found = findDemandSpike(facts, parameters, isOpen);
    if (found === null) return 'over';
    const { sold, expected, quantile, ...rest } = found;
    return {
      priority: found.priority,
      ...demandSpikeText(facts, found, locale),
      data: { ...known(facts), ...rest, sold: decimal(sold), expected: decimal(expected), quantile: decimal(quantile) },
    };
  },
};

/** What every alert tells, and by what the sweep sees that stock has moved since. */
const known = ({ sku, available, onOrder, leadTimeDays }: AlertFacts): object => ({
  sku,
  available: decimal(available),
  onOrder: decimal(onOrder),
  leadTimeDays,
});

const decimal = (value: number): string => value.toFixed(4);
const orNull = (value: number | null): string | null => (value === null ? null : decimal(value));
