import type { Reply } from './call.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What must not be seen: ids of rows, and a word that all their names carry. */
export interface Secrets {
  ids: ReadonlySet<string>;
  mark?: string;
}

/** Secrets that a reply tells although its request did not say them. */
export function leaksIn(reply: Reply, secrets: Secrets, said = ''): string[] {
  const seen = `${reply.text} ${[...reply.headers.values()].join(' ')}`;
  const ids = [...new Set(seen.match(UUID))].filter((id) => secrets.ids.has(id) && !said.includes(id));
  const { mark } = secrets;
  return mark !== undefined && !said.includes(mark) && seen.includes(mark) ? [...ids, mark] : ids;
}

/** The words of a refusal, to compare two: what names the request itself is left out. */
export function wordsOf({ status, text }: Reply, ...ids: string[]): { status: number; text: string } {
  let words = text.replace(/"requestId":"[^"]*"/, '');
  for (const id of ids) words = words.replaceAll(id, '<id>');
  return { status, text: words };
}
