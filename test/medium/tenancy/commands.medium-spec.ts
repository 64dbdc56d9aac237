import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

const CLI = path.resolve(import.meta.dirname, '../../../dist/cli.js');

let db: MediumDatabase;
const home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
beforeAll(async () => {
  db = await openMediumDatabase('tenant_commands');
});
afterAll(async () => {
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

const fluxion = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATA_DIR: home, DATABASE_URL: db.url },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

describe('npx fluxion tenant', () => {
  it.each(['suspend', 'activate'])('should say at %s that there is no such tenant', (verb) => {
    expect(fluxion('tenant', verb, 'nope')).toEqual({ status: 2, stdout: '', stderr: 'fluxion: no such tenant: nope' });
  });

  it('should say in sentences what is wrong with a new tenant', () => {
    const { status, stderr } = fluxion('tenant', 'create', 'acme', '--name', 'Otra', '--email', 'nobody');
    expect(status).toBe(2);
    expect(stderr).toMatch(/\(http\.validation_failed\)\n {2}\/admin\/email: It must be an e-mail address\.$/);
  });

  it('should suspend and let in', async () => {
    const state = async () => (await db.root.query("SELECT status FROM shared.tenants WHERE slug = 'acme'")).rows;
    expect(fluxion('tenant', 'suspend', 'acme')).toMatchObject({ status: 0, stdout: 'acme is suspended' });
    expect(await state()).toEqual([{ status: 'suspended' }]);
    expect(fluxion('tenant', 'activate', 'acme')).toMatchObject({ status: 0, stdout: 'acme is active' });
    expect(await state()).toEqual([{ status: 'active' }]);
  });
});
