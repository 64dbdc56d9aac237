const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether the name is an IANA time zone of this machine. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The calendar date YYYY-MM-DD that a wall calendar in `timeZone` shows at `instant`. */
export function localDateOf(instant: Date, timeZone: string): string {
  return formatOf(timeZone).format(instant).slice(0, 10);
}

/** Minutes since midnight on a wall clock in `timeZone`. */
export function localMinutesOf(instant: Date, timeZone: string): number {
  const [, hour, minute] = /(\d{2}):(\d{2}):\d{2}$/.exec(formatOf(timeZone).format(instant)) as unknown as [
    string,
    string,
    string,
  ];
  return Number(hour) * 60 + Number(minute);
}

/** The date `days` after `date` (before, when negative); both YYYY-MM-DD. */
export function addDays(date: string, days: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** Days from `from` to `to`, both YYYY-MM-DD; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/**
 * The instant of a local time of day. A time that the change to summer time skips is the moment after the gap; of two equal ones, the first.
 * @param date YYYY-MM-DD
 * @param minutes since midnight
 */
export function instantOf(date: string, minutes: number, timeZone: string): Date {
  const DAY = 86_400_000;
  const wall = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  const wallOf = (instant: number) => {
    const at = new Date(instant);
    return Date.parse(`${localDateOf(at, timeZone)}T00:00:00Z`) + localMinutesOf(at, timeZone) * 60_000;
  };
  // one of the offsets a day before and a day after holds at that time
  const candidates = [wall - DAY, wall + DAY].map((near) => wall - (wallOf(near) - near));
  const exact = candidates.filter((instant) => wallOf(instant) === wall);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates));
}
