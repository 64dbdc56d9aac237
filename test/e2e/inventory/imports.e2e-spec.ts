import { signUp, until, type Any, type Api } from '../../support/api.js';

let api: Api;

beforeAll(async () => {
  api = await signUp();
});

/** Uploads a file and waits until it is taken in or refused. */
async function upload(kind: string, text: string, dryRun = false): Promise<Any> {
  const form = new FormData();
  form.append('kind', kind);
  form.append('dryRun', String(dryRun));
  form.append('file', new Blob([text], { type: 'text/csv' }), `${kind}.csv`);
  const accepted = await api.post('/v1/imports', form);
  expect(accepted.status).toBe(202);
  return until(async () => {
    const { body } = await api.get(`/v1/imports/${String(accepted.body.importId)}`);
    return ['completed', 'failed'].includes(String(body.status)) && body;
  }, `the import of ${kind}`);
}

it('should take in a shop file by file, and change nothing the second time', async () => {
  expect(await upload('stores', 'code,name,type\nT1,Tienda Uno,store\nA1,Almacén,almacen\n')).toMatchObject({
    status: 'completed',
  });
  expect(await upload('suppliers', 'code;name;tax_id;lead_time_days\nPOLAR;Empresas Polar;J-30105123-8;4\n')).toMatchObject({
    status: 'completed',
  });
  const products =
    'sku,name,category,supplier,unit_type,barcode,cost_price,sale_price,tax_category,min_stock_level,reorder_point\n';
  expect(
    await upload(
      'products',
      `${products}LAC1,Leche Entera,Lácteos,POLAR,unit,7591234567894,"2,50","3,25",exempt,5,20\nPAN1,Pan,Panadería,,unit,,1,"1,5",general,0,0\n`,
    ),
  ).toMatchObject({ status: 'completed' });
  const stock = 'store,sku,quantity,unit_cost,date\nT1,LAC1,12,2.4,2026-10-01\nT1,PAN1,30,,2026-10-01\n';
  expect(await upload('stock', stock)).toMatchObject({ status: 'completed' });
  const [milk] = (await api.get('/v1/products?q=leche')).body.data as unknown as Any[];
  expect(milk).toMatchObject({ sku: 'LAC1', sellingPrice: '3.2500', taxCategory: 'exempt', reorderPoint: '20.0000' });
  const levels = async () => (await api.get('/v1/inventory')).body.data as unknown as Any[];
  const before = await levels();
  expect(
    before
      .map(({ sku, onHand, countedFrom }) => [sku, onHand, countedFrom])
      .toSorted((left, right) => String(left).localeCompare(String(right))),
  ).toEqual([
    ['LAC1', '12.0000', '2026-10-01'],
    ['PAN1', '30.0000', '2026-10-01'],
  ]);
  await until(
    async () => ((await api.get('/v1/alerts?status=active')).body.data as unknown as Any[])[0],
    'the alert of what came in below its point',
  );
  // another file with the same rows: not the same bytes, so that the engine takes it in
  expect(await upload('stock', `${stock}\n`)).toMatchObject({ status: 'completed', rowsInserted: 0, rowsUpdated: 0 });
  expect(await levels()).toEqual(before);
  expect((await api.get('/v1/inventory/movements?from=2026-09-01T00:00:00Z')).body.data).toHaveLength(2);
});

it('should report every bad row and write nothing', async () => {
  const text =
    'store,sku,quantity,unit_cost,date\nT1,LAC1,1,,2026-10-05\nT9,LAC1,1,,2026-10-05\nT1,NONE,1,,2026-10-05\nT1,PAN1,-1,,2026-10-05\nT1,PAN1,5,,2026-01-01\n';
  for (const dryRun of [true, false]) {
    const ended = await upload('stock', dryRun ? text : `${text}\n`, dryRun);
    const { data } = (await api.get(`/v1/imports/${String(ended.id)}/errors`)).body as unknown as { data: Any[] };
    expect(data.map(({ line, field, code }) => [line, field, code])).toEqual([
      [3, 'store', 'inventory.unknown_store'],
      [4, 'sku', 'inventory.unknown_product'],
      [5, 'quantity', 'imports.out_of_range'],
      [6, 'date', 'inventory.later_count'],
    ]);
  }
  expect((await api.get('/v1/inventory/movements?from=2026-09-01T00:00:00Z')).body.data).toHaveLength(2);
});
