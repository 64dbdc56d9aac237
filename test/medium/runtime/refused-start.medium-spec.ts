import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DIST = path.resolve(import.meta.dirname, '../../../dist');
const PROGRAMS = {
  'node dist/main.js': [path.join(DIST, 'main.js')],
  'node dist/worker.js': [path.join(DIST, 'worker.js')],
  'npm start': ['-e', `import(${JSON.stringify(path.join(DIST, 'start.js'))}).then(({ start }) => start([]))`],
  'npx fluxion tenant list': [path.join(DIST, 'cli.js'), 'tenant', 'list'],
};

describe('a start in production', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const run = (program: keyof typeof PROGRAMS, env: Record<string, string>) => {
    const { status, stderr } = spawnSync(process.execPath, PROGRAMS[program], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], DATA_DIR: path.join(home, 'data'), NODE_ENV: 'production', ...env },
    });
    return { status, reasons: [...stderr.matchAll(/^ {2}- (\w+)/gm)].map(([, name]) => name), stack: /^\s+at /m.test(stderr) };
  };

  it.each(['node dist/main.js', 'node dist/worker.js', 'npm start'] as const)('should name all that %s misses', (program) => {
    expect(run(program, {})).toEqual({
      status: 1,
      reasons: ['JWT_KEYS_FILE', 'VAULT_KEYS_FILE', 'DATABASE_URL'],
      stack: false,
    });
  });

  it.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])('should refuse a superuser and the demo in %s', (program) => {
    const { TEST_DATABASE_URL: url = '' } = process.env;
    expect(run(program, { DATABASE_URL: url, FLUXION_DEMO: '1' })).toEqual({
      status: 1,
      reasons: ['FLUXION_DEMO', 'JWT_KEYS_FILE', 'VAULT_KEYS_FILE', 'DATABASE_URL'],
      stack: false,
    });
  });
});
