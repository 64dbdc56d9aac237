/** Members whose values never reach a log, whatever they are called around this stem. */
const SECRET_KEY = /pass(word|wd)?$|passphrase|secret|token|authorization|cookie|api[-_]?key|credential|^k$|hash$|totp|otp$/i;

/** Secrets inside text: URLs with a password, bearer tokens, JWTs, our API keys. */
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s@/]+@/gi, '$1***@'],
  [/\b(Bearer)\s+[^\s"']+/gi, '$1 ***'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, '***'],
  // names of database roles begin alike and are no secret
  [/\bflx_(?![0-9a-f]{8}_)[\w-]{16,}/g, '***'],
];

const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

/** A copy of what is to be logged, without secrets and bounded in depth. Text is searched for secrets as well. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Date) return value;
  if (value instanceof Error) return { name: value.name, message: redactText(value.message) };
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((entry) => redacted(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, entry]) => [key, SECRET_KEY.test(key) ? '***' : redacted(entry, depth + 1)]),
  );
}

/** Text with the secrets in it blotted out. */
export function redactText(text: string): string {
  let result = text;
  for (const [pattern, replacement] of SECRET_TEXT) result = result.replace(pattern, replacement);
  return result;
}
