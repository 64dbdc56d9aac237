import { randomBytes } from 'node:crypto';
import { completeRif } from '../kernel/identifiers/rif.js';
import type { ApiSession } from '../kernel/runtime/api-session.js';
import { DEMO_TENANT, DEMO_VIEWER } from '../kernel/runtime/demo-login.js';

type Session = Pick<ApiSession, 'request'>;

/** What the examples of purchase orders buy, from POLAR for the shop in Chacao. */
const ORDERED = [
  { sku: 'LAC001', quantity: '48' },
  { sku: 'VIV001', quantity: '60' },
] as const;

/** How far each order of the demo has come: every step has one that waits for it. */
const ORDERS: readonly (readonly string[])[] = [[], ['send'], ['send', 'confirm'], []];

/** Somebody to send home: nobody knows the password. */
const cashier = () => ({
  email: `ana@${DEMO_TENANT}.example`,
  fullName: 'Ana Rodríguez (cajera de ejemplo)',
  role: 'user',
  password: randomBytes(18).toString('base64url'),
});

/** What has a code or an e-mail of its own: made again it is refused, which is how a start that goes on knows it. */
const NAMED: readonly (readonly [path: string, body: () => object])[] = [
  ['/v1/users', () => ({ ...DEMO_VIEWER, fullName: 'Visita de la demostración', role: 'viewer' })],
  ['/v1/users', cashier],
  ['/v1/clients', () => ({ code: 'AVILA', name: 'Inversiones El Ávila, C.A.', taxId: completeRif('J', '30567812') })],
  ['/v1/clients', () => ({ code: 'CANDELARIA', name: 'Comercial La Candelaria, C.A.', taxId: completeRif('J', '41023345') })],
  ['/v1/categories', () => ({ code: 'NAVIDAD', name: 'Navidad (fuera de temporada)' })],
  ['/v1/suppliers', () => ({ code: 'TURRON', businessName: 'Turrones del Tuy, C.A. (sin pedidos)', leadTimeDays: 20 })],
  ['/v1/products', () => ({ sku: 'NAV001', name: 'Turrón de Maní 200g (descontinuado)', sellingPrice: '4.50' })],
];

/**
 * What the import's files do not hold, so that every operation finds something to work on: a viewer, clients, an API key, an exchange
 * rate, a rule for alerts, orders in each state, transfers, and things that nothing hangs on. Done again after a kill it adds only what is
 * missing.
 */
export async function addSundries(session: Session): Promise<void> {
  for (const [path, body] of NAMED) await once(() => session.request('POST', path, body()));
  await addClosedShop(session);
  await addAlertRule(session);
  const key = { name: 'Caja 1, Chacao (ejemplo)', role: 'user', scopes: ['sales.write', 'catalog.read', 'inventory.read'] };
  await session.request('POST', '/v1/api-keys', key, { 'idempotency-key': 'demo-key' });
  const rate = { baseCurrency: 'USD', quoteCurrency: 'VES', rate: '36.5', source: 'simulada' };
  await session.request('POST', '/v1/exchange-rates', rate, { 'idempotency-key': 'demo-rate' });
  await addOrders(session);
  await addTransfers(session);
}

/** The chain has six places; this one is closed. */
async function addClosedShop(session: Session): Promise<void> {
  await once(() => session.request('POST', '/v1/stores', { code: 'PFJ01', name: 'Punto Fijo (cerrada)', type: 'store' }));
  const { id } = await first(session, '/v1/stores?q=PFJ01');
  await session.request('DELETE', `/v1/stores/${id}`, undefined, { 'if-match': '*' });
}

/** What is out of season is no news. */
async function addAlertRule(session: Session): Promise<void> {
  const { id: categoryId } = await first(session, '/v1/categories?q=NAVIDAD');
  const rule = { refines: 'slow_moving', code: 'navidad', name: 'Navidad: se guarda hasta diciembre', categoryId, isMuted: true };
  await once(() => session.request('POST', '/v1/alert-rules', rule));
}

async function addOrders(session: Session): Promise<void> {
  const [store, supplier] = [await first(session, '/v1/stores?q=CCS01'), await first(session, '/v1/suppliers?q=POLAR')];
  const items: { productId: string; quantity: string }[] = [];
  for (const { sku, quantity } of ORDERED) {
    items.push({ productId: (await first(session, `/v1/products?sku=${sku}`)).id, quantity });
  }
  const body = { storeId: store.id, supplierId: supplier.id, items, notes: 'Pedido de ejemplo' };
  for (const [index, steps] of ORDERS.entries()) {
    const headers = { 'idempotency-key': `demo-order-${index}` };
    const { id } = await session.request<{ id: string }>('POST', '/v1/purchase-orders', body, headers);
    for (const step of steps) await once(() => session.request('POST', `/v1/purchase-orders/${id}/${step}`));
  }
}

/** Goods that the distribution centre is to send to the shop in Chacao; one for each example that ends one. */
async function addTransfers(session: Session): Promise<void> {
  const [from, to] = [await first(session, '/v1/stores?q=CD01'), await first(session, '/v1/stores?q=CCS01')];
  const product = await first(session, `/v1/products?sku=${ORDERED[0].sku}`);
  const items = [{ productId: product.id, quantity: '6' }];
  for (const index of [0, 1, 2]) {
    const body = { fromStoreId: from.id, toStoreId: to.id, items, notes: 'Traslado de ejemplo' };
    await session.request('POST', '/v1/stock-transfers', body, { 'idempotency-key': `demo-transfer-${index}` });
  }
}

async function first(session: Session, path: string): Promise<{ id: string }> {
  const { data } = await session.request<{ data: { id: string }[] }>('GET', path);
  if (!data[0]) throw new Error(`${path} found nothing`);
  return data[0];
}

/** A conflict says that an earlier start got as far as this. */
async function once(request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 409)) throw error;
  }
}
