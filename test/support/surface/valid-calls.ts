import { Api, PASSWORD } from '../api.js';
import { send, type Call } from './call.js';
import { csv, type Company, type Kind } from './company.js';
import type { Operation } from './document.js';
import { sampleObject, unique } from './sample.js';

/** What the id of a path names. A path that is not here cannot be called, and that fails the build. */
const COLLECTIONS: Readonly<Record<string, Kind>> = {
  '/v1/jobs': 'job',
  '/v1/users': 'user',
  '/v1/api-keys': 'apiKey',
  '/v1/stores': 'store',
  '/v1/categories': 'category',
  '/v1/suppliers': 'supplier',
  '/v1/products': 'product',
  '/v1/tax-categories': 'taxCategory',
  '/v1/purchase-orders': 'purchaseOrder',
  '/v1/stock-transfers': 'stockTransfer',
  '/v1/replenishment/suggestions': 'suggestion',
  '/v1/sales': 'sale',
  '/v1/clients': 'client',
  '/v1/alerts': 'alert',
  '/v1/alert-rules': 'alertRule',
  '/v1/calendar-days': 'calendarDay',
  '/v1/forecasts/runs': 'run',
  '/v1/imports': 'import',
};

/** What the UUIDs of parameters and bodies name. */
const NAMES: Readonly<Record<string, Kind | 'otherStore' | 'orderItem'>> = {
  storeId: 'store',
  toStoreId: 'otherStore',
  fromStoreId: 'store',
  productId: 'product',
  categoryId: 'category',
  parentId: 'category',
  supplierId: 'supplier',
  clientId: 'client',
  userId: 'user',
  entityId: 'product',
  itemId: 'orderItem',
  suggestionId: 'suggestion',
  id: 'client',
  'Last-Event-ID': 'alert',
};

/** Whether the name of a UUID says what it names. */
export const isNamed = (name: string): boolean => name in NAMES;

/** The id that a property of this name has in the company. */
export function namedId(company: Company, name: string): string {
  const kind = NAMES[name];
  if (kind === undefined) throw new Error(`the suite does not know what the id ${name} names: add it to NAMES`);
  return company.ids[kind];
}

/** The thing that a path with `{id}` names. */
export function kindOf({ path }: Operation): Kind {
  const kind = COLLECTIONS[path.slice(0, path.indexOf('/{'))];
  if (kind === undefined) throw new Error(`the suite has no fixture for ${path}: add it to COLLECTIONS`);
  return kind;
}

export function fillPath(path: string, value: (name: string) => string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => value(name));
}

/** Operations that need a thing in a certain state, or credentials of their own. */
const TARGETS: Readonly<Record<string, (company: Company) => Promise<string>>> = {
  confirmPurchaseOrder: (company) => company.order('send'),
  receivePurchaseOrder: (company) => company.order('send', 'confirm'),
};

type Built = Pick<Call, 'body' | 'token'>;

const login = { password: PASSWORD };
const BODIES: Readonly<Record<string, (company: Company) => Built | Promise<Built>>> = {
  signUpTenant: () => {
    const slug = `s${unique().toLowerCase()}`;
    return { body: { slug, name: slug, admin: { ...login, email: `a@${slug}.example`, fullName: 'Ana' } } };
  },
  logIn: async (company) => {
    const { email } = await company.person('viewer');
    return { body: { ...login, email, tenant: company.api.tenant } };
  },
  refreshSession: async (company) => {
    const { email } = await company.person('viewer');
    const { refreshToken } = await new Api(null).create('/v1/auth/login', { ...login, email, tenant: company.api.tenant });
    return { body: { refreshToken: String(refreshToken) } };
  },
  logOut: async (company) => ({ body: {}, token: String((await company.person('viewer')).api.token) }),
  changePassword: async (company) => {
    const { api } = await company.person('viewer');
    return { body: { currentPassword: PASSWORD, newPassword: 'another horse battery staple' }, token: String(api.token) };
  },
  receivePurchaseOrder: (company) => ({ body: { lines: [{ itemId: company.ids.orderItem, quantity: '1' }] } }),
  acceptSuggestions: async (company) => ({ body: { suggestionIds: [await company.make('suggestion')] } }),
  createSale: (company) => ({ body: company.saleBody() }),
  addCalendarDay: (company) => ({ body: { date: company.freeDate(), kind: 'holiday', name: 'Fiesta' } }),
  addCalendarSpan: (company) => {
    const date = company.freeDate();
    return { body: { from: date, to: date, kind: 'holiday', name: 'Fiesta' } };
  },
  updateCalendarDay: () => ({ body: { name: 'Fiesta' } }),
  addNationalHolidays: () => ({ body: { country: 'VE', year: 2050 } }),
  createAlertRule: async (company) => ({
    body: { refines: 'overstock', name: 'Regla', productId: await company.make('product') },
  }),
  updateAlertRule: () => ({ body: { name: 'Regla', parameters: { coverDays: 60 } } }),
  addTaxRate: (company) => ({ body: { rate: '12', validFrom: company.freeDate() } }),
  createImport: () => ({ body: csv('stores', ['code,name,type', `${unique()},Tienda,store`]) }),
};

async function etagAt(company: Company, path: string): Promise<string> {
  const { headers } = await send({ method: 'GET', path, headers: {} }, company.api.token);
  return headers.get('etag') ?? '"no ETag was answered"';
}

/** The path of `operation` with the ids of a thing of the company: a new one where the operation changes it. */
async function validPath(operation: Operation, company: Company): Promise<string> {
  const { path, method, id } = operation;
  const needed = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required === true);
  if (needed.length > 0) throw new Error(`the suite does not know the required query of ${id}`);
  if (!path.includes('{')) return path;
  if (!path.includes('/{id}')) return fillPath(path, (name) => namedId(company, name));
  const kind = kindOf(operation);
  const target = TARGETS[id]?.(company) ?? (method === 'GET' ? company.ids[kind] : company.make(kind));
  return path.replace('{id}', await target);
}

/** A call that the company's administrator may make, or an error that fails the build. */
export async function validCall(operation: Operation, company: Company): Promise<Call> {
  const path = await validPath(operation, company);
  const versioned = operation.parameters.some(({ name }) => name === 'If-Match');
  const tagged = path.replace(/\/void$/, '');
  const built = await BODIES[operation.id]?.(company);
  return {
    method: operation.method,
    path,
    headers: versioned ? { 'if-match': await etagAt(company, tagged) } : {},
    ...(operation.body && { body: sampleObject(operation.body, (name) => namedId(company, name)) }),
    ...built,
    ...(operation.isStream && { isStream: true }),
  };
}
