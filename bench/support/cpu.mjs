// CPU time of processes in microseconds, from the kernel's scheduler statistics (nanoseconds; /proc/PID/stat knows only 10 ms).
import { readFileSync, readdirSync } from 'node:fs';

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
};

/** Microseconds that all threads of a living process have run; Infinity-free: 0 for one that is gone. */
export function cpuOfProcess(pid) {
  let nanoseconds = 0;
  let threads;
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return 0;
  }
  for (const thread of threads) nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ', 1)[0] || 0);
  return nanoseconds / 1000;
}

/** Direct children of a process. */
export function childrenOf(pid) {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/**
 * CPU of a process and of its children, living and ended. The server's background processes are children too: what a statement leaves to
 * the writer of the log counts.
 */
export class ProcessTree {
  constructor(pid) {
    this.pid = pid;
    this.last = new Map();
    this.ended = 0;
  }

  /** Microseconds since the first call; a child that ended between two calls counts up to the call before its end. */
  read() {
    const now = new Map([this.pid, ...childrenOf(this.pid)].map((pid) => [pid, cpuOfProcess(pid)]));
    for (const [pid, us] of this.last) if (!now.has(pid)) this.ended += us;
    this.last = now;
    return this.ended + [...now.values()].reduce((sum, us) => sum + us, 0);
  }
}

/** Highest resident memory of a process so far, bytes (VmHWM). */
export function peakMemory(pid) {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}
