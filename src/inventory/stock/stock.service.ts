import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { invalid } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { IntegrityRepository } from './integrity.repository.js';
import type { IntegrityDto, LevelsQuery, ReasonsDto } from './levels.dto.js';
import { LevelsRepository, type Level } from './levels.repository.js';
import { MovementHistoryRepository, type ListedMovement } from './movement-history.repository.js';
import type { MovementDto, MovementsQuery } from './movements.dto.js';

const LEVELS = 'listLevels';
const MOVEMENTS = 'listMovements';
const DEFAULT_WINDOW_MS = 30 * 86_400_000;

@Injectable()
export class StockService {
  constructor(
    private readonly levels: LevelsRepository,
    private readonly history: MovementHistoryRepository,
    private readonly integrity: IntegrityRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async listLevels({ limit, cursor, ...filter }: LevelsQuery): Promise<Page<Level>> {
    assertStoreAllowed(filter.storeId);
    const after = this.cursors.after(LEVELS, cursor) as [string, string] | undefined;
    const rows = await this.levels.list({ ...filter, scope: storeScope() }, after, limit + 1);
    return this.cursors.page(LEVELS, rows, limit, (last) => [last.productId, last.storeId]);
  }

  async listMovements({ limit, cursor, from, to, ...filter }: MovementsQuery): Promise<Page<MovementDto>> {
    assertStoreAllowed(filter.storeId);
    // beyond now: a client's clock may run ahead of ours
    const until = to ?? new Date(Date.now() + 60_000).toISOString();
    const since = from ?? new Date(Date.parse(until) - DEFAULT_WINDOW_MS).toISOString();
    if (since >= until) throw invalid({ pointer: '/to', code: 'field.range' });
    const after = this.cursors.after(MOVEMENTS, cursor) as [string, string] | undefined;
    const rows = await this.history.list({ ...filter, scope: storeScope(), from: since, to: until }, after, limit + 1);
    const { data, nextCursor } = this.cursors.page(MOVEMENTS, rows, limit, (last) => [last.position, last.id]);
    return { data: data.map(withoutPosition), nextCursor };
  }

  async listReasons(): Promise<ReasonsDto> {
    return { data: await this.levels.reasons() };
  }

  async checkIntegrity(): Promise<IntegrityDto> {
    const report = await this.integrity.check(storeScope());
    return { consistent: report.differing === 0, ...report, checkedAt: new Date() };
  }
}

function withoutPosition(listed: ListedMovement): MovementDto {
  const { position: _position, ...movement } = listed;
  return movement;
}
