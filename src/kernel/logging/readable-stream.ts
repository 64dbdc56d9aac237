import type { DestinationStream } from 'pino';

const SHOWN_ELSEWHERE = new Set(['level', 'time', 'message', 'context', 'stack', 'tenant', 'requestId', 'pid', 'via', 'user']);

/** Turns pino's JSON lines into lines for eyes: time, level, context, text, tenant, then whatever else was noted. */
export function readableStream(to: DestinationStream): DestinationStream {
  return { write: (line: string) => to.write(readableLine(line)) };
}

/** One JSON line as readable text; a line that is no JSON stays as it is. */
export function readableLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '');
  const time = typeof entry['time'] === 'number' ? new Date(entry['time']).toISOString().slice(11, 23) : '';
  const rest = Object.entries(entry).filter(([key, value]) => !SHOWN_ELSEWHERE.has(key) && value !== null);
  const extra = rest.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const context = text('context') === '' ? '' : `[${text('context')}]`;
  const tenant = text('tenant') === '' ? '' : `(${text('tenant')})`;
  const head = [time, text('level').toUpperCase().padEnd(5), context, text('message'), tenant, ...extra]
    .filter(Boolean)
    .join(' ');
  return text('stack') === '' ? `${head}\n` : `${head}\n${text('stack')}\n`;
}
