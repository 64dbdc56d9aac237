import { inLanguage, type Bilingual } from './problems.js';

/** The closed list of what can be wrong with one field, with its sentence in both languages. */
export const FIELD_MESSAGES = {
  'field.required': { es: 'Es obligatorio.', en: 'It is required.' },
  'field.unknown': { es: 'Campo desconocido.', en: 'Unknown field.' },
  'field.null': { es: 'No puede ser null.', en: 'It cannot be null.' },
  'field.type': { es: 'Debe ser de tipo {expected}.', en: 'It must be of type {expected}.' },
  'field.too_short': { es: 'Al menos {min} caracteres.', en: 'At least {min} characters.' },
  'field.too_long': { es: 'Como máximo {max} caracteres.', en: 'At most {max} characters.' },
  'field.format': { es: 'Formato no válido; se espera {expected}.', en: 'Invalid format; {expected} is expected.' },
  'field.uuid': { es: 'Debe ser un UUID.', en: 'It must be a UUID.' },
  'field.email': { es: 'Debe ser un correo electrónico.', en: 'It must be an e-mail address.' },
  'field.characters': {
    es: 'Contiene caracteres que no se pueden guardar (NUL o Unicode incompleto).',
    en: 'It holds characters that cannot be stored (NUL or broken Unicode).',
  },
  'field.decimal': {
    es: 'Debe ser un decimal como "3.25", sin exponente; con más de 15 cifras, como texto.',
    en: 'It must be a decimal such as "3.25", without exponent; with more than 15 digits, as a string.',
  },
  'field.digits': {
    es: 'Como máximo {integer} cifras enteras y {scale} decimales.',
    en: 'At most {integer} integer digits and {scale} decimals.',
  },
  'field.min': { es: 'Debe ser mayor o igual que {min}.', en: 'It must be at least {min}.' },
  'field.max': { es: 'Debe ser menor o igual que {max}.', en: 'It must be at most {max}.' },
  'field.multiple': { es: 'Debe ser múltiplo de {multiple}.', en: 'It must be a multiple of {multiple}.' },
  'field.status': { es: 'Está en estado {status}.', en: 'It is {status}.' },
  'field.positive': { es: 'Debe ser mayor que cero.', en: 'It must be greater than zero.' },
  'field.zero': { es: 'No puede ser cero.', en: 'It cannot be zero.' },
  'field.choice': { es: 'Debe ser uno de: {choices}.', en: 'It must be one of: {choices}.' },
  'field.instant': {
    es: 'Debe ser un instante ISO 8601 con zona, como 2026-05-01T14:30:00Z.',
    en: 'It must be an ISO 8601 instant with a zone, such as 2026-05-01T14:30:00Z.',
  },
  'field.date': { es: 'Debe ser una fecha AAAA-MM-DD.', en: 'It must be a date YYYY-MM-DD.' },
  'field.future': { es: 'No puede estar en el futuro.', en: 'It cannot lie in the future.' },
  'field.past': { es: 'No puede ser anterior a {min}.', en: 'It cannot be before {min}.' },
  'field.range': { es: 'El final debe ser posterior al inicio.', en: 'The end must lie after the start.' },
  'field.too_few': { es: 'Al menos {min} elementos.', en: 'At least {min} items.' },
  'field.too_many': { es: 'Como máximo {max} elementos.', en: 'At most {max} items.' },
  'field.too_deep': { es: 'Demasiados niveles (máximo {max}).', en: 'Too many levels (at most {max}).' },
  'field.too_large': { es: 'Demasiado grande (máximo {max} bytes).', en: 'Too large (at most {max} bytes).' },
  'field.duplicate': { es: 'Está repetido.', en: 'It is repeated.' },
  'field.taken': { es: 'Ya está en uso.', en: 'It is already in use.' },
  'field.not_found': { es: 'No existe.', en: 'It does not exist.' },
  'field.in_use': { es: 'Otros registros lo usan.', en: 'Other records use it.' },
  'field.one_of': { es: 'Indique exactamente uno de: {fields}.', en: 'Give exactly one of: {fields}.' },
  'field.not_allowed': { es: 'No se admite aquí.', en: 'It is not allowed here.' },
  'field.rule': { es: 'Incumple la regla {rule}.', en: 'It breaks the rule {rule}.' },
  'field.empty_file': { es: 'El archivo está vacío.', en: 'The file is empty.' },
  'field.insufficient_stock': {
    es: 'Pedido {requested}, disponible {available}.',
    en: 'Requested {requested}, available {available}.',
  },
  'field.payment_short': {
    es: 'Faltan {by} {currency} para cubrir el total.',
    en: '{by} {currency} are missing to cover the total.',
  },
  'field.payment_over': {
    es: 'Sobran {by} {currency}: solo el efectivo puede exceder el total, el resto se da como vuelto.',
    en: '{by} {currency} too much: only cash may exceed the total, the rest is given as change.',
  },
} as const satisfies Record<string, Bilingual>;

export type FieldCode = keyof typeof FIELD_MESSAGES;

/**
 * One wrong field. Extra members (productId, available, ...) travel to the client and fill the message's `{names}`; what is given in both
 * languages travels in the caller's.
 */
export interface FieldError {
  /** JSON pointer into the body; a query or path parameter is `/name` */
  pointer: string;
  code: FieldCode;
  /** only to replace the standard sentence; a text in one language is in the caller's already */
  message?: string | Bilingual;
  [extra: string]: unknown;
}

/** Escapes one segment of a JSON pointer (RFC 6901). */
export function pointerSegment(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function isBilingual(value: unknown): value is Bilingual {
  return typeof value === 'object' && value !== null && 'es' in value && 'en' in value;
}

/** The error as the client sees it, its message filled in. */
export function describeFieldError(error: FieldError, locale: 'es' | 'en'): FieldError & { message: string } {
  const { pointer, code, message = FIELD_MESSAGES[code], ...given } = error;
  const extra = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, isBilingual(value) ? value[locale] : value]),
  );
  return { pointer, code, message: typeof message === 'string' ? message : inLanguage(message, locale, extra), ...extra };
}
