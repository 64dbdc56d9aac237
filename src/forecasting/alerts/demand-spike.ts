import { addDays } from '../../kernel/time/zone.js';
import type { DemandSpikeParameters } from '../alert-rules/rule-parameters.js';
import type { AlertFacts, KnownEvent, PastDay } from './alert-facts.js';
import { meanOfSum, quantileOfSum } from './demand-sum.js';
import type { AlertPriority } from './low-stock.js';

/** Why sales are said to be unusual. */
export interface DemandSpikeFinding {
  priority: AlertPriority;
  /** first and last of the days looked at, and how many of them count */
  from: string;
  to: string;
  days: number;
  /** units on the days that count, what the forecast from before them expected, and its quantile */
  sold: number;
  expected: number;
  quantile: number;
  quantilePercent: number;
  /** sold / expected; null: nothing was expected */
  ratio: number | null;
  /** days that the stock lasts if it goes on like this */
  daysAtThisPace: number;
  /** days that do not count, because the calendar explains them */
  explained: KnownEvent[];
}

/**
 * Sales of the last closed days that the forecast from before them did not think possible: their sum is above the quantile of the sum of
 * what was forecast, at least `minimumUnits`, and at least `minimumRatio` times the expected. Days of a promotion, holidays and the day
 * before a holiday do not count: the calendar explains them, and a spike is what it does not explain. An open alert ends
 * `hysteresisPercent` below those limits; as the days move on it ends by itself, and the forecast learns. Priority by what is left at this
 * pace: nothing critical, less than the lead time high, less than twice that medium, else low. Null: no spike.
 */
export function findDemandSpike(
  level: Pick<AlertFacts, 'past' | 'events' | 'available' | 'leadTimeDays'>,
  rule: DemandSpikeParameters,
  isOpen: boolean,
): DemandSpikeFinding | null {
  const all = level.past.get(rule.days) ?? [];
  const counted = all.filter(({ day }) => explains(level.events, day).length === 0);
  const [first, last] = [all[0], all.at(-1)];
  if (counted.length === 0 || first === undefined || last === undefined) return null;
  const sold = counted.reduce((sum, day) => sum + day.sold, 0);
  const expected = meanOfSum(counted);
  const quantile = quantileOfSum(counted, rule.quantilePercent);
  const slack = isOpen ? 1 - rule.hysteresisPercent / 100 : 1;
  const limit = Math.max(quantile, rule.minimumRatio * expected) * slack;
  if (sold <= limit || sold < Number(rule.minimumUnits) * slack) return null;
  const daysLeft = Math.max(0, level.available) / (sold / counted.length);
  return {
    priority: priorityOf(level.available, daysLeft, level.leadTimeDays),
    from: first.day,
    to: last.day,
    days: counted.length,
    sold,
    expected,
    quantile,
    quantilePercent: rule.quantilePercent,
    ratio: expected > 0 ? Math.round((sold / expected) * 100) / 100 : null,
    daysAtThisPace: Math.round(daysLeft * 10) / 10,
    explained: explanations(level.events, all),
  };
}

/** What the calendar knows of a day: a promotion on it, a holiday on it or on the next. */
function explains(events: readonly KnownEvent[], day: string): KnownEvent[] {
  const eveOf = addDays(day, 1);
  return events.filter((event) => event.day === day || (event.kind === 'holiday' && event.day === eveOf));
}

function explanations(events: readonly KnownEvent[], days: readonly PastDay[]): KnownEvent[] {
  return [...new Set(days.flatMap(({ day }) => explains(events, day)))];
}

function priorityOf(available: number, days: number, leadTimeDays: number): AlertPriority {
  if (available <= 0) return 'critical';
  if (days < leadTimeDays) return 'high';
  return days < 2 * leadTimeDays ? 'medium' : 'low';
}
