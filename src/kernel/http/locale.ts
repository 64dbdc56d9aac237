import type { Locale } from '../database/tenant-context.js';

const known = new Map<string, Locale | undefined>();
const MAX_KNOWN = 500;
const MAX_LENGTH = 200;

/** The language of ours that an Accept-Language header likes best, or undefined when it names neither. */
export function localeOfHeader(header: string | undefined): Locale | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  if (known.has(header)) return known.get(header);
  const locale = preferred(header);
  if (known.size < MAX_KNOWN) known.set(header, locale);
  return locale;
}

function preferred(header: string): Locale | undefined {
  let best: Locale | undefined;
  let bestWeight = 0;
  for (const part of header.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.trim().split(';');
    const language = range.trim().split('-')[0];
    if (language !== 'es' && language !== 'en') continue;
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > bestWeight) [best, bestWeight] = [language, weight];
  }
  return best;
}
