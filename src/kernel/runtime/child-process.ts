import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { asError } from './system-error.js';
import { dropUnreadOutput } from './unread-output.js';

export interface ChildOptions {
  /** the module to run */
  module: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
  /** told the process of every start */
  onStart?: (pid: number) => void;
}

export interface SupervisedChild {
  readonly pid: number | undefined;
  /** resolves when the child has said for the first time that it is ready; rejects if it is stopped before or never gets there */
  readonly ready: Promise<void>;
  /** Asks the child to finish its work and waits; kills it after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
  /** ends it at once */
  kill(): void;
}

/** What a child says to the process that supervises it, once it works. */
export const READY = 'ready';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** ends before a first start is given up */
const FIRST_CHANCES = 4;
const HEALTHY_AFTER_MS = 30_000;

/**
 * Keeps a node process running: one that ends is started again, with growing pauses while it ends soon.
 * The child sees the channel close when we are gone, however we died, and ends by itself (see `superviseSelf`).
 */
export function superviseChild(options: ChildOptions): SupervisedChild {
  let child: ChildProcess | undefined;
  let stopping = false;
  let pause = SHORTEST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  const said = new EventEmitter();
  const given = new AbortController();
  const ready = once(said, READY, { signal: given.signal }).then(() => undefined);
  ready.catch(() => undefined);
  // once it was ready nobody waits for the news any more
  said.on('error', () => undefined);
  let chances = FIRST_CHANCES;

  const again = (startedAt: number, why: string): void => {
    child = undefined;
    if (stopping) return;
    if (Date.now() - startedAt > HEALTHY_AFTER_MS) pause = SHORTEST_PAUSE_MS;
    options.log(`${why}; started again in ${pause} ms`);
    timer = setTimeout(start, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    if (--chances === 0) said.emit('error', new Error('the worker does not start: see its messages above'));
  };
  const start = (): void => {
    const startedAt = Date.now();
    try {
      child = launch(
        options,
        () => said.emit(READY),
        (why) => again(startedAt, why),
      );
    } catch (error) {
      again(startedAt, `worker did not start: ${asError(error).message}`);
    }
  };
  start();
  return {
    get pid() {
      return child?.pid;
    },
    ready,
    async stop(patienceMs) {
      stopping = true;
      clearTimeout(timer);
      given.abort();
      if (child) await end(child, patienceMs);
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}

/**
 * For the child: runs `open`, tells the parent that it works, and closes what `open` returned once: when the parent asks for it,
 * when the parent is gone, or on SIGTERM. Before it works there is nothing to finish, so it just ends.
 * A Ctrl-C reaches the whole terminal group: a child leaves it to its parent, a process alone obeys.
 */
export async function superviseSelf(open: () => Promise<() => Promise<void>>): Promise<void> {
  dropUnreadOutput();
  let close: (() => Promise<void>) | undefined;
  let ending = false;
  const finish = (): void => {
    if (ending) return;
    ending = true;
    if (!close) process.exit(0);
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', finish);
  process.on('SIGINT', () => (process.connected ? undefined : finish()));
  process.on('disconnect', finish);
  close = await open();
  if (process.connected) process.send?.(READY);
}

/** @param onEnd told once why there is no such process any more, or never was one */
function launch({ module, env, log, onStart }: ChildOptions, onReady: () => void, onEnd: (why: string) => void): ChildProcess {
  const child = fork(module, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { pid } = child;
  child.on('message', (message) => message === READY && onReady());
  // a process that the system could not start (no memory, no descriptors, no such program) never exits
  child.on('error', ({ message }) => (pid === undefined ? onEnd(`worker did not start: ${message}`) : log(`worker: ${message}`)));
  child.once('exit', (code, signal) => onEnd(`worker ${pid} ended with ${signal ?? `code ${code}`}`));
  try {
    if (pid !== undefined) onStart?.(pid);
  } catch (error) {
    log(`worker ${pid} runs, but: ${asError(error).message}`);
  }
  return child;
}

async function end(child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
}
