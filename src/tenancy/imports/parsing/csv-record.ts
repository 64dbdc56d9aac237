/** Outcome of splitting one record out of a text. `next` is the index after its line end. */
export type SplitResult =
  | { readonly kind: 'record'; readonly fields: string[]; readonly next: number; readonly lines: number }
  | { readonly kind: 'bad'; readonly code: string; readonly next: number }
  | { readonly kind: 'more' };

const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Splits the record that starts at `start` (RFC 4180, `"` doubled inside quotes, a quoted field may hold line ends). Lenient where Excel
 * is: blanks around a quoted field are dropped, a quote inside an unquoted field is itself. After a bad quote the reader goes on at the
 * next physical line, so that one broken line never hides the others.
 * @param last true when the text ends where the file ends
 * @param limit longest record in characters
 */
export function splitRecord(text: string, start: number, delimiter: string, last: boolean, limit: number): SplitResult {
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd < 0 && !last) return { kind: 'more' };
  const stop = lineEnd < 0 ? text.length : lineEnd;
  const nextLine = lineEnd < 0 ? text.length : lineEnd + 1;
  const trimmed = stop > start && text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop;
  const line = text.slice(start, trimmed);
  if (!line.includes('"')) return { kind: 'record', fields: line.split(delimiter), next: nextLine, lines: 1 };
  return splitQuoted(text, { start, nextLine, delimiter: delimiter.charCodeAt(0), last, limit });
}

interface Cursor {
  readonly start: number;
  readonly nextLine: number;
  readonly delimiter: number;
  readonly last: boolean;
  readonly limit: number;
}

function splitQuoted(text: string, at: Cursor): SplitResult {
  const fields: string[] = [];
  let pos = at.start;
  let lines = 1;
  for (;;) {
    const open = skipBlanks(text, pos, at.delimiter);
    if (text.charCodeAt(open) === QUOTE) {
      const close = closingQuote(text, open + 1, at.start + at.limit);
      if (close < 0) return unclosed(text, at);
      const raw = text.slice(open + 1, close);
      fields.push(raw.includes('""') ? raw.replaceAll('""', '"') : raw);
      for (let i = raw.indexOf('\n'); i >= 0; i = raw.indexOf('\n', i + 1)) lines++;
      pos = skipBlanks(text, close + 1, at.delimiter);
      if (!at.last && pos >= text.length) return { kind: 'more' };
    } else {
      const end = fieldEnd(text, pos, at.delimiter);
      if (!at.last && end >= text.length) return { kind: 'more' };
      fields.push(text.slice(pos, text.charCodeAt(end) === 10 && text.charCodeAt(end - 1) === 13 && end > pos ? end - 1 : end));
      pos = end;
    }
    const code = text.charCodeAt(pos);
    if (pos >= text.length || code === 10) return { kind: 'record', fields, next: Math.min(pos + 1, text.length), lines };
    if (code === 13 && (text.charCodeAt(pos + 1) === 10 || pos + 1 >= text.length)) {
      return { kind: 'record', fields, next: Math.min(pos + 2, text.length), lines };
    }
    if (code !== at.delimiter) return { kind: 'bad', code: 'imports.malformed_quote', next: at.nextLine };
    pos++;
  }
}

function unclosed(text: string, at: Cursor): SplitResult {
  const whole = at.last || text.length - at.start > at.limit;
  return whole ? { kind: 'bad', code: 'imports.unclosed_quote', next: at.nextLine } : { kind: 'more' };
}

/** Index of the quote that closes a field, -1 when the text or the limit ends first. */
function closingQuote(text: string, from: number, limit: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && at <= limit && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at > limit ? -1 : at;
}

function skipBlanks(text: string, from: number, delimiter: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); (code === SPACE || code === TAB) && code !== delimiter; code = text.charCodeAt(at)) at++;
  return at;
}

function fieldEnd(text: string, from: number, delimiter: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === 10) return at;
  }
  return text.length;
}
