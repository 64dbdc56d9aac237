import { Injectable } from '@nestjs/common';
import { assertAllStores, assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { AlertBoard } from '../alerts/alert-board.js';
import type { AlertRuleDto, AlertRulesQuery, CreateAlertRuleDto, UpdateAlertRuleDto } from './alert-rules.dto.js';
import { AlertRulesRepository } from './alert-rules.repository.js';
import { readParameters } from './rule-parameters.dto.js';
import { effectiveParameters, isRuleCode } from './rule-parameters.js';

const LIST = 'listAlertRules';

/** Rules by which alerts are raised. A change is followed by a review of every alert, as a job. */
@Injectable()
export class AlertRulesService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly rules: AlertRulesRepository,
    private readonly board: AlertBoard,
    private readonly jobs: JobQueue,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ cursor, limit, ...filter }: AlertRulesQuery): Promise<Page<AlertRuleDto>> {
    assertStoreAllowed(filter.storeId);
    const [afterCode] = (this.cursors.after(LIST, cursor) ?? []) as [string?];
    const after = afterCode === undefined ? {} : { afterCode };
    const rows = await this.rules.list({ ...filter, ...after, scope: storeScope(), limit: limit + 1 });
    return this.cursors.page(LIST, rows.map(complete), limit, (last) => [last.code]);
  }

  async get(id: string): Promise<AlertRuleDto> {
    return complete(await this.visible(id));
  }

  /** Adds a rule for a part of the company. */
  async create(values: CreateAlertRuleDto): Promise<AlertRuleDto> {
    const { productId = null, storeId = null, categoryId = null, refines } = values;
    assertWritable(storeId);
    if (productId === null && storeId === null && categoryId === null)
      throw invalid({ pointer: '/productId', code: 'field.required' });
    if (categoryId !== null && (productId !== null || storeId !== null))
      throw invalid({ pointer: '/categoryId', code: 'field.not_allowed' });
    const parameters = checked(refines, values.parameters ?? {});
    return this.unit.transaction(async () => {
      await this.rules.hold([refines]);
      const { name, code = `${refines}-${uuidV7().slice(-12)}`, priority = null, isMuted = false } = values;
      const rule = await this.rules.insert({
        code,
        name,
        refines,
        productId,
        storeId,
        categoryId,
        priority,
        parameters,
        isMuted,
      });
      await this.jobs.add('alerts.review', {});
      return complete(rule);
    });
  }

  /** Changes a rule. One that is switched off or muted takes its open alerts with it, as obsolete. */
  async update(id: string, ifMatch: string, changes: UpdateAlertRuleDto): Promise<AlertRuleDto> {
    return this.unit.transaction(async () => {
      const rule = await this.held(id, ifMatch);
      if (Object.keys(changes).length === 0) return complete(rule);
      const { parameters: given, ...rest } = changes;
      const parameters = given === undefined ? rule.parameters : { ...rule.parameters, ...checked(familyOf(rule), given) };
      const changed = await this.rules.update({ ...rule, ...rest, parameters });
      if (!changed.isActive || changed.isMuted) await this.board.endOfRule(id);
      await this.jobs.add('alerts.review', {});
      return complete(changed);
    });
  }

  /** Takes a rule for a part away; its open alerts end as obsolete. The company's rules stay. */
  async delete(id: string, ifMatch: string): Promise<void> {
    await this.unit.transaction(async () => {
      const rule = await this.held(id, ifMatch);
      if (rule.refines === null) throw new ProblemError('alerts.system_rule');
      await this.board.endOfRule(id);
      await this.rules.delete(id);
      await this.jobs.add('alerts.review', {});
    });
  }

  /** The rule in the version that the client has read, against changes by others and by reviews until the transaction ends. */
  private async held(id: string, ifMatch: string): Promise<AlertRuleDto> {
    const seen = await this.visible(id);
    assertWritable(seen.storeId);
    await this.rules.hold([familyOf(seen)]);
    const rule = await this.visible(id);
    assertMatch(ifMatch, rule);
    return rule;
  }

  private async visible(id: string): Promise<AlertRuleDto> {
    const rule = await this.rules.find(id);
    if (!rule) throw notFound();
    assertStoreAllowed(rule.storeId);
    return rule;
  }
}

/** A rule of one store is for who may touch the store, any other for those whom no store scope holds. */
function assertWritable(storeId: string | null): void {
  assertStoreAllowed(storeId);
  if (storeId === null) assertAllStores();
}

const familyOf = ({ code, refines }: AlertRuleDto): string => refines ?? code;

function complete(rule: AlertRuleDto): AlertRuleDto {
  const family = familyOf(rule);
  return isRuleCode(family) ? { ...rule, parameters: effectiveParameters(family, rule.parameters) } : rule;
}

function checked(family: string, given: object): object {
  if (!isRuleCode(family)) throw invalid({ pointer: '/parameters', code: 'field.not_allowed' });
  const read = readParameters(family, given);
  if ('faults' in read) throw invalid(...read.faults);
  return read.values;
}
