import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { pointerSegment } from '../errors/field-errors.js';
import { isStorable, report, type Reader, type Reading } from './field-readers.js';

export type DtoClass<T extends object = object> = new () => T;

/** What a field decorator knows of its property. Kept in class-validator's storage, so that PartialType, PickType, OmitType and IntersectionType inherit it. */
export interface FieldSpec {
  readonly read: Reader;
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly fallback?: unknown;
}

/** Marks entries of class-validator's storage that are ours. */
export class FieldSpecHolder {
  constructor(readonly spec: FieldSpec) {}
}

interface PlannedField {
  readonly name: string;
  readonly segment: string;
  readonly spec: FieldSpec;
  readonly optional: boolean;
  readonly fallback: unknown;
}

interface Plan {
  readonly fields: readonly PlannedField[];
  readonly names: ReadonlySet<string>;
  readonly prototype: object;
}

const plans = new WeakMap<DtoClass, Plan>();

/** Whether the class has field decorators, its own or inherited. */
export function isDto(target: unknown): target is DtoClass {
  return typeof target === 'function' && planOf(target as DtoClass).fields.length > 0;
}

/**
 * Reads `input` as `target`: every field checked and converted once, unknown ones refused. Faults go to `reading.errors`,
 * and the result is only of use when there are none. Absent optional fields are absent from the result.
 */
export function readDto<T extends object>(target: DtoClass<T>, input: unknown, pointer: string, reading: Reading): T | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return report(reading, pointer, 'field.type', { expected: 'object' });
  const plan = planOf(target);
  const source = input as Record<string, unknown>;
  const result = Object.create(plan.prototype) as Record<string, unknown>;
  for (const field of plan.fields) readField(field, source, result, pointer, reading);
  for (const key of Object.keys(source)) {
    if (!plan.names.has(key)) reportUnknown(key, pointer, reading);
  }
  return result as T;
}

function readField(
  field: PlannedField,
  source: Record<string, unknown>,
  result: Record<string, unknown>,
  pointer: string,
  reading: Reading,
): void {
  const value = Object.hasOwn(source, field.name) ? source[field.name] : undefined;
  if (value === undefined) {
    if (field.fallback !== undefined) result[field.name] = field.fallback;
    else if (!field.optional) report(reading, `${pointer}/${field.segment}`, 'field.required');
  } else if (value === null) {
    if (field.spec.nullable) result[field.name] = null;
    else report(reading, `${pointer}/${field.segment}`, 'field.null');
  } else {
    result[field.name] = field.spec.read(value, `${pointer}/${field.segment}`, reading);
  }
}

function reportUnknown(key: string, pointer: string, reading: Reading): void {
  const shown = isStorable(key) ? key.slice(0, 100) : '?';
  report(reading, `${pointer}/${pointerSegment(shown)}`, 'field.unknown');
}

function planOf(target: DtoClass): Plan {
  const known = plans.get(target);
  if (known) return known;
  const plan = makePlan(target);
  plans.set(target, plan);
  return plan;
}

/** Base classes come first in the storage's answer only for own metadata; a subclass's field replaces its parent's. */
function makePlan(target: DtoClass): Plan {
  const specs = new Map<string, FieldSpec>();
  const relaxed = new Set<string>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(target, '', true, false)) {
    const holder: unknown = metadata.constraints?.[0];
    if (holder instanceof FieldSpecHolder && !specs.has(metadata.propertyName)) specs.set(metadata.propertyName, holder.spec);
    // PartialType says "optional" this way
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) relaxed.add(metadata.propertyName);
  }
  const initial = specs.size > 0 ? (new target() as Record<string, unknown>) : {};
  const fields = [...specs].map(([name, spec]) => ({
    name,
    segment: pointerSegment(name),
    spec,
    optional: spec.optional || relaxed.has(name),
    // a default makes no sense in a partial update: it would reset what the client did not mention
    fallback: relaxed.has(name) ? undefined : (spec.fallback ?? initial[name]),
  }));
  return { fields, names: new Set(specs.keys()), prototype: target.prototype as object };
}
