import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DemoLogin } from './runtime-file.js';

/** Slug of the demo's tenant. */
export const DEMO_TENANT = 'fluxion-demo';

/** Somebody who may look at the demo and change nothing: the password is in the API document, so that its log-in example runs. */
export const DEMO_VIEWER = { email: `visita@${DEMO_TENANT}.example`, password: 'solo-mirar-y-no-tocar' } as const;

/** The administrator that a development start signs up: generated once for each tenant, kept in DATA_DIR for its owner alone. */
export function demoLogin(dataDir: string, tenant: string): DemoLogin {
  const folder = path.join(dataDir, 'logins');
  const file = path.join(folder, `${tenant}.json`);
  if (existsSync(file)) {
    const login: DemoLogin = JSON.parse(readFileSync(file, 'utf8'));
    return login;
  }
  const login = { tenant, email: `admin@${tenant}.example`, password: randomBytes(12).toString('base64url') };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(login)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return login;
}
