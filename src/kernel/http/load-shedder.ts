import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ProblemError } from '../errors/problem-error.js';

const SAMPLE_MS = 200;
/** an event loop this late serves nobody well: new work is better sent elsewhere or later */
const MAX_LAG_MS = 1_000;
/** what a client may take to send its body: a request that waits for one takes a place */
const BODY_MS = 20_000;
const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Refuses new requests (503 with Retry-After) while too many run, the event loop is late, or the process is stopping.
 * A refusal takes microseconds; queueing instead would make every client wait and time out.
 */
@Injectable()
export class LoadShedder implements OnApplicationShutdown {
  /** the requests that run, by their responses, and when their bodies have to be in */
  private readonly held = new Map<ServerResponse, number>();
  private readonly sockets = new WeakSet<Socket>();
  private lag = 0;
  private stopped = false;
  private expected = performance.now() + SAMPLE_MS;
  private readonly timer: NodeJS.Timeout;
  private readonly max: number;

  constructor(config: Config) {
    this.max = config.MAX_IN_FLIGHT;
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
    this.timer.unref();
  }

  /**
   * Counts a request in until its response or its connection is over, or throws.
   * @param takesTime its body may come slowly: an upload
   */
  enter(response: ServerResponse, takesTime = false): void {
    if (this.isStopping) throw new ProblemError('http.unavailable');
    if (this.held.size >= this.max) this.forgetFinished();
    if (this.held.size >= this.max || this.lag > MAX_LAG_MS) throw new ProblemError('http.overloaded');
    this.held.set(response, takesTime ? Infinity : performance.now() + BODY_MS);
    response.once('close', () => this.held.delete(response));
    this.watch(response.req.socket);
  }

  /** From now on every new request is refused. */
  stop(): void {
    this.stopped = true;
  }

  get isStopping(): boolean {
    return this.stopped;
  }

  get running(): number {
    return this.held.size;
  }

  /** Resolves when no request runs any more, or after `patience` milliseconds. @returns whether all were done */
  async drained(patience: number): Promise<boolean> {
    const until = performance.now() + patience;
    while (this.running > 0 && performance.now() < until) await delay(10);
    return this.running === 0;
  }

  get lagMs(): number {
    return this.lag;
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const now = performance.now();
    this.lag = Math.max(0, now - this.expected);
    this.expected = now + SAMPLE_MS;
    for (const [response, deadline] of this.held) if (now > deadline && !response.req.complete) refuseSlow(response);
  }

  /** A finished answer behind one that stays open (pipelining) is not closed before that one is. */
  private forgetFinished(): void {
    for (const response of this.held.keys()) if (response.writableEnded) this.held.delete(response);
  }

  /** A response that waits behind another of its connection (pipelining) is never closed when the client leaves. */
  private watch(socket: Socket): void {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => {
      for (const response of this.held.keys()) if (response.req.socket === socket) this.held.delete(response);
    });
  }
}

function refuseSlow({ req, socket }: ServerResponse): void {
  // behind another answer of its connection it may not speak
  if (socket === null) req.destroy();
  else socket.end(TOO_SLOW, () => req.destroy());
}
