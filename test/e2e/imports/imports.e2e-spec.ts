import { buffer } from 'node:stream/consumers';
import writeXlsxFile from 'write-excel-file/node';
import { Api, signUp, until, type Answer, type Any } from '../../support/api.js';

let sut: Api;
beforeAll(async () => {
  sut = await signUp();
}, 60_000);

function form(kind: string, content: string | Buffer, more: Record<string, string> = {}): FormData {
  const data = new FormData();
  data.set('kind', kind);
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  data.set('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), `${kind}.csv`);
  return data;
}

const upload = (
  kind: string,
  content: string | Buffer,
  more?: Record<string, string>,
  headers?: Record<string, string>,
): Promise<Answer<Any>> => sut.post('/v1/imports', form(kind, content, more), headers);

/** Uploads and waits for the end. */
async function take(kind: string, content: string | Buffer, more?: Record<string, string>): Promise<Any> {
  const { status, body } = await upload(kind, content, more);
  expect(status).toBe(202);
  return ended(String(body.importId));
}

function ended(id: string): Promise<Any> {
  return until(async () => {
    const { body } = await sut.get(`/v1/imports/${id}`);
    return ['completed', 'failed'].includes(String(body.status)) && body;
  }, `import ${id}`);
}

const STORES = 'code,name\nS01,Uno\n';
const PRODUCTS = 'sku,name,sale_price,reorder_point\nA,Arroz,2,10\nB,Bono,3,5\nC,Café,4,0\n';

async function workbook(): Promise<Buffer> {
  const text = (value: string): { value: string; type: StringConstructor } => ({ value, type: String });
  const day = { value: new Date('2026-05-10T00:00:00Z'), type: Date, format: 'dd/mm/yyyy' };
  return buffer(
    await writeXlsxFile([
      ['Fecha', 'Tienda', 'SKU', 'Cantidad', 'costo'].map(text),
      [day, text('S01'), text('A'), { value: 12.5, type: Number }, { value: 1.25, type: Number }],
      [text('10/05/2026'), text('S01'), text('B'), text('4'), null],
    ]),
  );
}

const level = async (sku: string): Promise<unknown> => {
  const { body: products } = await sut.get(`/v1/products?sku=${sku}`);
  const { body } = await sut.get(`/v1/inventory?productId=${String(products.data?.[0]?.id)}`);
  return body.data?.[0]?.onHand;
};

describe('POST /v1/imports', () => {
  it('should take CSV and XLSX in and move stock', async () => {
    expect(await take('stores', STORES)).toMatchObject({ status: 'completed', rowsInserted: 1, format: 'csv', error: null });
    expect(await take('products', Buffer.from(PRODUCTS.replaceAll(',', ';'), 'latin1'))).toMatchObject({ rowsInserted: 3 });
    expect(await take('stock', await workbook())).toMatchObject({
      status: 'completed',
      format: 'xlsx',
      rowsTotal: 2,
      rowsInserted: 2,
    });
    expect(await take('sales', 'date;store;sku;quantity\n10/05/2026;S01;A;2,5\n09/05/2026;S01;A;100\n')).toMatchObject({
      rowsInserted: 2,
    });
    expect(await level('A')).toBe('10.0000');
    expect(await level('B')).toBe('4.0000');
    const { body } = await sut.get('/v1/products?q=cafe');
    expect(body.data?.[0]).toMatchObject({ name: 'Café' });
  });

  it('should take the same file in anew once it has ended, and count what is unchanged', async () => {
    const again = await take('stores', STORES);
    expect(again).toMatchObject({ status: 'completed', rowsTotal: 1, rowsInserted: 0, rowsUpdated: 0, rowsUnchanged: 1 });
    expect(await take('stores', STORES, { dryRun: 'true' })).toMatchObject({ dryRun: true, rowsInserted: 0, rowsValid: 1 });
  });

  it('should put back what another file, or a person, has changed since', async () => {
    const priced = (price: number): string => `sku,name,sale_price\nV,Vela,${price}\n`;
    const product = async (): Promise<Any> => (await sut.get('/v1/products?sku=V')).body.data?.[0] ?? {};
    for (const price of [2, 3, 2]) await take('products', priced(price));
    expect(await product()).toMatchObject({ sellingPrice: '2.0000' });
    const path = `/v1/products/${String((await product()).id)}`;
    const { headers } = await sut.get(path);
    expect((await sut.patch(path, { sellingPrice: '9' }, headers.get('etag') ?? '')).status).toBe(200);
    expect(await take('products', priced(2))).toMatchObject({ rowsUpdated: 1 });
    expect(await product()).toMatchObject({ sellingPrice: '2.0000' });
  });

  it('should take in later what a partial import had to leave out', async () => {
    const file = 'sku,name,supplier\nW1,Uno,LATER\nW2,Dos,\n';
    expect(await take('products', file, { partial: 'true' })).toMatchObject({
      status: 'completed',
      rowsInserted: 1,
      rowsInvalid: 1,
    });
    await take('suppliers', 'code,name\nLATER,Tardío\n');
    expect(await take('products', file)).toMatchObject({ status: 'completed', rowsInserted: 1, rowsUnchanged: 1 });
  });

  it('should bring a deleted day of the calendar back', async () => {
    const file = 'date,kind,name\n2036-12-26,holiday,San Esteban\n';
    const days = async (): Promise<Any | undefined> =>
      (await sut.get('/v1/calendar-days?from=2036-12-26&to=2036-12-26')).body.data;
    expect(await take('calendar', file)).toMatchObject({ rowsInserted: 1 });
    const path = `/v1/calendar-days/${String((await days())?.[0]?.id)}`;
    expect((await sut.delete(path, '*')).status).toBe(204);
    expect(await days()).toEqual([]);
    expect(await take('calendar', file)).toMatchObject({ rowsInserted: 1 });
    expect(await days()).toHaveLength(1);
  });

  it('should tag an import and its job, and answer 304 to who knows them', async () => {
    const [first, second] = [await take('stores', STORES), await take('stores', STORES)];
    for (const path of ['/v1/imports', '/v1/jobs']) {
      const url = `${path}/${String(first.id)}`;
      // the job ends a moment after its import
      const tag = await until(async () => {
        const { headers, body } = await sut.get(url);
        return ['completed', 'failed'].includes(String(body.status ?? body.state)) && (headers.get('etag') ?? '');
      }, url);
      expect(tag).toMatch(/^"[\w-]+"$/);
      expect((await sut.get(url, { 'if-none-match': tag })).status).toBe(304);
      expect((await sut.get(`${path}/${String(second.id)}`, { 'if-none-match': tag })).status).toBe(200);
    }
  });

  it('should answer a repeated request with its key from memory', async () => {
    const headers = { 'idempotency-key': 'once' };
    const file = 'code,name\nS02,Dos\n';
    const first = await upload('stores', file, {}, headers);
    const again = await upload('stores', file, {}, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await upload('stores', 'code,name\nS03,Tres\n', {}, headers)).status).toBe(422);
    await ended(String(first.body.importId));
  });

  it('should list every problem by line in the language of the caller, page by page', async () => {
    const file = `sku,name,reorder_point\n${'X,x,many\n'.repeat(3)}=cmd|1,,1\n`;
    const failed = await take('products', file);
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'imports.bad_rows' },
      rowsTotal: 4,
      rowsInvalid: 4,
      errorCount: 4,
    });
    const pages: Any[] = [];
    let cursor = '';
    do {
      const { body } = await sut.get(`/v1/imports/${String(failed.id)}/errors?limit=3${cursor}`, {
        'accept-language': 'es',
      });
      pages.push(body);
      cursor = body.nextCursor === null ? '' : `&cursor=${String(body.nextCursor)}`;
    } while (cursor !== '');
    expect(pages.map(({ data }) => data)).toEqual([
      [2, 3, 4].map((line) => ({
        line,
        field: 'reorder_point',
        code: 'imports.not_a_number',
        message: 'No es un número. Ejemplos: 3,25 o 3.25.',
        value: 'many',
      })),
      [{ line: 5, field: 'name', code: 'imports.required', message: 'Falta el valor.', value: null }],
    ]);
  });

  it.each([
    ['no file', new FormData(), 400, 'http.validation_failed'],
    ['an unknown kind', form('clients', 'a,b\n1,2\n'), 400, 'http.validation_failed'],
    ['an unknown field', form('stores', 'code,name\nU1,x\n', { dry: '1' }), 400, 'http.validation_failed'],
    ['an empty file', form('stores', ''), 400, 'imports.unreadable_file'],
  ])('should refuse a form with %s', async (_, body, status, code) => {
    const answer = await sut.post('/v1/imports', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('should say of an empty file that it is empty', async () => {
    const { body } = await sut.call<Any>('POST', '/v1/imports', form('stores', ''), { 'accept-language': 'es' });
    expect(body.errors).toEqual([{ pointer: '/file', code: 'field.empty_file', message: 'El archivo está vacío.' }]);
  });

  it('should refuse what is no form', async () => {
    expect((await sut.post('/v1/imports', { kind: 'stores' })).status).toBe(415);
  });

  it('should hide a tenant’s imports from another', async () => {
    const { body } = await upload('stores', 'code,name\nS04,Cuatro\n');
    const other = await signUp();
    for (const path of ['', '/errors']) expect((await other.get(`/v1/imports/${String(body.importId)}${path}`)).status).toBe(404);
    await ended(String(body.importId));
  });
});
