import { Injectable } from '@nestjs/common';
import { assertAllStores, assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import type { CalendarDayDto, CalendarQuery, CreateCalendarDayDto } from './calendar.dto.js';
import { CalendarRepository } from './calendar.repository.js';

const LIST = 'listCalendarDays';

@Injectable()
export class CalendarService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly calendar: CalendarRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ cursor, limit, ...filter }: CalendarQuery): Promise<Page<CalendarDayDto>> {
    assertStoreAllowed(filter.storeId);
    const [date, id] = (this.cursors.after(LIST, cursor) ?? []) as [string?, string?];
    const after = date && id ? { after: { date, id } } : {};
    const rows = await this.calendar.list({ ...filter, ...after, scope: storeScope(), limit: limit + 1 });
    return this.cursors.page(LIST, rows, limit, (last) => [last.date, last.id]);
  }

  async get(id: string): Promise<CalendarDayDto> {
    return this.visible(await this.calendar.find(id));
  }

  /** Adds a day. Days of every store are for those whom no store scope holds. */
  async create(day: CreateCalendarDayDto): Promise<CalendarDayDto> {
    this.assertWritable(day.storeId ?? null);
    const faults = faultsOf(day);
    if (faults.length > 0) throw invalid(...faults);
    return this.calendar.insert(day);
  }

  async delete(id: string, ifMatch: string): Promise<void> {
    await this.unit.transaction(async () => {
      const day = this.visible(await this.calendar.find(id, true));
      this.assertWritable(day.storeId);
      assertMatch(ifMatch, day);
      await this.calendar.delete(id);
    });
  }

  private assertWritable(storeId: string | null): void {
    assertStoreAllowed(storeId);
    if (storeId === null) assertAllStores();
  }

  private visible(day: CalendarDayDto | undefined): CalendarDayDto {
    if (!day) throw notFound();
    assertStoreAllowed(day.storeId);
    return day;
  }
}

/** The same rules as for a line of calendar.csv. */
function faultsOf({ kind, productId, value }: CreateCalendarDayDto): FieldError[] {
  const faults: FieldError[] = [];
  if (kind === 'price' && !productId) faults.push({ pointer: '/productId', code: 'field.required' });
  if (kind === 'price' && (value === undefined || value === null)) faults.push({ pointer: '/value', code: 'field.required' });
  if ((kind === 'holiday' || kind === 'closed') && productId) faults.push({ pointer: '/productId', code: 'field.not_allowed' });
  return faults;
}
