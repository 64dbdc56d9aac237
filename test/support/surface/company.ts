import { logIn, PASSWORD, settled, until, type Any, type Api } from '../api.js';
import { unique } from './sample.js';

/** Kinds of things that a path or a body names by id. */
export type Kind =
  | 'store'
  | 'category'
  | 'supplier'
  | 'product'
  | 'taxCategory'
  | 'client'
  | 'user'
  | 'apiKey'
  | 'purchaseOrder'
  | 'stockTransfer'
  | 'suggestion'
  | 'sale'
  | 'alert'
  | 'alertRule'
  | 'calendarDay'
  | 'run'
  | 'import'
  | 'job';

const ALERTS = 8;
const DAY = 86_400_000;

export const csv = (kind: string, lines: string[], more: Record<string, string> = {}): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind, ...more })) form.append(name, value);
  form.append('file', new Blob([lines.join('\n')], { type: 'text/csv' }), `${kind}.csv`);
  return form;
};

/** A company with something of everything, each at least twice (so that every list has a second page), and names that carry its mark. */
export class Company {
  readonly ids = {} as Record<Kind | 'otherStore' | 'otherSupplier' | 'orderItem', string>;
  readonly alerts: string[] = [];
  readonly suggestions: string[] = [];
  private calendarDays = 0;

  constructor(
    readonly api: Api,
    readonly mark: string,
  ) {}

  private name(kind: string): string {
    return `${this.mark} ${kind}`;
  }

  private async made(path: string, body: Record<string, unknown>): Promise<string> {
    return String((await this.api.create(path, body)).id);
  }

  /** A new thing of the kind. Alerts and suggestions were there before, and each is given out once; runs, imports and jobs are those of the start. */
  make(kind: Kind): Promise<string> {
    const code = unique();
    const name = this.name(kind);
    const makers: Record<Kind, () => Promise<string>> = {
      store: () => this.made('/v1/stores', { code, name }),
      category: () => this.made('/v1/categories', { code, name }),
      supplier: () => this.made('/v1/suppliers', { code, businessName: name }),
      product: () => this.made('/v1/products', { sku: `${this.mark}-${code}`, name, sellingPrice: '3.25', costPrice: '2' }),
      taxCategory: async () => String((await this.api.get('/v1/tax-categories')).body.data?.[0]?.id),
      client: () => this.made('/v1/clients', { name: `${name} ${code}` }),
      user: () =>
        this.made('/v1/users', { email: `${code}@${this.mark}.example`, fullName: name, role: 'user', password: PASSWORD }),
      apiKey: () => this.made('/v1/api-keys', { name }),
      purchaseOrder: () => this.order(),
      stockTransfer: () => this.made('/v1/stock-transfers', this.transferBody()),
      suggestion: async () => this.suggestions.pop() ?? Promise.reject(new Error('every suggestion was given out')),
      sale: () => this.made('/v1/sales', this.saleBody()),
      alert: async () => this.alerts.pop() ?? Promise.reject(new Error('every alert was given out')),
      alertRule: async () => this.made('/v1/alert-rules', { refines: 'overstock', name, productId: await this.make('product') }),
      calendarDay: () => this.made('/v1/calendar-days', { date: this.freeDate(), kind: 'holiday', name }),
      run: async () => this.ids.run,
      import: async () => this.ids.import,
      job: async () => this.ids.job,
    };
    return makers[kind]();
  }

  freeDate(): string {
    return new Date(Date.UTC(2030, 0, 1) + DAY * this.calendarDays++).toISOString().slice(0, 10);
  }

  saleBody(): Record<string, unknown> {
    return {
      storeId: this.ids.store,
      items: [{ productId: this.ids.product, quantity: '1' }],
      payments: [{ method: 'cash', amount: '10' }],
      notes: this.name('sale'),
    };
  }

  transferBody(): Record<string, unknown> {
    const { store, otherStore, product } = this.ids;
    const items = [{ productId: product, quantity: '1' }];
    return { fromStoreId: store, toStoreId: otherStore, items, notes: this.name('transfer') };
  }

  orderBody(): Record<string, unknown> {
    const { store, supplier, product } = this.ids;
    const items = [{ productId: product, quantity: '4', unitCost: '2' }];
    return { storeId: store, supplierId: supplier, items, notes: this.name('order') };
  }

  /** A purchase order that was taken through `steps` (send, confirm); `ids.orderItem` is its line. */
  async order(...steps: string[]): Promise<string> {
    const { id, items } = await this.api.create('/v1/purchase-orders', this.orderBody());
    this.ids.orderItem = String(items?.[0]?.id);
    for (const step of steps) await this.api.create(`/v1/purchase-orders/${String(id)}/${step}`, {});
    return String(id);
  }

  async receive(productId: string, storeId: string, quantity: string): Promise<void> {
    const movement = { storeId, productId, type: 'in', quantity, reason: this.name('movement'), unitCost: '2' };
    await this.api.create('/v1/inventory/movements', movement);
  }

  async upload(form: FormData): Promise<{ importId: string; jobId: string }> {
    const { status, body } = await this.api.post('/v1/imports', form);
    if (status !== 202) throw new Error(`an import was answered ${status}: ${JSON.stringify(body)}`);
    return { importId: String(body.importId), jobId: String(body.jobId) };
  }

  /** A person of the company with this role, logged in. */
  async person(role: string, storeIds: string[] | null = null): Promise<{ api: Api; id: string; email: string }> {
    const email = `${unique()}@${this.mark}.example`.toLowerCase();
    const body = { email, fullName: this.name(role), role, password: PASSWORD, storeIds };
    return { id: await this.made('/v1/users', body), email, api: await logIn(this.api.tenant, email) };
  }

  async settled(path: string): Promise<Any> {
    return until(async () => {
      const { body } = await this.api.get(path);
      return !/^(uploading|queued|running|waiting|active|delayed)$/.test(String(body.status ?? body.state)) && body;
    }, `${path} to end`);
  }
}

async function addCatalog(company: Company): Promise<void> {
  const twice: Kind[] = ['store', 'category', 'supplier', 'product', 'client', 'user', 'apiKey', 'calendarDay', 'alertRule'];
  for (const kind of twice) company.ids[kind] = await company.make(kind);
  for (const kind of twice.slice(1)) await company.make(kind);
  company.ids.otherStore = await company.make('store');
  company.ids.otherSupplier = await company.make('supplier');
  company.ids.taxCategory = await company.make('taxCategory');
  const { api, mark } = company;
  for (const day of ['01', '02']) {
    const validFrom = `2026-01-${day}T00:00:00Z`;
    await api.create('/v1/exchange-rates', { baseCurrency: 'USD', quoteCurrency: 'VES', rate: '36.5', validFrom, source: mark });
  }
}

async function addTrade(company: Company): Promise<void> {
  const { ids } = company;
  await company.receive(ids.product, ids.store, '500');
  await company.receive(ids.product, ids.otherStore, '500');
  for (const kind of ['sale', 'purchaseOrder', 'stockTransfer'] as const) {
    await company.make(kind);
    ids[kind] = await company.make(kind);
  }
}

/** Two imports: history of sales for the forecasts, and a file with faults. */
async function addImports(company: Company): Promise<void> {
  const { api, ids, mark } = company;
  const [store, otherStore, product] = await Promise.all(
    [`stores/${ids.store}`, `stores/${ids.otherStore}`, `products/${ids.product}`].map((place) => api.get(`/v1/${place}`)),
  );
  const rows = Array.from({ length: 60 }, (_, day) => {
    const date = new Date(Date.now() - DAY * (61 - day)).toISOString().slice(0, 10);
    const sold = `${String(product?.body.sku)},${3 + (day % 4)},3.25,`;
    return [`${date},${String(store?.body.code)},${sold}`, `${date},${String(otherStore?.body.code)},${sold}`];
  }).flat();
  const sales = await company.upload(csv('sales', ['date,store,sku,quantity,unit_price,ticket', ...rows]));
  await company.settled(`/v1/imports/${sales.importId}`);
  const bad = ['sku,name,cost_price', `${mark}-1,${mark},abc`, `${mark}-2,${mark},xyz`, `${mark}-3,,1`];
  const { importId, jobId } = await company.upload(csv('products', bad, { dryRun: 'true' }));
  ids.import = importId;
  ids.job = jobId;
  await company.settled(`/v1/imports/${importId}`);
}

async function addForecasts(company: Company): Promise<void> {
  for (const horizonDays of [7, 8]) {
    const { runId } = await company.api.create('/v1/forecasts/runs', { horizonDays });
    company.ids.run = String(runId);
    await company.settled(`/v1/forecasts/runs/${String(runId)}`);
  }
}

async function addAlerts(company: Company): Promise<void> {
  const { api, ids, mark } = company;
  for (let index = 0; index < ALERTS; index++) {
    // of two suppliers, and so in two groups of suggestions
    const supplierId = index % 2 ? ids.supplier : ids.otherSupplier;
    const body = { sku: `${mark}-LOW-${index}`, name: `${mark} low ${index}`, reorderPoint: '10', sellingPrice: '1', supplierId };
    const { id } = await api.create('/v1/products', body);
    await company.receive(String(id), ids.store, '2');
  }
  const rows = await until(async () => {
    const data = (await api.get('/v1/alerts?type=low_stock&limit=200')).body.data as unknown as Any[];
    return data.length >= ALERTS && data;
  }, `${ALERTS} alerts`);
  company.alerts.push(...rows.map((row) => String(row.id)));
  ids.alert = await company.make('alert');
}

/** What is below its reorder point is suggested to be ordered. */
async function addSuggestions(company: Company): Promise<void> {
  const { api, ids } = company;
  const { jobId } = await api.create('/v1/replenishment/suggestions/refresh', {});
  await company.settled(`/v1/jobs/${String(jobId)}`);
  const rows = (await api.get('/v1/replenishment/suggestions?limit=200')).body.data as unknown as Any[];
  company.suggestions.push(...rows.map((row) => String(row.id)));
  ids.suggestion = await company.make('suggestion');
}

/** Founds the company: everything that any operation can name exists afterwards, and its jobs have ended. */
export async function foundCompany(api: Api, mark: string): Promise<Company> {
  const company = new Company(await settled(api), mark);
  await addCatalog(company);
  await addTrade(company);
  await addImports(company);
  await addForecasts(company);
  await addAlerts(company);
  await addSuggestions(company);
  return company;
}
