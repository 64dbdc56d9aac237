/** A text in both languages of the product. */
export interface Bilingual {
  readonly es: string;
  readonly en: string;
}

type Params = Readonly<Record<string, string | number | Bilingual>>;

/**
 * Every way a file, a line or a field can be wrong before the database is asked. The codes are stable: clients branch on them.
 * `{name}` in a text is filled from the problem's params. Rooms add their own codes (`inventory.unknown_sku` ...) with `registerImportCodes`.
 */
const TEXTS: Record<string, Bilingual> = {
  // the whole file
  'imports.empty_file': { es: 'El archivo está vacío.', en: 'The file is empty.' },
  'imports.no_rows': { es: 'El archivo solo tiene la fila de títulos.', en: 'The file has a header row only.' },
  'imports.utf16': {
    es: 'El archivo está en UTF-16. Guárdelo como CSV UTF-8.',
    en: 'The file is UTF-16. Save it as CSV UTF-8.',
  },
  'imports.not_text': { es: 'El archivo no es de texto ni XLSX.', en: 'The file is neither text nor XLSX.' },
  'imports.file_too_large': {
    es: 'El archivo pesa {actual} bytes; el máximo es {limit}.',
    en: 'The file has {actual} bytes; the limit is {limit}.',
  },
  'imports.xls_format': {
    es: 'Formato de Excel antiguo (.xls) o protegido con clave. Guárdelo como .xlsx sin clave o CSV.',
    en: 'Old Excel format (.xls) or password protected. Save it as .xlsx without a password, or as CSV.',
  },
  'imports.bad_xlsx': { es: 'El libro XLSX está dañado: {reason}.', en: 'The XLSX workbook is damaged: {reason}.' },
  'imports.xlsx_too_large': {
    es: 'El libro XLSX es demasiado grande ({what}: {actual}, máximo {limit}). Use CSV.',
    en: 'The XLSX workbook is too large ({what}: {actual}, limit {limit}). Use CSV.',
  },
  'imports.missing_column': { es: 'Falta la columna {column}.', en: 'Column {column} is missing.' },
  'imports.unknown_column': {
    es: 'Columna desconocida. Las columnas son: {columns}.',
    en: 'Unknown column. The columns are: {columns}.',
  },
  'imports.duplicate_column': { es: 'La columna {column} está repetida.', en: 'Column {column} appears twice.' },
  // one line
  'imports.unclosed_quote': { es: 'Comillas sin cerrar.', en: 'A quote is not closed.' },
  'imports.malformed_quote': { es: 'Texto después de las comillas de cierre.', en: 'Text follows a closing quote.' },
  'imports.line_too_long': { es: 'La línea pasa de {limit} bytes.', en: 'The line is longer than {limit} bytes.' },
  'imports.nul_character': { es: 'La línea contiene un carácter nulo.', en: 'The line contains a NUL character.' },
  'imports.field_count': {
    es: 'La línea tiene {actual} campos; los títulos son {expected}.',
    en: 'The line has {actual} fields; the header has {expected}.',
  },
  'imports.duplicate_row': { es: 'Repite la línea {first}.', en: 'Repeats line {first}.' },
  // one field
  'imports.required': { es: 'Falta el valor.', en: 'A value is required.' },
  'imports.too_long': { es: 'Tiene más de {limit} caracteres.', en: 'Longer than {limit} characters.' },
  'imports.control_character': { es: 'Contiene caracteres de control.', en: 'Contains control characters.' },
  'imports.bad_code': {
    es: 'No puede llevar espacios.',
    en: 'It cannot hold blanks.',
  },
  'imports.not_a_number': { es: 'No es un número. Ejemplos: 3,25 o 3.25.', en: 'Not a number. Examples: 3,25 or 3.25.' },
  'imports.thousands_separator': {
    es: 'Escriba el número sin separador de miles (1234,56).',
    en: 'Write the number without thousands separators (1234.56).',
  },
  'imports.ambiguous_number': {
    es: 'Puede ser mil o un decimal: el archivo usa {decimal} para los decimales. Escríbalo sin separador de miles.',
    en: 'Thousands or decimals? The file uses {decimal} for decimals. Write it without thousands separators.',
  },
  'imports.too_many_decimals': { es: 'Tiene más de {scale} decimales.', en: 'More than {scale} decimals.' },
  'imports.out_of_range': { es: 'Debe estar entre {min} y {max}.', en: 'Must be between {min} and {max}.' },
  'imports.total_too_large': {
    es: 'Cantidad por precio es demasiado grande.',
    en: 'Quantity times price is too large.',
  },
  'imports.zero': { es: 'No puede ser cero.', en: 'Must not be zero.' },
  'imports.not_whole': { es: 'Debe ser un número entero.', en: 'Must be a whole number.' },
  'imports.bad_date': {
    es: 'No es una fecha. Ejemplos: 31/12/2026 o 2026-12-31.',
    en: 'Not a date. Examples: 31/12/2026 or 2026-12-31.',
  },
  'imports.date_out_of_range': { es: 'Debe estar entre {min} y {max}.', en: 'Must be between {min} and {max}.' },
  'imports.future_date': { es: 'La fecha es posterior a hoy ({today}).', en: 'The date is after today ({today}).' },
  'imports.not_a_choice': { es: 'Debe ser uno de: {choices}.', en: 'Must be one of: {choices}.' },
  'imports.not_a_flag': { es: 'Debe ser 1 o 0 (sí o no).', en: 'Must be 1 or 0 (yes or no).' },
  'imports.not_applicable': { es: 'No se usa cuando kind es {kind}.', en: 'Not used when kind is {kind}.' },
};

/** Adds a room's own row problems. Called once while the room's module loads; two meanings for one code are refused. */
export function registerImportCodes(texts: Readonly<Record<string, Bilingual>>): void {
  for (const [code, text] of Object.entries(texts)) {
    const known = TEXTS[code];
    if (known && (known.es !== text.es || known.en !== text.en)) throw new Error(`import code ${code} has two texts`);
    TEXTS[code] = text;
  }
}

/** The problem in both languages. An unregistered code is a programming error. */
export function describeProblem(code: string, params: Params = {}): Bilingual {
  const text = TEXTS[code];
  if (!text) throw new Error(`unknown import code ${code}`);
  const fill = (language: 'es' | 'en'): string =>
    text[language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = params[name] ?? '';
      return typeof value === 'object' ? value[language] : String(value);
    });
  return { es: fill('es'), en: fill('en') };
}

/** One thing that is wrong with one line of a file. Line 0 means the file as a whole. */
export interface RowProblem {
  /** physical line in the file (row of the sheet in XLSX), the header being 1 */
  readonly line: number;
  /** column name, null when it is the whole line */
  readonly field: string | null;
  readonly code: string;
  readonly message: Bilingual;
  /** what stood there, printable and at most 100 characters, null when nothing did */
  readonly value: string | null;
}

/** Builds a problem with both messages and a value that is safe to store and show. */
export function rowProblem(
  line: number,
  field: string | null,
  code: string,
  value: string | null = null,
  params?: Params,
): RowProblem {
  return { line, field, code, message: describeProblem(code, params), value: value === null ? null : printable(value) };
}

const MAX_SHOWN = 100;

/** PostgreSQL refuses NUL in text, and control characters break terminals: they are shown as U+FFFD. */
export function printable(value: string, max: number = MAX_SHOWN): string {
  const short = value.length > max ? `${value.slice(0, max - 1)}…` : value;
  return Buffer.from(short.replace(/\p{Cc}/gu, '\uFFFD')).toString();
}

/** The file as a whole cannot be imported: nothing of it was read further. */
export class ImportFileError extends Error {
  constructor(readonly problems: readonly RowProblem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.message.en}`).join(' '));
    this.name = 'ImportFileError';
  }

  static of(code: string, params?: Params, value: string | null = null): ImportFileError {
    return new ImportFileError([rowProblem(0, null, code, value, params)]);
  }
}
