/**
 * Recognising a caller whose token was seen before (signature, session, user and tenant from memory) against verifying the token each time.
 *
 *   npm run bench -- token-check [--json] [--checks 200000]
 *
 * A thousand tokens in turn, in this process alone: memory holds what the registry would be asked once.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { NotifiedCache } from '../dist/kernel/database/notified-cache.js';
import { uuidV7 } from '../dist/kernel/database/uuid-v7.js';
import { AccessTokens } from '../dist/tenancy/auth/access-tokens.js';
import { RequestAuthenticator } from '../dist/tenancy/auth/request-authenticator.js';
import { reporter } from './support/report.mjs';

const { values: args } = parseArgs({ options: { json: { type: 'boolean' }, checks: { type: 'string' } } });
const CHECKS = Number(args.checks ?? 200_000);
const TARGET_US = 20;

const key = { kid: 'bench', secret: randomBytes(32) };
const tokens = new AccessTokens({ current: () => key, byId: () => key });
const tenantId = uuidV7();
const user = { userId: uuidV7(), tenantId, role: 'admin', isActive: true, stores: null, permissions: new Set() };
const memory = (value) => new NotifiedCache({ max: 20_000, trusted: () => true, load: async () => value });
const access = { users: memory(user), sessions: memory(true), keys: memory(undefined) };
const tenants = { peek: () => ({ id: tenantId }) };
const sut = new RequestAuthenticator(tokens, access, tenants, {});
const list = await Promise.all(
  Array.from({ length: 1000 }, () => tokens.sign({ userId: user.userId, tenantId, sessionId: uuidV7() }, 'admin')),
);
for (const token of list) await sut.authenticate(token);

/** Microseconds of CPU a check, the best of five rounds. */
async function cost(checks, check) {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < checks; i++) await check(list[i % list.length]);
    const { user: own, system } = process.cpuUsage(before);
    best = Math.min(best, (own + system) / checks);
  }
  return best;
}

const report = reporter('token-check', args.json);
const recognised = await cost(CHECKS, (token) => sut.tenant(sut.authenticate(token).tenantId));
const verified = await cost(CHECKS / 50, (token) => tokens.verify(token));
report.line({
  metric: 'known token recognised',
  value: recognised,
  unit: 'us CPU',
  n: CHECKS,
  baseline: 'signature verified each time',
  baselineValue: verified,
  target: TARGET_US,
  judge: 'value',
});
process.exitCode = report.code;
