import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** What a log-in writes in the tenant it leads to. */
@Injectable()
export class LoginRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Notes the log-in of the user who acts: time in both halves, and in the audit stream. */
  async touch(): Promise<void> {
    await this.unit.execute('SELECT gate.touch_login()', [], 'touch_login');
  }
}
