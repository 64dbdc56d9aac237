// `npm start` on a DATA_DIR, with the CPU of every process that it makes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childrenOf } from './cpu.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Ticks of /proc/PID/stat a second: Linux shows 100, whatever its timer does. */
const TICKS = 100;

/** Seconds of CPU of a process, and of those children that ended and were waited for. */
function timesOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
    return { own: (user + system) / TICKS, ended: (childUser + childSystem) / TICKS };
  } catch {
    return { own: 0, ended: 0 }; // it ended meanwhile: its parent has its time
  }
}

function argumentsOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Seconds of CPU by part: npm and its shell, main (supervisor and API), worker, postgres; initdb is main's ended child. */
function cpuByPart(root) {
  const parts = { npm: 0, main: 0, worker: 0, postgres: 0, initdb: 0 };
  const add = (pid, from) => {
    const program = argumentsOf(pid);
    const part =
      from === 'postgres' || /postgres -D /.test(program)
        ? 'postgres'
        : /worker\.js/.test(program)
          ? 'worker'
          : /^\S*node .*scripts\/start\.mjs/.test(program)
            ? 'main'
            : from;
    const { own, ended } = timesOf(pid);
    parts[part] += own;
    parts[part === 'main' ? 'initdb' : part] += ended;
    for (const child of childrenOf(pid)) add(child, part);
  };
  add(root, 'npm');
  return { ...parts, all: Object.values(parts).reduce((sum, seconds) => sum + seconds, 0) };
}

/**
 * Runs `npm start` and notes at each line that matters how much CPU and time has gone.
 * @param {string} dataDir
 * @param {string[]} until what the lines that matter hold, in their order; the start is stopped after the last
 * @returns {Promise<{ line: string, seconds: number, cpu: ReturnType<typeof cpuByPart> }[]>}
 */
export async function measureStart(dataDir, until) {
  const started = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', NODE_ENV: 'development', NO_UPDATE_NOTIFIER: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // a group of its own: a Ctrl-C is passed on by us, once
    detached: true,
  });
  const ended = once(child, 'exit');
  const marks = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes(until[marks.length])) continue;
      marks.push({ line, seconds: (performance.now() - started) / 1000, cpu: cpuByPart(child.pid) });
      if (marks.length === until.length) break;
    }
  } finally {
    child.stdout.resume();
    process.kill(-Number(child.pid), 'SIGINT');
    await ended;
  }
  if (marks.length < until.length) throw new Error(`npm start ended before it said "${until[marks.length]}"`);
  return marks;
}

/** CPU seconds of a program that runs to its end, with its children; nothing else that this process started may end meanwhile. */
export async function cpuOfRun(program, args, options) {
  const before = timesOf(process.pid).ended;
  const child = spawn(program, args, { stdio: 'ignore', ...options });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${path.basename(program)} ended with ${code}`);
  return timesOf(process.pid).ended - before;
}
