import { Injectable } from '@nestjs/common';
import { assertAllStores, assertStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { daysBetween } from '../../kernel/time/zone.js';
import type {
  CalendarDayDto,
  CalendarQuery,
  CreateCalendarDayDto,
  CreateCalendarSpanDto,
  UpdateCalendarDayDto,
} from './calendar.dto.js';
import { CalendarRepository } from './calendar.repository.js';

const LIST = 'listCalendarDays';
const LONGEST_SPAN = 366;

/** Days that move demand. What is written may explain sales: the open alerts are assessed again, as a job. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly calendar: CalendarRepository,
    private readonly cursors: CursorCodec,
    private readonly jobs: JobQueue,
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
    return this.write(() => this.calendar.insert(day));
  }

  /** Adds one day after the other, or none where one of them is there already. */
  async createSpan(span: CreateCalendarSpanDto): Promise<CalendarDayDto[]> {
    this.assertWritable(span.storeId ?? null);
    const faults = [...faultsOf(span), ...spanFaultsOf(span)];
    if (faults.length > 0) throw invalid(...faults);
    return this.write(() => this.calendar.insertSpan(span));
  }

  /** Changes a day. What it is and for whom does not change. */
  async update(id: string, ifMatch: string, changes: UpdateCalendarDayDto): Promise<CalendarDayDto> {
    return this.write(async () => {
      const day = this.visible(await this.calendar.find(id, true));
      this.assertWritable(day.storeId);
      assertMatch(ifMatch, day);
      const changed = { ...day, ...changes };
      const faults = faultsOf(changed);
      if (faults.length > 0) throw invalid(...faults);
      return this.calendar.update(changed);
    });
  }

  async delete(id: string, ifMatch: string): Promise<void> {
    await this.write(async () => {
      const day = this.visible(await this.calendar.find(id, true));
      this.assertWritable(day.storeId);
      assertMatch(ifMatch, day);
      await this.calendar.delete(id);
    });
  }

  private write<T>(work: () => Promise<T>): Promise<T> {
    return this.unit.transaction(async () => {
      const written = await work();
      await this.jobs.add('alerts.refresh', {});
      return written;
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
function faultsOf({ kind, productId, value }: Pick<CreateCalendarDayDto, 'kind' | 'productId' | 'value'>): FieldError[] {
  const faults: FieldError[] = [];
  if (kind === 'price' && !productId) faults.push({ pointer: '/productId', code: 'field.required' });
  if (kind === 'price' && (value === undefined || value === null)) faults.push({ pointer: '/value', code: 'field.required' });
  if ((kind === 'holiday' || kind === 'closed') && productId) faults.push({ pointer: '/productId', code: 'field.not_allowed' });
  return faults;
}

function spanFaultsOf({ from, to }: CreateCalendarSpanDto): FieldError[] {
  const days = daysBetween(from, to) + 1;
  if (days < 1) return [{ pointer: '/to', code: 'field.past', min: from }];
  return days > LONGEST_SPAN ? [{ pointer: '/to', code: 'field.too_many', max: LONGEST_SPAN }] : [];
}
