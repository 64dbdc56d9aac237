import { createHash, randomUUID } from 'node:crypto';
import { addDays, localDateOf } from '../../../src/kernel/time/zone.js';
import { Api, logIn, PASSWORD, signUp, type Any, type Answer } from '../../support/api.js';
import { everyElement, readXml, type XmlElement } from '../../support/xml.js';

const HOSTILE = `</text><script>alert("1")</script> & 'x' \u{1f9c0} شوكولاتة`;
const today = localDateOf(new Date(), 'America/Caracas');

let api: Api;
let store: Any;
let other: Any;
let product: Any;
let base: string;

async function person(role: string, storeIds: unknown[] | null): Promise<Api> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: role, role, ...(storeIds ? { storeIds } : {}) });
  return logIn(api.tenant, email);
}

const pathOf = (productId: unknown, storeId: unknown): string =>
  `/v1/products/${String(productId)}/stores/${String(storeId)}/forecast`;
const get = (path: string, headers: Record<string, string> = {}, as: Api = api): Promise<Answer<string>> =>
  as.get<string>(path, headers);
const styleOf = (document: XmlElement): string => everyElement(document).find(({ name }) => name === 'style')!.text;
const hashOf = (sheet: string): string => `'sha256-${createHash('sha256').update(sheet).digest('base64')}'`;

/** Headers under which a browser shows it, and nothing else. */
function expectShown({ status, headers, body }: Answer<string>, type: string): void {
  expect([status, headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src ${hashOf(styleOf(readXml(body)))}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(body).not.toContain('<script');
}

beforeAll(async () => {
  api = await signUp();
  store = await api.create('/v1/stores', { code: 'CCS-01', name: 'Tienda Centro' });
  other = await api.create('/v1/stores', { code: 'VAL-01', name: 'Tienda Valencia' });
  product = await api.create('/v1/products', { sku: 'QUESO<1>', name: HOSTILE, reorderPoint: 5, leadTimeDays: 3 });
  await api.create('/v1/inventory/movements', {
    ...{ storeId: store.id, productId: product.id, type: 'in', quantity: 30, reason: 'purchase' },
  });
  base = pathOf(product.id, store.id);
});

describe('the drawing of a forecast', () => {
  it('should be SVG that holds what people typed as text', async () => {
    const answer = await get(`${base}.svg`);
    expectShown(answer, 'image/svg+xml');
    const svg = readXml(answer.body);
    expect(svg.attributes).toMatchObject({ width: '960', viewBox: '0 0 960 538', role: 'img' });
    expect(everyElement(svg).find(({ name }) => name === 'title')!.text).toContain(HOSTILE);
  });

  it('should have the size, language and colours that were asked for', async () => {
    const { body } = await get(`${base}.svg?width=390&height=700&theme=dark&historyDays=365`, { 'accept-language': 'es' });
    const svg = readXml(body);
    expect(svg.attributes).toMatchObject({ viewBox: '0 0 390 700', lang: 'es' });
    expect(styleOf(svg)).not.toContain('prefers-color-scheme');
    expect(body).toContain('Todavía no hay pronóstico');
    expect((await get(`${base}.svg`)).body).toContain('There is no forecast yet');
  });

  it('should not be sent again while it says the same', async () => {
    const etag = (await get(`${base}.svg`)).headers.get('etag')!;
    const again = await get(`${base}.svg`, { 'if-none-match': etag });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    await api.create('/v1/inventory/movements', {
      ...{ storeId: store.id, productId: product.id, type: 'in', quantity: 1, reason: 'purchase' },
    });
    expect((await get(`${base}.svg`, { 'if-none-match': etag })).status).toBe(200);
  });

  it('should refuse what it cannot draw', async () => {
    const wrong = await api.get(`${base}.svg?width=10&height=9000&theme=pink&historyDays=1&x=1`);
    expect([wrong.status, wrong.body.code]).toEqual([400, 'http.validation_failed']);
    expect((wrong.body.errors as unknown as Any[]).map(({ pointer }) => String(pointer)).toSorted()).toEqual([
      ...['/height', '/historyDays', '/theme', '/width', '/x'],
    ]);
    expect((await api.get(pathOf('x', store.id))).status).toBe(400);
  });
});

describe('the data of a forecast', () => {
  it('should have a day for every day, with quantities as decimal strings', async () => {
    const { status, body, headers } = await api.get(`${base}?historyDays=28`);
    expect([status, headers.get('etag')]).toEqual([200, expect.stringMatching(/^"/)]);
    expect(body).toMatchObject({ sku: 'QUESO<1>', productName: HOSTILE, storeName: 'Tienda Centro', today, model: null });
    const history = body.history as unknown as Any[];
    expect([history.length, history[0]!.date, history.at(-1)!.date]).toEqual([28, addDays(today, -28), addDays(today, -1)]);
    expect(body.stock).toMatchObject({ reorderPoint: '5.0000', leadTimeDays: 3 });
    expect((await api.get(`${base}?historyDays=28`, { 'if-none-match': headers.get('etag')! })).status).toBe(304);
  });

  it('should answer unknown and foreign things alike, and only to those who may read forecasts', async () => {
    const clerk = await person('user', [other.id]);
    const stranger = await signUp();
    for (const suffix of ['', '.svg']) {
      const words = async (path: string, as: Api) => {
        const { status, body } = await as.get(path + suffix);
        return [status, body.code, body.detail];
      };
      const unknown = await words(pathOf(randomUUID(), store.id), api);
      expect(unknown.slice(0, 2)).toEqual([404, 'http.not_found']);
      expect(await words(pathOf(product.id, randomUUID()), api)).toEqual(unknown);
      expect(await words(base, clerk)).toEqual(unknown);
      expect(await words(base, stranger)).toEqual(unknown);
      expect((await clerk.get(pathOf(product.id, other.id) + suffix)).status).toBe(200);
      expect((await new Api(null).get(base + suffix)).status).toBe(401);
    }
    const key = await api.create('/v1/api-keys', { name: 'sales only', scopes: ['sales.read'] });
    expect((await new Api(String(key.token)).get(`${base}.svg`)).body.code).toBe('auth.forbidden');
  });
});

describe('the report', () => {
  it('should be a page to print, without a forecast too', async () => {
    const answer = await get('/v1/forecasts/report?paper=letter', { 'accept-language': 'es' });
    expectShown(answer, 'text/html');
    expect(answer.body).toMatch(/^<!doctype html>\n<html lang="es">/);
    expect(answer.body).toContain('@page{size:letter;');
    expect(answer.body).toContain('Nada que mostrar');
    const etag = answer.headers.get('etag')!;
    const again = await get('/v1/forecasts/report?paper=letter', { 'accept-language': 'es', 'if-none-match': etag });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('should keep to its bounds and to the stores of the caller', async () => {
    const wrong = await api.get('/v1/forecasts/report?charts=51&limit=201&paper=a0');
    expect((wrong.body.errors as unknown as Any[]).map(({ pointer }) => String(pointer)).toSorted()).toEqual([
      ...['/charts', '/limit', '/paper'],
    ]);
    const clerk = await person('viewer', [other.id]);
    expect((await clerk.get(`/v1/forecasts/report?storeId=${String(store.id)}`)).status).toBe(404);
    expect((await clerk.get('/v1/forecasts/report')).status).toBe(200);
    expect((await new Api(null).get('/v1/forecasts/report')).status).toBe(401);
  });
});
