import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** The queue of a pool is full: the caller should slow down (or try again later). */
export class PoolFullError extends Error {
  override name = 'PoolFullError';
}

/** The pool was closed before the task was done. */
export class PoolClosedError extends Error {
  override name = 'PoolClosedError';
}

/** A task ran longer than allowed; its thread was ended. */
export class TaskTimeoutError extends Error {
  override name = 'TaskTimeoutError';
}

/** A thread died twice over the same task. */
export class ThreadCrashError extends Error {
  override name = 'ThreadCrashError';
}

/** What a thread answers to each task that it is sent. */
export type ThreadReply<Result> = { result: Result } | { error: string };

export interface PoolOptions {
  /** module that every thread runs: it answers each message (a task) with one ThreadReply */
  entry: URL;
  /** threads; default: cores - 1, at least 1 */
  size?: number;
  /** tasks that may wait for a thread; default 64 */
  maxWaiting?: number;
  /** default limit of one task in ms; default five minutes */
  timeoutMs?: number;
}

export interface RunOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

interface Ticket<Task, Result> {
  task: Task;
  timeoutMs: number;
  crashes: number;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
  /** set once the ticket is settled or given up */
  done: boolean;
}

interface Thread<Task, Result> {
  worker: Worker;
  ticket: Ticket<Task, Result> | null;
  timer: NodeJS.Timeout | null;
}

/**
 * A fixed number of worker threads that take tasks one at a time from a bounded queue. A thread that crashes is replaced and its task tried
 * once more; a task that times out or is aborted takes its thread with it. Threads start when first needed and do not keep the process alive
 * while idle.
 */
export class WorkerPool<Task, Result> {
  private readonly threads: Thread<Task, Result>[] = [];
  private readonly waiting: Ticket<Task, Result>[] = [];
  private readonly size: number;
  private closed = false;

  /** @param send posts a task to a thread; it must leave the task usable, since it may be sent twice */
  constructor(
    private readonly options: PoolOptions,
    private readonly send: (worker: Worker, task: Task) => void = (worker, task) => worker.postMessage(task, []),
  ) {
    this.size = Math.max(1, options.size ?? availableParallelism() - 1);
  }

  /** Tasks in work and waiting. */
  get load(): { running: number; waiting: number } {
    return { running: this.threads.filter(({ ticket }) => ticket !== null).length, waiting: this.waiting.length };
  }

  /**
   * Runs one task in a thread.
   *
   * @throws PoolFullError, PoolClosedError, TaskTimeoutError, ThreadCrashError, the signal's reason, or an Error with the task's own message
   */
  run(task: Task, { signal, timeoutMs = this.options.timeoutMs ?? 300_000 }: RunOptions = {}): Promise<Result> {
    if (this.closed) return Promise.reject(new PoolClosedError('The worker pool is closed'));
    if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
    const limit = this.options.maxWaiting ?? 64;
    if (this.waiting.length >= limit) return Promise.reject(new PoolFullError(`The worker pool has ${limit} tasks waiting`));
    return new Promise<Result>((resolve, reject) => {
      const ticket: Ticket<Task, Result> = { task, timeoutMs, crashes: 0, resolve, reject, done: false };
      const abort = (): void => this.giveUp(ticket, signal === undefined ? undefined : reasonOf(signal));
      signal?.addEventListener('abort', abort, { once: true });
      const release = (): void => signal?.removeEventListener('abort', abort);
      ticket.resolve = (result) => (release(), resolve(result));
      ticket.reject = (reason) => (release(), reject(reason));
      this.waiting.push(ticket);
      this.dispatch();
    });
  }

  /** Ends all threads; tasks in work and waiting are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    const threads = this.threads.splice(0);
    const tickets = [...this.waiting.splice(0), ...threads.flatMap(({ ticket }) => (ticket === null ? [] : [ticket]))];
    for (const ticket of tickets) settle(ticket, () => ticket.reject(new PoolClosedError('The worker pool was closed')));
    await Promise.all(threads.map((thread) => this.end(thread)));
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && !this.closed) {
      const thread =
        this.threads.find(({ ticket }) => ticket === null) ?? (this.threads.length < this.size ? this.start() : undefined);
      if (thread === undefined) return;
      this.assign(thread, this.waiting.shift()!);
    }
  }

  private start(): Thread<Task, Result> {
    const worker = new Worker(this.options.entry);
    const thread: Thread<Task, Result> = { worker, ticket: null, timer: null };
    worker.on('message', (reply: ThreadReply<Result>) => this.answer(thread, reply));
    worker.on('error', (error) => this.crash(thread, error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.crash(thread, `exit code ${code}`));
    this.threads.push(thread);
    return thread;
  }

  private assign(thread: Thread<Task, Result>, ticket: Ticket<Task, Result>): void {
    thread.ticket = ticket;
    thread.worker.ref();
    const late = (): void => this.giveUp(ticket, new TaskTimeoutError(`The task took longer than ${ticket.timeoutMs} ms`));
    thread.timer = setTimeout(late, ticket.timeoutMs);
    try {
      this.send(thread.worker, ticket.task);
    } catch (error) {
      this.release(thread);
      settle(ticket, () => ticket.reject(error));
    }
  }

  private release(thread: Thread<Task, Result>): Ticket<Task, Result> | null {
    const { ticket } = thread;
    if (thread.timer !== null) clearTimeout(thread.timer);
    thread.timer = null;
    thread.ticket = null;
    thread.worker.unref();
    return ticket;
  }

  private answer(thread: Thread<Task, Result>, reply: ThreadReply<Result>): void {
    const ticket = this.release(thread);
    if (ticket !== null)
      settle(ticket, () => ('result' in reply ? ticket.resolve(reply.result) : ticket.reject(new Error(reply.error))));
    this.dispatch();
  }

  private crash(thread: Thread<Task, Result>, why: string): void {
    // 'error' is followed by 'exit', and an ended thread exits too: only the first counts
    if (!this.remove(thread)) return;
    const ticket = this.release(thread);
    if (ticket !== null && ++ticket.crashes < 2) this.waiting.unshift(ticket);
    else if (ticket !== null)
      settle(ticket, () => ticket.reject(new ThreadCrashError(`The thread died twice over one task: ${why}`)));
    this.dispatch();
  }

  private giveUp(ticket: Ticket<Task, Result>, reason: unknown): void {
    const at = this.waiting.indexOf(ticket);
    if (at >= 0) this.waiting.splice(at, 1);
    const thread = this.threads.find((one) => one.ticket === ticket);
    if (thread !== undefined) {
      this.remove(thread);
      void this.end(thread);
    }
    settle(ticket, () => ticket.reject(reason));
    this.dispatch();
  }

  private remove(thread: Thread<Task, Result>): boolean {
    const at = this.threads.indexOf(thread);
    if (at >= 0) this.threads.splice(at, 1);
    return at >= 0;
  }

  private async end(thread: Thread<Task, Result>): Promise<void> {
    this.release(thread);
    await thread.worker.terminate();
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The task was aborted');
}

function settle(ticket: { done: boolean }, act: () => void): void {
  if (ticket.done) return;
  ticket.done = true;
  act();
}
