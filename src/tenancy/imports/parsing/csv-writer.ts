const FORMULA_START = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/**
 * Makes text harmless to a spreadsheet that opens the file: what starts like a formula (`=cmd|...`, `+`, `-`, `@`) gets an apostrophe
 * in front (OWASP, CSV injection). Plain numbers stay numbers.
 */
export function neutraliseFormula(value: string): string {
  return FORMULA_START.test(value) && !NUMBER.test(value) ? `'${value}` : value;
}

/** One line of a CSV file for people: fields neutralised and quoted where needed, CRLF at the end (RFC 4180). */
export function csvLine(values: readonly (string | number | null)[], delimiter: ',' | ';' = ','): string {
  return `${values.map((value) => quoteField(value === null ? '' : neutraliseFormula(String(value)), delimiter)).join(delimiter)}\r\n`;
}

/** A field in quotes when it holds a delimiter, a quote, a line end or outer blanks. */
export function quoteField(value: string, delimiter: ',' | ';'): string {
  const plain = !value.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(value);
  return plain ? value : `"${value.replaceAll('"', '""')}"`;
}
