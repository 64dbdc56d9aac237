import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, isStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { PolicyRepository } from './policy.repository.js';
import { reasonText } from './suggestion-text.js';
import type {
  StartedSuggestionsDto,
  SuggestionDto,
  SuggestionsQuery,
  SupplierGroupDto,
  SupplierGroupsQuery,
} from './suggestions.dto.js';
import { SuggestionsRepository, type SuggestionRow } from './suggestions.repository.js';
import { groupKey, SupplierGroupsRepository } from './supplier-groups.repository.js';

const LIST = 'listSuggestions';
const GROUPS = 'listSuggestionsBySupplier';

/** What to order and to move, as people see it. */
@Injectable()
export class SuggestionsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly suggestions: SuggestionsRepository,
    private readonly groups: SupplierGroupsRepository,
    private readonly policies: PolicyRepository,
    private readonly queue: JobQueue,
    private readonly cursors: CursorCodec,
  ) {}

  /** What runs out first comes first. */
  async list({ cursor, limit, status = 'open', ...filter }: SuggestionsQuery): Promise<Page<SuggestionDto>> {
    assertStoreAllowed(filter.storeId);
    const after = this.cursors.after(LIST, cursor) as [string | null, string] | undefined;
    const rows = await this.suggestions.list({ ...filter, status, scope: storeScope() }, after ?? null, limit + 1);
    const { data, nextCursor } = this.cursors.page(LIST, rows, limit, (last) => [last.stockOutDate, last.id]);
    return { data: data.map(present), nextCursor };
  }

  async bySupplier({ cursor, limit, ...filter }: SupplierGroupsQuery): Promise<Page<SupplierGroupDto>> {
    assertStoreAllowed(filter.storeId);
    const [after] = (this.cursors.after(GROUPS, cursor) ?? []) as [string?];
    const rows = await this.groups.list({ ...filter, scope: storeScope() }, after ?? null, limit + 1);
    return this.cursors.page(GROUPS, rows, limit, (last) => [groupKey(last)]);
  }

  async get(id: string): Promise<SuggestionDto> {
    return present(visible(await this.suggestions.find(id)));
  }

  /** Ends it as not wanted: the like is not suggested again until the need has gone. */
  dismiss(id: string): Promise<SuggestionDto> {
    return this.unit.transaction(async () => {
      visible(await this.suggestions.find(id));
      await this.policies.company('shared');
      await this.suggestions.lock([id]);
      const { status } = visible(await this.suggestions.find(id));
      if (status !== 'open') {
        throw new ProblemError('replenishment.not_open', { errors: [{ pointer: '/id', code: 'field.status', status }] });
      }
      await this.suggestions.dismiss(id, tenantScope().actor.user);
      return this.get(id);
    });
  }

  /** Has the suggestions computed after a forecast run: once, however often its job is repeated. */
  async refreshAfter(runId: string): Promise<void> {
    await this.queue.add('replenishment.suggest', { day: today() }, { id: `after/${runId}` });
  }

  /** Asks for all suggestions of the company to be computed again. */
  async refresh(): Promise<StartedSuggestionsDto> {
    const { id } = await this.queue.add('replenishment.suggest', { day: today() }, { id: uuidV7(), keep: true });
    return { jobId: id };
  }
}

const today = (): string => localDateOf(new Date(), tenantScope().tenant.settings.timezone);

/** One of a store beyond the caller's answers as one that does not exist. */
export function isVisible({ storeId, fromStoreId }: SuggestionRow): boolean {
  return isStoreAllowed(storeId) && (fromStoreId === null || isStoreAllowed(fromStoreId));
}

function visible(row: SuggestionRow | undefined): SuggestionRow {
  if (!row || !isVisible(row)) throw notFound();
  return row;
}

function present(row: SuggestionRow): SuggestionDto {
  const { reason, packSize: _pack, minOrderQuantity: _minimum, unitType: _unit, ...shown } = row;
  return { ...shown, reason: { code: reason, text: reasonText(row, tenantScope().locale) } };
}
