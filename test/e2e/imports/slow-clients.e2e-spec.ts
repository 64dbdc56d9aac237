import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { Api, signUp, until } from '../../support/api.js';

let sut: Api;
let schema: string;
const database = new pg.Client({ connectionString: process.env['APP_DATABASE_URL'] });

beforeAll(async () => {
  await database.connect();
  sut = await signUp();
  const { rows } = await database.query('SELECT schema_name FROM shared.tenants WHERE slug = $1', [sut.tenant]);
  schema = rows[0].schema_name;
}, 60_000);
afterAll(() => database.end());

/** More than one tenant may use connections at a time. */
const CLIENTS = 12;
const ROWS = 'sku,name\n'.padEnd(600_000, 'A,Arroz\n');
const BODY = `--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nproducts\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n${ROWS}\r\n--b--\r\n`;

/** Sends the first `bytes` of an upload. */
async function begin(bytes: number, headers = ''): Promise<Socket> {
  const { hostname, port } = new URL(sut.base);
  const client = connect(Number(port), hostname);
  client.on('error', () => undefined);
  await once(client, 'connect');
  client.write(
    `POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sut.token}\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
      `Content-Length: ${BODY.length}\r\n${headers}\r\n${BODY.slice(0, bytes)}`,
  );
  return client;
}

const stored = async (): Promise<number> => {
  const { rows } = await database.query(`SELECT count(*)::int AS n FROM ${schema}.imports WHERE status = 'uploading'`);
  return rows[0].n;
};

const all = <T>(make: (i: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: CLIENTS }, (_, i) => make(i)));

describe('uploads of slow clients', () => {
  it.each([
    ['without a key', () => ''],
    ['with a key each', (i: number) => `Idempotency-Key: slow-${i}\r\n`],
  ])('should hold no connection of the database while they come, %s', async (_, headers) => {
    const clients = await all((i) => begin(550_000, headers(i)));
    // pieces that others see: nothing of them waits in an open transaction
    await until(async () => (await stored()) === CLIENTS, 'the first pieces');
    expect((await sut.post('/v1/categories', { code: `C${headers(0).length}`, name: 'Mientras tanto' })).status).toBe(201);
    for (const client of clients) client.destroy();
    await until(async () => (await stored()) === 0, 'the broken uploads to be forgotten');
  });

  it('should refuse more of a company than may travel at a time, not of another', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => begin(550_000)));
    await until(async () => (await stored()) === 20, 'the first pieces');
    const refused = await begin(550_000);
    expect(String(await once(refused.setEncoding('utf8'), 'data'))).toMatch(/^HTTP\/1\.1 503 [\s\S]*http\.overloaded/);
    const other = await signUp();
    const form = new FormData();
    form.set('kind', 'stores');
    form.set('file', new Blob(['code,name\nS10,Diez\n']), 'stores.csv');
    expect((await other.post('/v1/imports', form)).status).toBe(202);
    for (const client of [...clients, refused]) client.destroy();
    await until(async () => (await stored()) === 0, 'the broken uploads to be forgotten');
  });

  it('should outlive clients that leave at any moment', async () => {
    for (let round = 0; round < 10; round++) {
      const clients = await all((i) =>
        begin(Math.floor((BODY.length * i) / CLIENTS), i % 2 ? `Idempotency-Key: gone-${i}\r\n` : ''),
      );
      for (const client of clients) client.resetAndDestroy();
    }
    expect((await sut.get('/v1/products')).status).toBe(200);
    await until(async () => (await stored()) === 0, 'the broken uploads to be forgotten');
  });

  it('should forget the file of a refused and of a repeated request', async () => {
    const send = (kind: string, key: string) => {
      const form = new FormData();
      form.set('kind', kind);
      form.set('file', new Blob(['code,name\nS09,Nueve\n']), 'stores.csv');
      return sut.post('/v1/imports', form, { 'idempotency-key': key });
    };
    expect((await send('clients', 'k1')).status).toBe(400);
    expect((await send('stores', 'k2')).status).toBe(202);
    expect((await send('stores', 'k2')).headers.get('idempotency-replayed')).toBe('true');
    expect((await send('products', 'k2')).status).toBe(422);
    await until(async () => (await stored()) === 0, 'the files that nothing came of to be forgotten');
  });
});
