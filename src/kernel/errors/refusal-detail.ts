/**
 * What the database told of the rule or constraint that it refused a statement for: the JSON of the error's DETAIL. Undefined for any other
 * error, and for one without a detail.
 */
export function refusalDetail<T>(error: unknown, rule: string): T | undefined {
  const { constraint, detail } = error as { constraint?: unknown; detail?: unknown };
  return constraint === rule && typeof detail === 'string' ? (JSON.parse(detail) as T) : undefined;
}
