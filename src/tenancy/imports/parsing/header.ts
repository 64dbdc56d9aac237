import type { CsvLayout } from './csv-reader.js';
import { ImportFileError, rowProblem, type RowProblem } from './problem.js';

/** A column of an import file. */
export interface ColumnSpec {
  readonly name: string;
  /** other titles that mean the same, as Spanish spreadsheets have them; compared like the name */
  readonly aliases: readonly string[];
  /** the file is refused without it */
  readonly required: boolean;
}

/** Where each known column stands in the file. */
export interface Header {
  /** number of titles */
  readonly width: number;
  /** index of a column's field, absent when the file does not have the column */
  readonly index: ReadonlyMap<string, number>;
}

/** A title as it is compared: without accents, case, blanks around it, and with `_` for blanks and hyphens inside. */
export function normaliseTitle(title: string): string {
  return title
    .replace(/^\uFEFF/, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/**
 * Finds the columns in a header row. A title that is not a column is refused, not ignored: it is mostly a misspelt one, and its
 * values would be lost without a word.
 * @throws ImportFileError imports.missing_column, imports.unknown_column, imports.duplicate_column: all of them at once
 */
export function resolveHeader(titles: readonly string[], columns: readonly ColumnSpec[], line: number): Header {
  const byTitle = new Map(
    columns.flatMap((column) => [column.name, ...column.aliases].map((title) => [normaliseTitle(title), column])),
  );
  const used = lastFilled(titles);
  const index = new Map<string, number>();
  const problems: RowProblem[] = [];
  titles.slice(0, used).forEach((title, position) => {
    const column = byTitle.get(normaliseTitle(title));
    if (!column) {
      problems.push(
        rowProblem(line, title.trim().slice(0, 50), 'imports.unknown_column', title, {
          columns: columns.map((c) => c.name).join(', '),
        }),
      );
    } else if (index.has(column.name)) {
      problems.push(rowProblem(line, column.name, 'imports.duplicate_column', title, { column: column.name }));
    } else index.set(column.name, position);
  });
  for (const column of columns) {
    if (column.required && !index.has(column.name)) {
      problems.push(rowProblem(line, column.name, 'imports.missing_column', null, { column: column.name }));
    }
  }
  if (problems.length > 0) throw new ImportFileError(problems);
  return { width: used, index };
}

/** Titles up to the last one that is not blank: spreadsheets leave empty columns behind. */
function lastFilled(titles: readonly string[]): number {
  let used = titles.length;
  while (used > 0 && (titles[used - 1] ?? '').trim() === '') used--;
  return used;
}

/**
 * Chooses between `;` and `,` by the one that finds more known columns in the first line; with none found, by the one that stands there
 * more often. Quoted titles are safe: they match after their quotes are gone.
 */
export function chooseDelimiter(line: string, columns: readonly ColumnSpec[]): CsvLayout['delimiter'] {
  const known = new Set(columns.flatMap((column) => [column.name, ...column.aliases]).map(normaliseTitle));
  const score = (delimiter: string): number => {
    const parts = line.split(delimiter);
    return parts.filter((part) => known.has(normaliseTitle(part.replaceAll('"', '')))).length * 1000 + parts.length;
  };
  return score(';') >= score(',') ? ';' : ',';
}
