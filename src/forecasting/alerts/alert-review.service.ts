import { Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { AlertRulesRepository, type RuleBooks } from '../alert-rules/alert-rules.repository.js';
import { AlertBoard } from './alert-board.js';
import { AlertBoardRepository, type NewAlert, type Resolution, type UnsettledAlert } from './alert-board.repository.js';
import { AlertFactsRepository, keyOf, listsOf, type Pair } from './alert-facts.repository.js';
import type { AlertFacts } from './alert-facts.js';
import { DETECTORS, REVIEWED, type ReviewedCode, type Verdict } from './detectors.js';
import { mayBeSlow } from './slow-moving.js';

/** pairs of one read and one transaction */
const PAGE = 1000;

export interface Reviewed {
  raised: number;
  resolved: number;
  /** open alerts that said something else before */
  changed: number;
}

/** What is to be written of a page. */
interface Outcome {
  raise: NewAlert[];
  reassess: NewAlert[];
  settle: { id: string; resolution: Resolution }[];
}

/**
 * Assesses stock, sales and forecasts by the rules in force: raises what has no alert, corrects what open alerts say, ends those whose
 * condition does not hold any more (with the rule's hysteresis). Page by page, each one transaction that holds the company's rules: two
 * reviews of a tenant work on a page one after the other, and the second finds nothing to do.
 */
@Injectable()
export class AlertReviewService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly facts: AlertFactsRepository,
    private readonly rules: AlertRulesRepository,
    private readonly alerts: AlertBoardRepository,
    private readonly board: AlertBoard,
  ) {}

  /** Everything in stock: after a forecast run, every night, and when a rule has changed. */
  async review(): Promise<Reviewed> {
    return this.inPages((after) => this.facts.pairs(after, PAGE));
  }

  /**
   * Only what has an alert that may still change. @param moved only where stock or orders are not what the alert tells
   */
  async refresh(moved = false): Promise<Reviewed> {
    return this.inPages((after) => this.alerts.unsettledPairs(REVIEWED, moved, after, PAGE));
  }

  private async inPages(next: (after: Pair | null) => Promise<Pair[]>): Promise<Reviewed> {
    const total = { raised: 0, resolved: await this.endOrphans(), changed: 0 };
    let page = await next(null);
    while (page.length > 0) {
      const pairs = page;
      const done = await this.unit.transaction(() => this.assess(pairs));
      total.raised += done.raised;
      total.resolved += done.resolved;
      total.changed += done.changed;
      page = page.length < PAGE ? [] : await next(page.at(-1)!);
    }
    return total;
  }

  private endOrphans(): Promise<number> {
    return this.unit.transaction(async () => {
      const orphans = await this.alerts.orphans(REVIEWED);
      return this.board.settle(orphans.map(({ id }) => ({ id, resolution: 'obsolete' })));
    });
  }

  private async assess(pairs: Pair[]): Promise<Reviewed> {
    await this.rules.hold(REVIEWED);
    const books = await this.rules.books(REVIEWED);
    const unsettled = await this.alerts.unsettled(REVIEWED, listsOf(pairs));
    const facts = await this.read(pairs, books);
    const outcome = outcomeOf(facts, books, unsettled);
    return {
      resolved: await this.board.settle(outcome.settle),
      changed: await this.board.reassess(outcome.reassess),
      raised: await this.board.raise(outcome.raise),
    };
  }

  private async read(pairs: Pair[], books: Pick<RuleBooks, ReviewedCode>): Promise<AlertFacts[]> {
    const { timezone } = tenantScope().tenant.settings;
    const today = localDateOf(new Date(), timezone);
    const facts = await this.facts.read(pairs, today, {
      sold: daysOf(books.slow_moving.all()),
      past: daysOf(books.demand_spike.all()),
    });
    const slow = facts.filter((one) => {
      const rule = books.slow_moving.ruleFor(one);
      return rule !== null && !rule.isMuted && mayBeSlow(one, rule.parameters);
    });
    const idle = await this.facts.idle(slow, today, timezone);
    return facts.map((one) => ({ ...one, idle: idle.get(keyOf(one)) ?? null }));
  }
}

const daysOf = (rules: readonly { parameters: { days: number } }[]): number[] => [
  ...new Set(rules.map(({ parameters }) => parameters.days)),
];

function outcomeOf(
  all: readonly AlertFacts[],
  books: Pick<RuleBooks, ReviewedCode>,
  unsettled: readonly UnsettledAlert[],
): Outcome {
  const outcome: Outcome = { raise: [], reassess: [], settle: [] };
  const known = new Map<string, UnsettledAlert[]>();
  for (const alert of unsettled) {
    const key = `${alert.family}/${keyOf(alert)}`;
    known.set(key, [...(known.get(key) ?? []), alert]);
  }
  for (const facts of all)
    for (const code of REVIEWED) {
      const alerts = known.get(`${code}/${keyOf(facts)}`) ?? [];
      const { rule, verdict } = judge(
        code,
        facts,
        books,
        alerts.some((alert) => alert.isOpen),
      );
      if (rule === null || typeof verdict === 'string') {
        const resolution = verdict === 'over' ? 'recovered' : 'obsolete';
        outcome.settle.push(...alerts.map(({ id }) => ({ id, resolution }) as const));
        continue;
      }
      const { productId, storeId } = facts;
      const alert = { ...verdict, ruleId: rule, productId, storeId };
      if (alerts.length === 0) outcome.raise.push({ ...alert, id: uuidV7() });
      for (const { id, isOpen } of alerts) if (isOpen) outcome.reassess.push({ ...alert, id });
    }
  return outcome;
}

/** What the rule in force says; without one, or a muted one, nothing can be said. */
function judge<C extends ReviewedCode>(
  code: C,
  facts: AlertFacts,
  books: Pick<RuleBooks, ReviewedCode>,
  isOpen: boolean,
): { rule: string | null; verdict: Verdict } {
  const rule = (books as Pick<RuleBooks, C>)[code].ruleFor(facts);
  if (rule === null || rule.isMuted) return { rule: null, verdict: 'unknown' };
  const { locale, tenant } = tenantScope();
  const verdict = DETECTORS[code](facts, rule.parameters, isOpen, { locale, currency: tenant.settings.currency });
  return { rule: rule.id, verdict };
}
