import { Injectable } from '@nestjs/common';
import { ImportKinds } from '../../tenancy/index.js';
import { CalendarImport } from './calendar.import.js';

/** Tells the import engine that this room takes calendars. */
@Injectable()
export class CalendarImports {
  constructor(kinds: ImportKinds, calendar: CalendarImport) {
    kinds.register(calendar);
  }
}
