import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { identify, parseProcStat } from './process-identity.js';

describe('parseProcStat', () => {
  it('should not be misled by a name with brackets and spaces', () => {
    const rest = Array.from({ length: 49 }, (_, index) => String(index + 4));
    expect(parseProcStat(`42 (a) Z (b)) S ${rest.join(' ')}`)).toEqual({ state: 'S', startedAt: '22' });
  });
});

describe('identify', () => {
  it('should know a process by its arguments and its start, and forget it when it ends', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)', 'a b', '']);
    await once(child, 'spawn');
    const found = identify(child.pid ?? 0);
    expect(found).toMatchObject({ pid: child.pid, executableGone: false });
    expect(found?.argv.join(' ')).toContain('a b');
    expect(identify(child.pid ?? 0)?.startedAt).toBe(found?.startedAt);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identify(child.pid ?? 0)).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.NaN, 4_194_304_000])('should know no process %d', (pid) => expect(identify(pid)).toBeUndefined());
});
