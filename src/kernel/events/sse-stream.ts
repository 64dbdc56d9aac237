import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

export interface SseMessage {
  /** what the client sends back as Last-Event-ID */
  id?: string;
  event?: string;
  /** sent as JSON */
  data: unknown;
}

export interface SseOptions {
  /** ms between comments that keep proxies from closing an idle connection, default 15 s */
  heartbeat?: number;
  /** ms that a client may leave a message unread before it is cut off, default 10 s */
  patience?: number;
  /** ms after which the client has to connect (and authenticate) again, default one hour */
  maxAge?: number;
}

export type SseResponse = Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'on' | 'destroyed' | 'flushHeaders'>;

function line(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${name}: ${value.replace(/[\r\n]+/g, ' ')}\n`;
}

/** The text of one message on the wire. */
export function sseText({ id, event, data }: SseMessage): string {
  return `${line('id', id)}${line('event', event)}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * A server-sent event stream to one client. Nothing is buffered here: `send` waits until the client has taken what was sent, and a
 * client that does not is cut off; it comes back with Last-Event-ID.
 */
export class SseStream {
  private readonly end = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly patience: number;

  constructor(
    private readonly response: SseResponse,
    headers: Readonly<Record<string, string>> = {},
    { heartbeat = 15_000, patience = 10_000, maxAge = 3_600_000 }: SseOptions = {},
  ) {
    this.patience = patience;
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    response.on('close', () => this.close());
    response.on('error', () => this.close());
    this.timers.push(
      setInterval(() => void this.write(': \n\n'), heartbeat),
      setTimeout(() => this.close(), maxAge),
    );
    for (const timer of this.timers) timer.unref();
  }

  /** aborts when the stream ends, whoever ended it */
  get closed(): AbortSignal {
    return this.end.signal;
  }

  /** @returns false when the stream is over */
  send(message: SseMessage): Promise<boolean> {
    return this.write(sseText(message));
  }

  close(): void {
    if (this.end.signal.aborted) return;
    for (const timer of this.timers) clearTimeout(timer);
    this.end.abort();
    this.response.end();
  }

  private async write(text: string): Promise<boolean> {
    if (this.end.signal.aborted) return false;
    if (this.response.write(text)) return true;
    try {
      const tooLong = AbortSignal.timeout(this.patience);
      await once(this.response as unknown as NodeJS.EventEmitter, 'drain', {
        signal: AbortSignal.any([this.end.signal, tooLong]),
      });
      return true;
    } catch {
      this.close();
      return false;
    }
  }
}
