import { addSundries } from './sundries.js';

interface Sent {
  what: string;
  body: unknown;
  headers: Record<string, string>;
}

/** An API that refuses what `refused` says, and finds one thing whatever is looked for. */
function api(refused: (method: string, path: string) => number | undefined = () => undefined) {
  const sent: Sent[] = [];
  const request = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Body> => {
    sent.push({ what: `${method} ${path}`, body, headers });
    const status = refused(method, path);
    if (status !== undefined) throw Object.assign(new Error(`answered ${status}`), { status });
    const answer: unknown = { id: 'ID', data: [{ id: 'ID' }] };
    return answer as Body;
  };
  return { sent, request };
}

describe('addSundries', () => {
  it('should leave an order waiting for every step, and things that nothing hangs on', async () => {
    const sut = api();
    await addSundries(sut);
    const steps = sut.sent.map(({ what }) => what).filter((what) => what.startsWith('POST /v1/purchase-orders'));
    const order = 'POST /v1/purchase-orders';
    expect(steps).toEqual([order, order, `${order}/ID/send`, order, `${order}/ID/send`, `${order}/ID/confirm`, order]);
    expect(sut.sent.map(({ what }) => what)).toContain('DELETE /v1/stores/ID');
  });

  it('should make the viewer of the log-in example, who may only look', async () => {
    const sut = api();
    await addSundries(sut);
    expect(sut.sent[0]).toMatchObject({ what: 'POST /v1/users', body: { email: 'visita@fluxion-demo.example', role: 'viewer' } });
  });

  it('should go on where an earlier start ended: what is there is refused, what has no name carries a key', async () => {
    const sut = api((method, path) =>
      method === 'POST' && /users|clients|categories|suppliers|products|stores|send/.test(path) ? 409 : undefined,
    );
    await addSundries(sut);
    const unnamed = sut.sent.filter(({ what }) =>
      /^POST \/v1\/(api-keys|exchange-rates|purchase-orders|stock-transfers)$/.test(what),
    );
    expect(unnamed).toHaveLength(9);
    expect(new Set(unnamed.map(({ headers }) => headers['idempotency-key'])).size).toBe(9);
  });

  it('should tell what else went wrong', async () => {
    await expect(addSundries(api(() => 400))).rejects.toThrow('answered 400');
  });
});
