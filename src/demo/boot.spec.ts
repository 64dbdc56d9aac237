import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { boot, type BootOptions } from './boot.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'fluxion-boot-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The few answers of the API that a start needs; imports are known by the bytes of their file, as there. */
class FakeApi {
  readonly login = { tenant: 'fluxion-demo', email: 'a@b.example', password: 'x' };
  readonly asked: string[] = [];
  readonly imports = new Map<string, { kind: string; bytes: number }>();
  failing = '';
  forecastJobs = 0;

  async request<Body>(method: string, url: string, content?: unknown): Promise<Body> {
    const answer: unknown = await this.answer(method, url, content);
    return answer as Body;
  }

  private async answer(method: string, url: string, content: unknown): Promise<unknown> {
    if (content instanceof FormData) return this.take(content);
    this.asked.push(`${method} ${url.replace(/\w+$/, 'ID')}`);
    const id = /imports\/(\w+)/.exec(url)?.[1] ?? '';
    if (url.includes('/errors')) return { data: [{ line: 7, field: 'sku', value: 'ZZ', message: 'Desconocido.' }] };
    if (url.startsWith('/v1/imports/')) {
      const known = this.imports.get(id);
      if (!known) throw Object.assign(new Error('not found'), { status: 404 });
      return { id, status: known.kind === this.failing ? 'failed' : 'completed', rowsTotal: 1, errorCount: 12 };
    }
    if (url === '/v1/forecasts/runs') this.forecastJobs++;
    if (url.startsWith('/v1/forecasts') || url.startsWith('/v1/jobs/')) return { jobId: '77', state: 'completed' };
    return { id: '1', data: [{ id: '1' }] };
  }

  private async take(form: FormData): Promise<{ importId: string }> {
    const kind = form.get('kind');
    if (typeof kind !== 'string') throw new Error('no kind');
    const file = form.get('file');
    if (!(file instanceof Blob)) throw new Error('no file');
    this.asked.push(`upload ${kind}`);
    const text = await file.text();
    const importId = createHash('sha256').update(`${kind} ${text}`).digest('hex');
    this.imports.set(importId, { kind, bytes: text.length });
    return { importId };
  }
}

const shop = path.join(root, 'shop');
mkdirSync(shop);
const FILES = {
  stores: 'code,name\nS01,x\n',
  suppliers: 'code,name\nB1,x\n',
  products: 'sku,name\nP,x\n',
  calendar: 'date,kind\n2018-12-25,closed\n',
  stock: 'store,sku,quantity,date\nS01,P,9,2018-12-04\n',
  sales: 'date,store,sku,quantity\n2018-12-31,S01,P,1\n',
};
for (const [kind, text] of Object.entries(FILES)) writeFileSync(path.join(shop, `${kind}.csv`), text);

let folders = 0;
function options(api: FakeApi, now: string, dataDir: string = path.join(root, `data${++folders}`)): BootOptions {
  return {
    session: api,
    dataDir,
    folder: { path: shop, shift: true },
    log: () => undefined,
    signal: new AbortController().signal,
    now: new Date(now),
  };
}

describe('boot', () => {
  it('should take the six files in by their order, then forecast', async () => {
    const api = new FakeApi();
    const { folder: _, ...demo } = options(api, '2026-11-21T03:00:00Z');
    await boot(demo);
    const uploads = api.asked.filter((line) => line.startsWith('upload')).map((line) => line.slice(7));
    expect(new Set(uploads.slice(0, 2))).toEqual(new Set(['stores', 'suppliers']));
    expect(uploads[2]).toBe('products');
    expect(uploads[3]).toBe('stock');
    expect(new Set(uploads.slice(4))).toEqual(new Set(['calendar', 'sales']));
    expect(api.asked.at(-1)).toBe('GET /v1/jobs/ID');
    // what only the simulated demo has
    expect(api.asked).toContain('POST /v1/purchase-ID');
    expect(api.forecastJobs).toBe(1);
  }, 30_000);

  it('should change nothing on a second start, also on another day', async () => {
    const api = new FakeApi();
    const first = options(api, '2026-11-21T12:00:00Z');
    await boot(first);
    api.asked.length = 0;
    await boot(options(api, '2026-12-03T12:00:00Z', first.dataDir));
    expect(api.asked).toEqual(['GET /v1/imports/ID']);
    expect(api.imports.size).toBe(6);
  });

  it('should go on after a kill with the files of the first day, and import nothing twice', async () => {
    const api = new FakeApi();
    api.failing = 'sales';
    const first = options(api, '2026-11-21T12:00:00Z');
    await expect(boot(first)).rejects.toMatchObject({
      lines: [
        'sales.csv was not taken in: 12 problems. Correct it and start again.',
        '  sales.csv, line 7 sku "ZZ": Desconocido.',
        expect.stringMatching(/^ {2}11 more: GET \/v1\/imports\/\w+\/errors$/),
      ],
    });
    api.failing = '';
    await boot(options(api, '2026-11-22T12:00:00Z', first.dataDir));
    expect(api.imports.size).toBe(6);
    expect(api.forecastJobs).toBe(1);
    // those that were in, and the one that was on its way, are asked for and not uploaded again
    expect(api.asked.filter((line) => line.startsWith('upload'))).toHaveLength(6);
  });

  it('should take in only what is other in a folder that was corrected', async () => {
    const api = new FakeApi();
    const first = options(api, '2026-11-21T12:00:00Z');
    await boot(first);
    api.asked.length = 0;
    writeFileSync(path.join(shop, 'products.csv'), 'sku,name\nP,y\n');
    await boot(options(api, '2026-11-21T13:00:00Z', first.dataDir));
    writeFileSync(path.join(shop, 'products.csv'), FILES.products);
    expect(api.asked.filter((line) => line.startsWith('upload'))).toEqual(['upload products']);
  });

  it('should name files that are absent, and refuse a folder without any', async () => {
    const dir = path.join(root, 'half');
    mkdirSync(dir);
    const lines: string[] = [];
    const half = { ...options(new FakeApi(), '2026-11-21T12:00:00Z'), log: (line: string) => void lines.push(line) };
    const sut = { ...half, folder: { path: dir, shift: false } };
    await expect(boot(sut)).rejects.toThrow(`${dir} has none of stores.csv, suppliers.csv, products.csv`);
    for (const kind of ['stores', 'products', 'sales'] as const) writeFileSync(path.join(dir, `${kind}.csv`), FILES[kind]);
    await boot(sut);
    expect(lines.filter((line) => line.includes('has no'))).toEqual(
      ['suppliers', 'calendar', 'stock'].map((kind) => `${dir} has no ${kind}.csv (or .xlsx): goes on without`),
    );
  });

  it('should begin again on a database that does not know it', async () => {
    const first = options(new FakeApi(), '2026-11-21T12:00:00Z');
    await boot(first);
    const other = new FakeApi();
    await boot(options(other, '2026-11-25T12:00:00Z', first.dataDir));
    expect(other.imports.size).toBe(6);
  });
});
