import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identify } from './process-identity.js';
import { isShortage, systemErrorCode } from './system-error.js';

/** Who holds a lock: the process and when it started, so that a recycled number is not taken for the holder. */
export interface LockHolder {
  pid: number;
  startedAt: string;
}

/**
 * Takes a lock that dies with its process: a file naming the holder, made in one step by a hard link.
 * @returns a function that releases the lock, or the holder that is alive
 */
export function tryLock(file: string): (() => void) | LockHolder {
  const mine: LockHolder = { pid: process.pid, startedAt: identify(process.pid)?.startedAt ?? '' };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  let takenOver = false;
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        if (!takenOver || isStillMine(file)) return () => rmSync(file, { force: true });
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (holder && isAlive(holder)) return holder;
      rmSync(file, { force: true });
      takenOver = true;
    }
  } finally {
    unlinkSync(draft);
  }
}

/** Takes the lock as soon as its holder lets go of it or dies. `onWait` is told once whom we wait for. */
export async function lock(file: string, onWait: (holder: LockHolder) => void): Promise<() => void> {
  let told = false;
  for (;;) {
    const taken = tryLock(file);
    if (typeof taken === 'function') return taken;
    if (!told) onWait(taken);
    told = true;
    await delay(100);
  }
}

/** Two that find the same dead holder may each remove it, the slower one the lock of the faster: the last to write has it. */
function isStillMine(file: string): boolean {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  return readHolder(file)?.pid === process.pid;
}

function readHolder(file: string): LockHolder | undefined {
  try {
    const holder: LockHolder = JSON.parse(readFileSync(file, 'utf8'));
    return holder;
  } catch (error) {
    if (isShortage(error)) throw error;
    return undefined;
  }
}

function isAlive(holder: LockHolder): boolean {
  const found = identify(holder.pid);
  return found !== undefined && (holder.startedAt === '' || found.startedAt === holder.startedAt);
}
