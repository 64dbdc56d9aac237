import { randomUUID } from 'node:crypto';
import { Api, logIn, PASSWORD, signUp, until, type Any } from '../../support/api.js';

let api: Api;
let store: Any;
let other: Any;

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  other = await api.create('/v1/stores', { code: 'VAL-01', name: 'Tienda Valencia' });
});

const move = (productId: unknown, type: string, quantity: number, storeId: unknown = store.id) =>
  api.create('/v1/inventory/movements', { storeId, productId, type, quantity, reason: type === 'in' ? 'purchase' : 'damage' });

async function person(role: string, storeIds: unknown[] | null): Promise<Api> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: role, role, ...(storeIds ? { storeIds } : {}) });
  return logIn(api.tenant, email);
}

/** A product whose stock has just fallen below its reorder point, and the alert that the worker made of it. */
async function lowProduct(storeId: unknown = store.id): Promise<{ product: Any; alert: Any }> {
  const product = await api.create('/v1/products', {
    sku: `SKU-${randomUUID().slice(0, 8)}`,
    name: 'Leche Entera 1L',
    reorderPoint: 5,
  });
  await move(product.id, 'in', 10, storeId);
  await move(product.id, 'out', 7, storeId);
  return { product, alert: await alertOf(product.id) };
}

async function importProducts(rows: string): Promise<void> {
  const form = new FormData();
  form.set('kind', 'products');
  form.set('file', new Blob([`sku,name,sale_price,reorder_point\n${rows}\n`]), 'products.csv');
  const { status, body } = await api.post('/v1/imports', form);
  expect(status).toBe(202);
  const ended = await until(async () => {
    const { body: record } = await api.get(`/v1/imports/${String(body.importId)}`);
    return ['completed', 'failed'].includes(String(record.status)) && record;
  }, 'the import');
  expect(ended.status).toBe('completed');
}

interface LiveEvent {
  id: string;
  event: string;
  data: Any;
}

/** Connects to the live stream and reads what comes. */
async function listen(lastEventId?: string, as: Api = api) {
  const end = new AbortController();
  const live = await fetch(`${api.base}/v1/alerts/stream`, {
    headers: { authorization: `Bearer ${as.token}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    signal: end.signal,
  });
  expect([live.status, live.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')]);
  const events: LiveEvent[] = [];
  let isOver = false;
  void (async () => {
    let text = '';
    for await (const chunk of live.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (text + Buffer.from(chunk).toString()).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (id && event && data) events.push({ id, event, data: JSON.parse(data) as Any });
      }
    }
    isOver = true;
  })().catch(() => undefined);
  return {
    events,
    next: (wanted: (event: LiveEvent) => boolean) => until(() => Promise.resolve(events.find(wanted)), 'the live event'),
    over: () => until(() => Promise.resolve(isOver), 'the end of the stream'),
    leave: () => end.abort(),
  };
}

const alertOf = (productId: unknown, status = 'active'): Promise<Any> =>
  until(async () => (await api.get(`/v1/alerts?productId=${String(productId)}&status=${status}`)).body.data?.[0], 'the alert');

describe('alerts', () => {
  it('should show the alert of a crossing with what it was raised on', async () => {
    const { product, alert } = await lowProduct();
    expect(alert).toMatchObject({
      type: 'low_stock',
      status: 'active',
      productId: product.id,
      storeId: store.id,
      title: 'Leche Entera 1L: quedan 3 en Tienda Centro',
      data: { available: '3.0000', reorderPoint: '5.0000' },
      generatedBy: 'low_stock',
    });
    const { status, headers, body } = await api.get(`/v1/alerts/${String(alert.id)}`);
    expect([status, body]).toEqual([200, alert]);
    expect(headers.get('etag')).toMatch(/^"/);
  });

  it('should follow what an import changes', async () => {
    const { product, alert } = await lowProduct();
    const before = (await api.get(`/v1/alerts/${String(alert.id)}`)).headers.get('etag');
    await importProducts(`${String(product.sku)},Leche Entera 1L,1.00,9`);
    const followed = await until(async () => {
      const answer = await api.get(`/v1/alerts/${String(alert.id)}`);
      return String(answer.body.data?.reorderPoint) === '9.0000' ? answer : undefined;
    }, 'the alert of the new reorder point');
    expect(followed.body).toMatchObject({ status: 'active', data: { available: '3.0000', suggestedOrder: '6.0000' } });
    expect(followed.headers.get('etag')).not.toBe(before);
  });

  it('should resolve it when stock comes back', async () => {
    const { product } = await lowProduct();
    await move(product.id, 'in', 10);
    expect(await alertOf(product.id, 'resolved')).toMatchObject({ resolution: 'recovered' });
  });

  it('should be acknowledged, resolved and dismissed once, and refuse what does not follow', async () => {
    const { alert } = await lowProduct();
    const path = `/v1/alerts/${String(alert.id)}`;
    const seen = await api.post(`${path}/acknowledge`);
    expect([seen.status, seen.body.status]).toEqual([200, 'acknowledged']);
    expect(seen.body.acknowledgedBy).toMatch(/^[0-9a-f-]{36}$/);
    const again = await api.post(`${path}/acknowledge`);
    expect([again.status, again.body.code]).toEqual([409, 'alerts.invalid_transition']);
    const done = await api.post(`${path}/resolve`);
    expect([done.status, done.body.status, done.body.resolution]).toEqual([200, 'resolved', 'manual']);
    expect((await api.post(`${path}/dismiss`)).status).toBe(409);
    const { alert: second } = await lowProduct();
    expect((await api.post(`/v1/alerts/${String(second.id)}/dismiss`)).body).toMatchObject({
      status: 'dismissed',
      resolution: 'dismissed',
    });
  });

  it('should page through the list without losing or repeating any', async () => {
    for (let i = 0; i < 3; i++) await lowProduct();
    const ids: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`/v1/alerts?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...(body.data as unknown as Any[]).map((alert) => alert.id));
      cursor = (body.nextCursor as unknown as string | null) ?? '';
    } while (cursor);
    const all = (await api.get('/v1/alerts?limit=200')).body.data as unknown as Any[];
    expect(ids).toEqual(all.map((alert) => alert.id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('should hide other stores from those who are held to some, and other tenants altogether', async () => {
    const { alert } = await lowProduct(other.id);
    const clerk = await person('user', [store.id]);
    expect((await clerk.get(`/v1/alerts/${String(alert.id)}`)).status).toBe(404);
    expect((await clerk.post(`/v1/alerts/${String(alert.id)}/dismiss`)).status).toBe(404);
    const seen = (await clerk.get('/v1/alerts?limit=200')).body.data as unknown as Any[];
    expect(seen.every((one) => String(one.storeId) === String(store.id))).toBe(true);
    expect((await (await signUp()).get(`/v1/alerts/${String(alert.id)}`)).status).toBe(404);
  });

  it('should let viewers look and not act', async () => {
    const { alert } = await lowProduct();
    const viewer = await person('viewer', null);
    expect((await viewer.get(`/v1/alerts/${String(alert.id)}`)).status).toBe(200);
    const refused = await viewer.post(`/v1/alerts/${String(alert.id)}/acknowledge`);
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    expect((await new Api(null).get('/v1/alerts')).status).toBe(401);
    expect((await api.get('/v1/alerts?status=open')).body).toMatchObject({
      code: 'http.validation_failed',
      errors: [{ pointer: '/status' }],
    });
  });

  it('should stream alerts as they come, what becomes of them, and after an interruption what was missed', async () => {
    const { alert: known } = await lowProduct();
    const first = await listen();
    const { product, alert } = await lowProduct();
    const raised = await first.next((event) => event.data.id === alert.id);
    expect(raised).toMatchObject({ event: 'alert', data: { status: 'active', title: expect.stringContaining('Leche') } });
    await api.post(`/v1/alerts/${String(alert.id)}/acknowledge`);
    const seen = await first.next((event) => String(event.data.status) === 'acknowledged');
    expect(seen).toMatchObject({ event: 'alert.changed', data: { id: alert.id } });
    first.leave();
    await move(product.id, 'in', 10);
    await alertOf(product.id, 'resolved');
    const { alert: missed } = await lowProduct();
    await api.post(`/v1/alerts/${String(missed.id)}/dismiss`);
    const again = await listen(seen.id);
    await again.next((event) => event.data.id === missed.id && String(event.data.status) === 'dismissed');
    again.leave();
    expect(again.events).toContainEqual(
      expect.objectContaining({
        event: 'alert.changed',
        data: expect.objectContaining({ id: alert.id, resolution: 'recovered' }),
      }),
    );
    expect([...first.events, ...again.events].filter((event) => event.data.id === known.id)).toEqual([]);
  });

  it('should end the stream of somebody whose stores or rights have changed, before it sends more', async () => {
    const users = (await api.get('/v1/users?limit=200')).body.data as unknown as Any[];
    const known = new Set(users.map(({ id }) => String(id)));
    const clerk = await person('user', [store.id]);
    const found = ((await api.get('/v1/users?limit=200')).body.data as unknown as Any[]).find(({ id }) => !known.has(String(id)));
    const live = await listen(undefined, clerk);
    const path = `/v1/users/${String(found?.id)}`;
    const { headers } = await api.get(path);
    expect((await api.patch(path, { storeIds: [other.id] }, headers.get('etag') ?? '')).status).toBe(200);
    await lowProduct(store.id);
    await live.over();
    expect(live.events).toEqual([]);
  });

  it('should continue from the id of an alert, and refuse what is no id', async () => {
    const { alert } = await lowProduct();
    const live = await listen(String(alert.id));
    await live.next((event) => event.data.id === alert.id);
    live.leave();
    const refused = await api.get('/v1/alerts/stream', { 'last-event-id': 'yesterday' });
    expect([refused.status, refused.body.code]).toEqual([400, 'http.validation_failed']);
  });
});
