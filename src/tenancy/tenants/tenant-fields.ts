import type { Bilingual } from '../../kernel/errors/problems.js';
import { Field, Pattern, type FieldOptions } from '../../kernel/http/fields.js';
import { report, type Reader } from '../../kernel/http/field-readers.js';
import { SLUG } from './slug.js';
import { isCurrency, isTimeZone } from './tenant-settings.js';

function named(isKnown: (name: string) => boolean, expected: Bilingual): Reader {
  return (value, pointer, reading) =>
    typeof value === 'string' && isKnown(value) ? value : report(reading, pointer, 'field.format', { expected });
}

export const TIME_ZONE_FORM = {
  es: 'una zona horaria IANA, como America/Caracas',
  en: 'an IANA time zone, such as America/Caracas',
};

/** An IANA time zone. */
export const TimeZone = (options?: FieldOptions): PropertyDecorator =>
  Field(named(isTimeZone, TIME_ZONE_FORM), { type: 'string', maxLength: 60, example: 'America/Caracas' }, options);

/** An ISO 4217 currency that is in use. */
export const KnownCurrency = (options?: FieldOptions): PropertyDecorator =>
  Field(
    named(isCurrency, { es: 'un código ISO 4217 en uso', en: 'an ISO 4217 code in use' }),
    { type: 'string', minLength: 3, maxLength: 3, pattern: '^[A-Z]{3}$', example: 'USD' },
    options,
  );

const SLUG_FORM = {
  es: 'de 3 a 40 letras minúsculas sin acento, cifras y guiones, con una letra al principio y sin guion al final',
  en: '3-40 lower-case letters, digits and hyphens, a letter first, no hyphen last',
};

/** The short name of a tenant. */
export const Slug = (options?: FieldOptions): PropertyDecorator => Pattern(SLUG, 40, SLUG_FORM, options);
