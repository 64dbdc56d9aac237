const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads `31/12/2026` or `2026-12-31` (never month first, never two-digit years). @returns the ISO form, null when it is no real date */
export function readLocalDate(text: string): string | null {
  const iso = ISO.exec(text);
  if (iso) return isRealDate(Number(iso[1]), Number(iso[2]), Number(iso[3])) ? text : null;
  const dayFirst = DAY_FIRST.exec(text);
  if (!dayFirst) return null;
  const [, day = '', month = '', year = ''] = dayFirst;
  if (!isRealDate(Number(year), Number(month), Number(day))) return null;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}
