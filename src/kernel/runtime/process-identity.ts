import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { isShortage, systemErrorCode } from './system-error.js';

/** What the operating system says of a process that is alive; a zombie counts as dead. */
export interface ProcessIdentity {
  readonly pid: number;
  /** argv, or the whole command line as one element where the system gives no list */
  readonly argv: readonly string[];
  /** changes when the number is given to another process; '' where the system does not tell */
  readonly startedAt: string;
  /** the executable file was replaced or removed since the process started */
  readonly executableGone: boolean;
}

/**
 * Looks a process up by its number.
 * A number alone proves nothing: after a crash it may belong to a stranger, or to a killed process that nobody has reaped yet.
 * @throws when the system cannot look: a process must not be taken for dead by whoever is out of descriptors
 */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') return identifyByProc(pid);
  if (!isSignalable(pid)) return undefined;
  return process.platform === 'win32' ? { pid, argv: [], startedAt: '', executableGone: false } : identifyByPs(pid);
}

/** Process state and start time of `/proc/<pid>/stat`; the name in brackets may itself hold brackets and spaces. */
export function parseProcStat(stat: string): { state: string; startedAt: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const { state, startedAt } = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (state === 'Z' || state === 'X') return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, argv, startedAt, executableGone: isExecutableGone(pid) };
  } catch (error) {
    if (isShortage(error)) throw error;
    return undefined;
  }
}

function isExecutableGone(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`).endsWith(' (deleted)');
  } catch {
    return false;
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const line = execFileSync('/bin/ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const match = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (!match?.[3] || match[1]?.startsWith('Z')) return undefined;
    return { pid, argv: [match[3]], startedAt: match[2] ?? '', executableGone: false };
  } catch (error) {
    if (isShortage(error)) throw error;
    return undefined;
  }
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
