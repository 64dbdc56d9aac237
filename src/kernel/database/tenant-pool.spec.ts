import { once } from 'node:events';
import net from 'node:net';
import pg from 'pg';
import { problemOfDatabaseError } from '../errors/database-errors.js';
import { endPool } from './bounds.js';
import type { TenantRef } from './tenant-context.js';
import { TenantPool, type TenantPoolOptions } from './tenant-pool.js';
import { runFlight, TenantTransaction } from './tenant-session.js';
import { openTopology, withClient } from './topology.js';

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
/** AuthenticationOk, ReadyForQuery */
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const REFUSED = message('E', Buffer.from('SERROR\0C42501\0Mno\0\0'));

let server: net.Server;
const sockets: net.Socket[] = [];

/** A database that gives these answers, one for each thing it is told, and is silent from then on: it does not even hang up. */
async function listen(...answers: Buffer[]): Promise<pg.ClientConfig & { port: number }> {
  server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    const left = [...answers];
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const answer = left.shift();
      if (answer) socket.write(answer);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo;
  return { host: '127.0.0.1', port, user: 'a', password: 'b', database: 'c', connectionTimeoutMillis: 200 };
}

const newPool = (connection: pg.ClientConfig, options: Partial<TenantPoolOptions> = {}) =>
  new TenantPool({ connection, max: 2, ...options });

describe('TenantPool before a silent database', () => {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('should give up connecting, with an error that says "not now"', async () => {
    const sut = newPool(await listen());
    const error: unknown = await sut.acquire('a').catch((caught: unknown) => caught);
    expect(problemOfDatabaseError(error)?.code).toBe('http.unavailable');
    expect(sut.stats).toEqual({ total: 0, busy: 0, waiting: 0 });
    await sut.end();
  });

  it('should bound every lane by itself', async () => {
    const { port } = await listen();
    const error: unknown = await openTopology({ DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/c` }).catch(
      (caught: unknown) => caught,
    );
    expect(problemOfDatabaseError(error)?.code).toBe('http.unavailable');
  });

  it('should know the words of a pool that gives up, too', async () => {
    const pool = new pg.Pool(await listen());
    const error: unknown = await pool.query('SELECT 1').catch((caught: unknown) => caught);
    expect(problemOfDatabaseError(error)?.code).toBe('http.unavailable');
    await pool.end();
  });

  it('should give a statement up that is never answered, and the connection with it', async () => {
    const sut = newPool(await listen(WELCOME), { prepared: false });
    const tenant = { id: 'a-b', role: 'r_ab', schema: 's' } as TenantRef;
    const actor = { user: null, role: null, stores: null, via: 'test' };
    const asked = runFlight({ pool: sut, tenant, actor, timeoutMs: 0 }, { text: 'SELECT 1' });
    expect(problemOfDatabaseError(await asked.catch((error: unknown) => error))?.code).toBe('http.unavailable');
    expect(sut.stats).toEqual({ total: 0, busy: 0, waiting: 0 });
    await sut.end();
  });

  it('should give up a COMMIT that is never answered, also behind a statement that is', async () => {
    const done = (tag: string) => Buffer.concat([message('2', Buffer.alloc(0)), message('C', Buffer.from(`${tag}\0`))]);
    const ready = message('Z', Buffer.from('T'));
    const begun = Buffer.concat([done('BEGIN'), done('SELECT 1'), done('SELECT 0'), ready]);
    const sut = newPool(await listen(WELCOME, begun, Buffer.concat([done('SELECT 0'), ready])), { prepared: false });
    const tenant = { id: 'a-b', role: 'r_ab', schema: 's' } as TenantRef;
    const actor = { user: null, role: null, stores: null, via: 'test' };
    const transaction = new TenantTransaction({ pool: sut, tenant, actor, timeoutMs: 0 });
    await transaction.query('SELECT');
    const before = transaction.query('SELECT');
    const [last] = transaction.last([{ text: 'SELECT', values: [], name: undefined }]);
    const [answered, unanswered] = await Promise.allSettled([before, last]);
    expect(answered).toMatchObject({ status: 'fulfilled', value: { command: 'SELECT' } });
    expect(unanswered).toMatchObject({ status: 'rejected' });
    const error: unknown = await transaction.commit().catch((caught: unknown) => caught);
    expect(problemOfDatabaseError(error)?.code).toBe('http.unavailable');
    expect(sut.stats).toEqual({ total: 0, busy: 0, waiting: 0 });
    await sut.end();
  });

  it('should end although a statement is never answered', async () => {
    const sut = newPool(await listen(WELCOME), { prepared: false });
    const { client } = await sut.acquire('a');
    const statement = client.query('SELECT 1').catch((error: Error) => error.message);
    await sut.end();
    expect(await statement).toContain('Connection terminated');
  });

  it('should end although nobody takes its leave of an idle connection', async () => {
    const sut = newPool(await listen(WELCOME), { prepared: false });
    (await sut.acquire('a')).release();
    await sut.end();
    expect(sut.stats.total).toBe(0);
  });

  it('should end a pool of pg and a connection of its own all the same', async () => {
    const connection = await listen(WELCOME);
    const pool = new pg.Pool(connection);
    (await pool.connect()).on('error', () => undefined);
    await endPool(pool);
    await expect(withClient(connection, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('should keep no connection that could not be prepared', async () => {
    const sut = newPool(await listen(WELCOME, REFUSED));
    await expect(sut.acquire('a')).rejects.toMatchObject({ code: '42501' });
    if (!sockets[0]!.readableEnded) await once(sockets[0]!, 'end');
    await sut.end();
  });
});
