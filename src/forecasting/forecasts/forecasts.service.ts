import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import type { Page } from '../../kernel/http/page.js';
import { localDateOf } from '../../kernel/time/zone.js';
import type { CoverDto, CoverQuery, ForecastDto, ForecastsQuery } from './forecasts.dto.js';
import { ForecastsRepository } from './forecasts.repository.js';
import { OutlookRepository, type Outlook } from './outlook.repository.js';
import { projectStock } from './stock-projection.js';

const FORECASTS = 'listForecasts';
const COVER = 'listCover';

@Injectable()
export class ForecastsService {
  constructor(
    private readonly forecasts: ForecastsRepository,
    private readonly outlooks: OutlookRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ cursor, limit, from, ...filter }: ForecastsQuery): Promise<Page<ForecastDto>> {
    assertStoreAllowed(filter.storeId);
    const after = this.cursors.after(FORECASTS, cursor) as [string, string, string] | undefined;
    const rows = await this.forecasts.list({
      ...filter,
      from: from ?? today(),
      after: after ?? null,
      scope: storeScope(),
      limit: limit + 1,
    });
    return this.cursors.page(FORECASTS, rows, limit, (last) => [last.date, last.productId, last.storeId]);
  }

  /** What runs out first comes first. */
  async cover({ cursor, limit, storeId, productId, below }: CoverQuery): Promise<Page<CoverDto>> {
    assertStoreAllowed(storeId);
    const after = this.cursors.after(COVER, cursor) as CoverKeys | undefined;
    const found = await this.outlooks.find({
      from: today(),
      storeIds: storeId ? [storeId] : storeScope(),
      productIds: productId ? [productId] : null,
    });
    const rows = found
      .map(coverDto)
      .filter(({ daysOfCover }) => below === undefined || (daysOfCover !== null && daysOfCover < below))
      .filter((row) => after === undefined || compare(keysOf(row), after) > 0)
      .toSorted((a, b) => compare(keysOf(a), keysOf(b)));
    return this.cursors.page(COVER, rows.slice(0, limit + 1), limit, keysOf);
  }
}

function today(): string {
  return localDateOf(new Date(), tenantScope().tenant.settings.timezone);
}

function coverDto(outlook: Outlook): CoverDto {
  const { productId, storeId, available, leadTimeDays, onOrder } = outlook;
  const { daysOfCover, stockOutDate } = projectStock({ ...outlook, available: Number(available) });
  return { productId, storeId, available, onOrder: onOrder.toFixed(4), daysOfCover, stockOutDate, leadTimeDays };
}

type CoverKeys = [daysOfCover: number | null, productId: string, storeId: string];

function keysOf({ daysOfCover, productId, storeId }: CoverDto): CoverKeys {
  return [daysOfCover, productId, storeId];
}

/** By days, nothing expected to sell last; equal days by product and store. */
function compare([a, ...restA]: CoverKeys, [b, ...restB]: CoverKeys): number {
  if (a !== b) return (a ?? Infinity) - (b ?? Infinity);
  const [textA, textB] = [restA.join('/'), restB.join('/')];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}
