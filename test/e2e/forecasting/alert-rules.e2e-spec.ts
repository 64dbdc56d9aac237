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

async function person(role: string, storeIds: unknown[] | null): Promise<Api> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.com`;
  await api.create('/v1/users', { email, password: PASSWORD, fullName: role, role, ...(storeIds ? { storeIds } : {}) });
  return logIn(api.tenant, email);
}

const product = (more: object = {}): Promise<Any> =>
  api.create('/v1/products', { sku: `SKU-${randomUUID().slice(0, 8)}`, name: 'Leche Entera 1L', costPrice: '2', ...more });
const list = async (query = ''): Promise<Any[]> =>
  (await api.get(`/v1/alert-rules?limit=200&${query}`)).body.data as unknown as Any[];
const general = async (code: string): Promise<Any> => (await list()).find((rule) => String(rule.code) === code)!;

async function change(rule: Any, body: Record<string, unknown>, as: Api = api) {
  const path = `/v1/alert-rules/${String(rule.id)}`;
  return as.patch(path, body, (await api.get(path)).headers.get('etag') ?? '');
}

describe('alert rules', () => {
  it('should be there for the whole company, with their parameters', async () => {
    const rules = (await list()).filter((rule) => rule.refines === null);
    expect(rules.map((rule) => [rule.code, rule.type, rule.isActive])).toEqual([
      ['demand_spike', 'demand_spike', true],
      ['low_stock', 'low_stock', true],
      ['overstock', 'overstock', true],
      ['slow_moving', 'slow_moving', true],
      ['stockout_before_lead_time', 'forecast_alert', true],
    ]);
    expect((await general('overstock')).parameters).toEqual({ coverDays: 90, minimumValue: '0', hysteresisPercent: 10 });
    expect((await list('type=overstock')).map((rule) => rule.code)).toEqual(['overstock']);
  });

  it('should raise alerts at once when one asks for more, and end them as obsolete when it is switched off or deleted', async () => {
    const milk = await product({ maxStockLevel: '10' });
    const tea = await product({ maxStockLevel: '10' });
    for (const { id } of [milk, tea])
      await api.create('/v1/inventory/movements', {
        storeId: store.id,
        productId: id,
        type: 'in',
        quantity: 40,
        reason: 'purchase',
      });
    const alertOf = (id: unknown, status: string) =>
      until(async () => {
        const { body } = await api.get(`/v1/alerts?type=overstock&productId=${String(id)}&status=${status}`);
        return (body.data as unknown as Any[])[0];
      }, `the ${status} alert`);
    const scope = { productId: milk.id, storeId: store.id };
    const body = { refines: 'overstock', name: 'Leche', priority: 'high', parameters: { minimumValue: '60' }, ...scope };
    const rule = await api.create('/v1/alert-rules', body);
    expect(rule).toMatchObject({
      refines: 'overstock',
      type: 'overstock',
      priority: 'high',
      parameters: { coverDays: 90, minimumValue: '60', hysteresisPercent: 10 },
      ...scope,
      categoryId: null,
      isActive: true,
      isMuted: false,
    });
    expect(await alertOf(milk.id, 'active')).toMatchObject({
      priority: 'high',
      generatedBy: rule.code,
      data: { reason: 'above_maximum', excess: '30.0000', excessCost: '60.0000', maxStock: '10.0000' },
    });
    const off = await change(rule, { isActive: false });
    expect([off.status, off.body.isActive]).toEqual([200, false]);
    expect((await alertOf(milk.id, 'resolved')).resolution).toBe('obsolete');
    // the company's rule holds now
    expect((await alertOf(milk.id, 'active')).generatedBy).toBe('overstock');
    await change(rule, { isActive: true });
    await until(
      async () => String((await alertOf(milk.id, 'active')).generatedBy) === String(rule.code),
      'the rule to take it over',
    );
    const path = `/v1/alert-rules/${String(rule.id)}`;
    expect((await api.delete(path, (await api.get(path)).headers.get('etag')!)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
    expect((await alertOf(milk.id, 'resolved')).resolution).toBe('obsolete');
    const all = await general('overstock');
    await alertOf(tea.id, 'active');
    expect((await change(all, { isActive: false })).status).toBe(200);
    expect((await alertOf(tea.id, 'resolved')).resolution).toBe('obsolete');
    await change(all, { isActive: true });
  });

  it('should change what is given and keep the rest, and ask for the version that was read', async () => {
    const rule = await general('slow_moving');
    const path = `/v1/alert-rules/${String(rule.id)}`;
    expect((await api.call('PATCH', path, { name: 'x' })).status).toBe(428);
    expect((await api.patch(path, { name: 'x' }, '"stale"')).status).toBe(412);
    await change(rule, { parameters: { days: 60 } });
    const { body } = await change(rule, { parameters: { minimumValue: 12.5 }, priority: 'low' });
    expect(body).toMatchObject({
      code: 'slow_moving',
      priority: 'low',
      parameters: { days: 60, coverDays: 365, minimumValue: '12.5', hysteresisPercent: 10 },
    });
  });

  it('should refuse a second one for the same, wrong parameters, wrong places, and to delete the general ones', async () => {
    const one = await product();
    const made = await api.post('/v1/alert-rules', { refines: 'low_stock', name: 'a', productId: one.id, code: 'mine' });
    expect(made.status).toBe(201);
    const twice = await api.post('/v1/alert-rules', { refines: 'low_stock', name: 'b', productId: one.id });
    expect([twice.status, twice.body.code]).toEqual([409, 'alerts.rule_scope_taken']);
    const code = await api.post('/v1/alert-rules', { refines: 'overstock', name: 'b', productId: one.id, code: 'mine' });
    expect([code.status, code.body.code]).toEqual([409, 'alerts.rule_code_taken']);
    const faults = async (body: object) => {
      const { status, body: problem } = await api.post('/v1/alert-rules', { refines: 'overstock', name: 'x', ...body });
      return [status, ...(problem.errors as unknown as Any[]).map((error) => `${String(error.pointer)} ${String(error.code)}`)];
    };
    expect(await faults({})).toEqual([400, '/productId field.required']);
    const category = await api.create('/v1/categories', { code: 'LACTEOS', name: 'Lácteos' });
    expect(await faults({ categoryId: category.id, storeId: store.id })).toEqual([400, '/categoryId field.not_allowed']);
    expect(await faults({ productId: one.id, parameters: { coverDays: 0, days: 3 } })).toEqual([
      400,
      '/parameters/coverDays field.min',
      '/parameters/days field.unknown',
    ]);
    expect(await faults({ productId: randomUUID() })).toEqual([400, '/productId field.not_found']);
    expect(await faults({ refines: 'anything', productId: one.id })).toEqual([400, '/refines field.choice']);
    const rule = await general('overstock');
    const path = `/v1/alert-rules/${String(rule.id)}`;
    const refused = await api.delete(path, (await api.get(path)).headers.get('etag')!);
    expect([refused.status, refused.body.code]).toEqual([409, 'alerts.system_rule']);
  });

  it('should be changed by administrators and managers alone, each within their stores', async () => {
    const rule = await general('overstock');
    const user = await person('user', null);
    expect((await user.get(`/v1/alert-rules/${String(rule.id)}`)).status).toBe(200);
    expect((await change(rule, { name: 'x' }, user)).status).toBe(403);
    expect((await user.post('/v1/alert-rules', { refines: 'overstock', name: 'x', storeId: store.id })).status).toBe(403);
    const manager = await person('manager', [store.id]);
    const own = await manager.post('/v1/alert-rules', { refines: 'overstock', name: 'x', storeId: store.id });
    expect(own.status).toBe(201);
    const everywhere = await manager.post('/v1/alert-rules', {
      refines: 'overstock',
      name: 'x',
      productId: (await product()).id,
    });
    expect([everywhere.status, everywhere.body.code]).toEqual([403, 'auth.all_stores_required']);
    expect((await change(rule, { name: 'x' }, manager)).status).toBe(403);
    expect((await manager.post('/v1/alert-rules', { refines: 'overstock', name: 'x', storeId: other.id })).status).toBe(404);
    const theirs = await api.create('/v1/alert-rules', { refines: 'overstock', name: 'x', storeId: other.id });
    expect((await manager.get(`/v1/alert-rules/${String(theirs.id)}`)).status).toBe(404);
    const seen = (await manager.get('/v1/alert-rules?limit=200')).body.data as unknown as Any[];
    expect(seen.map((one) => one.id)).toContain(own.body.id);
    expect(seen.map((one) => one.id)).not.toContain(theirs.id);
    expect((await (await signUp()).get(`/v1/alert-rules/${String(theirs.id)}`)).status).toBe(404);
  });
});
