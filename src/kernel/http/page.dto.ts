import { Count, Pattern } from './fields.js';

/** Query of every list. A list's own query extends it. */
export class PageQuery {
  /** How many rows to answer. */
  @Count(1, 200, { default: 50 })
  limit: number;

  /** nextCursor of the page before; absent for the first page. */
  @Pattern(
    /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
    2000,
    { es: 'el nextCursor de una página', en: 'the nextCursor of a page' },
    { optional: true },
  )
  cursor?: string;
}
