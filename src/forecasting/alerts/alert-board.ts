import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { Events } from '../../kernel/events/events.js';
import { AlertBoardRepository, type ChangedAlert, type NewAlert, type Resolution } from './alert-board.repository.js';

/** alerts of one statement and one event */
const BULK = 500;

/** Raises, corrects and ends alerts, and tells those who listen. Every call is one transaction, or part of the caller's. */
@Injectable()
export class AlertBoard {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly alerts: AlertBoardRepository,
    private readonly events: Events,
  ) {}

  /** One that is open already stays as it is. @returns how many were raised */
  raise(alerts: readonly NewAlert[]): Promise<number> {
    return this.inParts(alerts, async (part) => {
      const raised = await this.alerts.raise(part);
      if (raised.length > 0) await this.events.emit('alert.raised', { alerts: raised });
      return raised.length;
    });
  }

  /** Says of open alerts what holds now. @returns how many said something else before */
  reassess(alerts: readonly NewAlert[]): Promise<number> {
    return this.inParts(alerts, async (part) => {
      const changed = await this.alerts.reassess(part);
      await this.tell(changed);
      return changed.length;
    });
  }

  /** Ends alerts whose cause is gone. @returns how many of them were open */
  settle(alerts: readonly { id: string; resolution: Resolution }[]): Promise<number> {
    return this.inParts(alerts, async (part) => {
      const settled = await this.alerts.settle(part);
      await this.tell(settled);
      return settled.filter((alert) => alert.wasOpen).length;
    });
  }

  /** Ends the open alerts of a rule that is switched off, muted or deleted. */
  async endOfRule(ruleId: string): Promise<void> {
    await this.unit.transaction(async () => this.tell(await this.alerts.endOfRule(ruleId)));
  }

  /** Tells that alerts are not as they were. */
  async tell(alerts: readonly ChangedAlert[]): Promise<void> {
    for (let from = 0; from < alerts.length; from += BULK) {
      const part = alerts.slice(from, from + BULK);
      await this.events.emit('alert.changed', { alerts: part.map(({ id, status }) => ({ id, status })) });
    }
  }

  private inParts<T>(all: readonly T[], work: (part: readonly T[]) => Promise<number>): Promise<number> {
    return this.unit.transaction(async () => {
      let count = 0;
      for (let from = 0; from < all.length; from += BULK) count += await work(all.slice(from, from + BULK));
      return count;
    });
  }
}
