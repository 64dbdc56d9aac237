import { Config } from '../config/config.js';
import { tenantScope, type TenantRef } from '../database/tenant-context.js';
import { DemoExamples } from './demo-examples.js';

const tenant = (slug: string) => ({ id: slug, slug, settings: { locale: 'es-VE' } }) as TenantRef;
const directory = (...slugs: string[]) => ({
  byId: async () => undefined,
  bySlug: async (slug: string) => (slugs.includes(slug) ? tenant(slug) : undefined),
  active: async function* () {
    yield* slugs.map(tenant);
  },
});
const config = (FLUXION_DEMO: boolean) => Object.assign(new Config(), { FLUXION_DEMO });

describe('DemoExamples', () => {
  it('should ask every source as the tenant of the demo', async () => {
    const sut = new DemoExamples(config(true), directory('acme', 'fluxion-demo'));
    sut.register(async () => [{ storeId: `store of ${tenantScope().tenant.slug}`, clientId: null }]);
    sut.register(async () => [{ '/v1/sales': 'sale' }]);
    expect(await sut.ids()).toEqual({ storeId: 'store of fluxion-demo', '/v1/sales': 'sale' });
  });

  it.each([
    ['switched off', config(false), directory('fluxion-demo')],
    ['not there yet', config(true), directory('acme')],
    ['unknown to the process', config(true), undefined],
  ])('should give no id where the demo is %s', async (_, settings, tenants) => {
    const sut = new DemoExamples(settings, tenants);
    sut.register(async () => [{ storeId: 'must not be asked' }]);
    expect(await sut.ids()).toEqual({});
  });
});
