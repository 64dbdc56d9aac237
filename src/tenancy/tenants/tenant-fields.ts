import { Field, Pattern, type FieldOptions } from '../../kernel/http/fields.js';
import { report, type Reader } from '../../kernel/http/field-readers.js';
import { SLUG } from './slug.js';
import { isCurrency, isTimeZone } from './tenant-settings.js';

function named(isKnown: (name: string) => boolean, expected: string): Reader {
  return (value, pointer, reading) =>
    typeof value === 'string' && isKnown(value) ? value : report(reading, pointer, 'field.format', { expected });
}

/** An IANA time zone. */
export const TimeZone = (options?: FieldOptions): PropertyDecorator =>
  Field(named(isTimeZone, 'an IANA time zone'), { type: 'string', maxLength: 60, example: 'America/Caracas' }, options);

/** An ISO 4217 currency that is in use. */
export const KnownCurrency = (options?: FieldOptions): PropertyDecorator =>
  Field(
    named(isCurrency, 'ISO 4217'),
    { type: 'string', minLength: 3, maxLength: 3, pattern: '^[A-Z]{3}$', example: 'USD' },
    options,
  );

/** The short name of a tenant. */
export const Slug = (options?: FieldOptions): PropertyDecorator =>
  Pattern(SLUG, 40, '3-40 lower-case letters, digits and hyphens, a letter first, no hyphen last', options);
