import { Injectable } from '@nestjs/common';
import { ImportReferences } from '../../inventory/index.js';
import type { ImportKind, ImportSession, UniqueKey } from '../../tenancy/index.js';
import { CalendarImportRepository } from './calendar-import.repository.js';
import { calendarRow, type CalendarRow } from './calendar-row.js';

/** calendar.csv: promotions, prices, holidays and closed days, of the past and planned. */
@Injectable()
export class CalendarImport implements ImportKind<CalendarRow> {
  readonly name = 'calendar';
  readonly definition = calendarRow;

  constructor(
    private readonly calendar: CalendarImportRepository,
    private readonly references: ImportReferences,
  ) {}

  uniqueKeys({ date, kind, store, sku }: CalendarRow): UniqueKey[] {
    return [{ field: null, key: `${date} ${kind} ${store ?? ''} ${sku ?? ''}` }];
  }

  begin(): ImportSession<CalendarRow> {
    const places = this.references.places();
    return {
      check: (rows) => places.check(rows),
      checkNames: (rows) => places.check(rows),
      write: (rows) =>
        this.calendar.save(
          rows.map(({ row: { date, kind, store, sku, value, name } }) => ({
            date,
            kind,
            storeId: store === null ? null : places.storeId(store),
            productId: sku === null ? null : places.product(sku).id,
            value,
            name,
          })),
        ),
    };
  }
}
