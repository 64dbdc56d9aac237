// The API as production runs it, in a process of its own, so that its CPU is its own; and a company of which we are the administrator.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOfProcess } from './cpu.mjs';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const ADDRESS = /https?:\/\/[\w.:[\]-]+:\d+/;

/** Starts a node program and waits until it has printed an address (or whatever tells that it is ready). What it prints after that is forgotten. */
export async function startServer(file, env, args = [], ready = ADDRESS) {
  const child = spawn(process.execPath, ['--no-warnings', file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // a bench that fails half-way leaves no server behind
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  let said = '';
  const url = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said = `${said}${chunk}`.slice(-20_000);
      const found = ready.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(() => reject(new Error(`${path.basename(file)} ended:\n${said}`)));
  });
  return {
    url,
    pid: child.pid,
    child,
    ended,
    /** CPU microseconds so far */
    cpu: () => cpuOfProcess(child.pid),
    said: () => said,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Environment of the product's processes on a database: production's logs and rules, without the limits of requests per minute. */
export function productEnvironment(database, folder) {
  const keys = path.join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [{ kid: 'bench', k: randomBytes(32).toString('base64url') }] }), { flag: 'a' });
  return {
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    JWT_KEYS_FILE: keys,
    VAULT_KEYS_FILE: keys,
    NODE_ENV: 'production',
    FLUXION_DEMO: '0',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    RATE_LIMITS: '0',
    SIGN_UP: 'open',
  };
}

/** @param {{ url: string, topology: object }} database of openBenchDatabase */
export async function startApi(database) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-bench-'));
  const env = { ...productEnvironment(database, folder), ...tenantLane(database) };
  const server = await startServer(path.join(dist, 'main.js'), env);
  return {
    ...server,
    env,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process that works on jobs, with the environment of an API. */
export function startWorker({ env }) {
  return startServer(path.join(dist, 'worker.js'), env, [], /works on the queues/);
}

/** Production refuses a superuser for tenant traffic: the login that the preparation has made, and the superuser for what is direct. */
function tenantLane({ url, topology: { tenant } }) {
  const [, rest] = /^postgres(?:ql)?:\/\/[^@/]*@?(\/.*)$/.exec(url) ?? [];
  if (rest === undefined) throw new Error(`an address without a socket: ${url}`);
  return { DATABASE_URL: `postgresql://${tenant.user}:${tenant.password}@${rest}`, DATABASE_DIRECT_URL: url };
}

/** A person at the API. */
export class Client {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  async call(method, url, body, headers = {}) {
    const plain = body === undefined || body instanceof FormData;
    const answer = await fetch(`${this.base}${url}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(plain ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = text === '' ? undefined : JSON.parse(text);
    if (answer.status >= 400) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
    return json;
  }
}

/** Uploads a file of the import's form and waits until it is taken in. @returns the finished import */
export async function takeIn(client, kind, name, text, patienceMs = 120_000) {
  const form = new FormData();
  form.append('kind', kind);
  form.append('file', new Blob([text]), name);
  const { importId } = await client.call('POST', '/v1/imports', form);
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(100)) {
    const done = await client.call('GET', `/v1/imports/${importId}`);
    if (done.status === 'completed') return done;
    if (done.status !== 'queued' && done.status !== 'running') throw new Error(`import of ${name}: ${JSON.stringify(done)}`);
  }
  throw new Error(`import of ${name} is not done after ${patienceMs / 1000} s`);
}

/** A new company with its administrator, logged in. */
export async function signUp(base, slug) {
  const password = randomBytes(12).toString('base64url');
  const email = `admin@${slug}.example`;
  const visitor = new Client(base);
  await visitor.call('POST', '/v1/tenants', { slug, name: slug, admin: { email, password, fullName: 'Bench' } });
  const { accessToken } = await visitor.call('POST', '/v1/auth/login', { email, password, tenant: slug });
  return Object.assign(new Client(base, accessToken), { email, password, slug });
}
