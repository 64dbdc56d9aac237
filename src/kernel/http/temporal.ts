const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?([Zz]|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;

/** Years that business data can have; outside them a typing error is certain. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2199;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysIn(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29;
  return DAYS[month - 1] ?? 0;
}

/** A calendar date `YYYY-MM-DD` that exists, or undefined. */
export function readLocalDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= FIRST_YEAR && year <= LAST_YEAR && day >= 1 && day <= daysIn(year, month) ? text : undefined;
}

/** An ISO 8601 instant with its zone, as UTC text with milliseconds, or undefined. A time without zone is refused: it would be a guess. */
export function readInstant(text: string): string | undefined {
  const match = text.length <= 40 ? INSTANT.exec(text) : null;
  if (!match || readLocalDate(match[1] as string) === undefined) return undefined;
  const zone = (match[6] as string).toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const seconds = `${match[4] ?? '00'}.${(match[5] ?? '').slice(0, 3).padEnd(3, '0')}`;
  return new Date(`${match[1]}T${match[2]}:${match[3]}:${seconds}${zone}`).toISOString();
}
