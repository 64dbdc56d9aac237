import { SUM_LENGTHS, SUM_PROBABILITIES, type DemandSums } from '../engine/demand-sums.js';
import { normalQuantile } from '../models/normal.js';
import { assess } from './assessment.js';
import { parametersOf, type CompanyRules, type Overrides, type PolicyRules } from './parameters.js';
import { planProduct } from './replenishment-plan.js';
import type { SupplyItem } from './supply-item.js';
import { reasonText } from './suggestion-text.js';

const TODAY = '2026-11-21';
const company: CompanyRules = {
  reorderPointMode: 'fixed',
  serviceLevel: null,
  coverDays: 7,
  shelfLifeDays: null,
  classServiceLevels: { smooth: 0.95, erratic: 0.95, intermittent: 0.92, lumpy: 0.9 },
  holdingCostPercent: null,
  orderCost: null,
  reviewDays: 1,
  leadTimeSpreadPercent: 0,
  suggestTransfers: true,
};
const rules = (changes: Partial<PolicyRules>): PolicyRules => ({
  reorderPointMode: null,
  serviceLevel: null,
  coverDays: null,
  shelfLifeDays: null,
  ...changes,
});

/** Independent normal days: mean 10, standard deviation 3. */
function selling(rate = 10): DemandSums {
  return {
    lengths: [...SUM_LENGTHS],
    probabilities: [...SUM_PROBABILITIES],
    values: SUM_LENGTHS.map((n) => SUM_PROBABILITIES.map((p) => rate * n + 0.3 * rate * Math.sqrt(n) * normalQuantile(p))),
    means: SUM_LENGTHS.map((n) => rate * n),
  };
}

/** Reorder point 84, order-up-to 159; keeps 280 for four weeks. */
function store(storeId: string, onHand: number, changes: Partial<SupplyItem> = {}): SupplyItem {
  return {
    productId: 'p',
    storeId,
    sku: 'LAC001',
    productName: 'Leche',
    unitType: 'unit',
    storeName: `Tienda ${storeId}`,
    storeType: 'store',
    supplierId: 's',
    supplierName: 'Polar',
    unitCost: 2,
    sellingPrice: 3.25,
    packSize: 1,
    minOrderQuantity: 1,
    leadTimeDays: 6,
    leadTimeSource: 'supplier',
    onHand,
    reserved: 0,
    alertPoint: 0,
    minStock: 0,
    maxStock: null,
    onOrder: 0,
    inDrafts: 0,
    transfersIn: 0,
    transfersOut: 0,
    arrivals: [],
    demand: { runId: 'r', sums: selling(), demandClass: 'smooth', daily: new Float64Array(28).fill(10) },
    heldOff: [],
    productRules: null,
    ownRules: null,
    ...changes,
  };
}

const look = (item: SupplyItem, overrides: Overrides = {}, observed: number[] = [], factor = 1) =>
  assess(item, parametersOf(item, company, observed, overrides), TODAY, factor);
const plan = (...items: SupplyItem[]) =>
  planProduct(
    items.map((item) => look(item)),
    true,
  );
const brief = (...items: SupplyItem[]) =>
  plan(...items).map(
    ({ kind, fromStoreId, storeId, quantity, reason }) => `${kind} ${fromStoreId ?? '-'}>${storeId} ${quantity} ${reason}`,
  );

describe('parametersOf', () => {
  it('should take the most particular rule, and say where it comes from', () => {
    const item = store('a', 0, {
      productRules: rules({ serviceLevel: 0.9, coverDays: 14 }),
      ownRules: rules({ serviceLevel: 0.8, reorderPointMode: 'automatic' }),
    });
    expect(parametersOf(item, company, [])).toMatchObject({
      serviceLevel: { value: 0.8, source: 'product_in_store' },
      coverDays: { value: 14, source: 'product' },
      reorderPointMode: { value: 'automatic', source: 'product_in_store' },
      reviewDays: { value: 1, source: 'company' },
      shelfLifeDays: { value: null, source: 'none' },
      leadTime: { value: { mean: 6 }, source: 'supplier' },
    });
  });

  it('should know where a service level and a lead time come from', () => {
    const of = (changes: Partial<CompanyRules>, observed: number[] = []) =>
      parametersOf(store('a', 0), { ...company, ...changes }, observed);
    expect(of({}).serviceLevel).toEqual({ value: 0.95, source: 'class' });
    expect(of({ holdingCostPercent: 25 }).serviceLevel).toEqual({ value: 0.9924, source: 'newsvendor' });
    expect(of({ serviceLevel: 0.97 }).serviceLevel).toEqual({ value: 0.97, source: 'company' });
    expect(of({}, [3, 3, 4, 3, 3]).leadTime).toMatchObject({ source: 'observed', value: { mean: 3.2 } });
    expect(of({ holdingCostPercent: 25, orderCost: 5 }).coverDays).toEqual({ value: 27, source: 'economic_batch' });
  });

  it('should let a what-if override everything', () => {
    const overrides = { serviceLevel: 0.99, leadTimeDays: 2, reviewDays: 0, coverDays: 3 };
    const item = store('a', 0, { ownRules: rules({ serviceLevel: 0.8, coverDays: 9 }) });
    const parameters = parametersOf(item, company, [9, 9, 9, 9, 9], overrides);
    for (const name of ['serviceLevel', 'leadTime', 'reviewDays', 'coverDays'] as const)
      expect(parameters[name].source).toBe('what_if');
    expect(parameters.leadTime.value.mean).toBe(2);
  });
});

describe('assess', () => {
  it('should count what is on hand, coming, reserved and promised', () => {
    const found = look(store('a', 100, { reserved: 20, onOrder: 5, inDrafts: 4, transfersIn: 3, transfersOut: 9 }));
    expect(found).toMatchObject({ available: 80, position: 83, isShort: true, daysOfCover: 8, stockOutDate: '2026-11-29' });
  });

  it('should sell more under a promotion', () => {
    const item = store('a', 100);
    expect(look(item).isShort).toBe(false);
    expect(look(item, {}, [], 2)).toMatchObject({
      isShort: true,
      daysOfCover: 5,
      levels: { reorderPoint: 167, meanDemand: 140 },
    });
  });

  it('should go by the sums when the days of the forecast are over', () => {
    const item = store('a', 45, { demand: { runId: 'r', sums: selling(), demandClass: 'smooth', daily: new Float64Array(0) } });
    expect(look(item)).toMatchObject({ daysOfCover: 4.5, stockOutDate: '2026-11-25' });
  });

  it('should go by the point of people where nothing is forecast, and by nothing where there is none', () => {
    expect(look(store('a', 3, { demand: null, alertPoint: 10, maxStock: 30 }))).toMatchObject({
      basis: 'fixed_point',
      isShort: true,
      levels: { reorderPoint: 10, orderUpTo: 30 },
      keeps: null,
    });
    expect(look(store('a', 10, { demand: null, alertPoint: 10 })).isShort).toBe(false);
    expect(look(store('a', 0, { demand: null }))).toMatchObject({ basis: null, levels: null, isShort: false });
  });
});

describe('planProduct', () => {
  it('should leave alone what has enough', () => expect(plan(store('a', 85))).toEqual([]));

  it('should order up to the level, in packs and at least the minimum', () => {
    expect(brief(store('a', 80))).toEqual(['purchase ->a 79 below_reorder_point']);
    const [suggestion] = plan(store('a', 80, { packSize: 24, minOrderQuantity: 100, reserved: 10 }));
    expect(suggestion).toMatchObject({
      quantity: 120,
      supplierId: 's',
      unitCost: 2,
      runId: 'r',
      reorderPoint: 84,
      safetyStock: 14,
      leadTimeDays: 6,
      data: { position: '70.0000', orderUpTo: '159.0000', need: '89.0000', serviceLevel: 0.95, notes: ['minimum_order'] },
    });
  });

  it('should say how bad it is', () => {
    expect(brief(store('a', 0))).toEqual(['purchase ->a 159 out_of_stock']);
    expect(brief(store('a', 30))).toEqual(['purchase ->a 129 stock_out_before_arrival']);
    expect(brief(store('a', 3, { demand: null, alertPoint: 10 }))).toEqual(['purchase ->a 7 below_fixed_point']);
  });

  it('should move what another store does not need before it buys, and buy only what is still short', () => {
    expect(brief(store('a', 80), store('b', 400))).toEqual(['transfer b>a 79 excess_elsewhere']);
    // 30 can be spared: 80 + 30 is above the reorder point, so no purchase
    expect(brief(store('a', 80), store('b', 310))).toEqual(['transfer b>a 30 excess_elsewhere']);
    expect(brief(store('a', 20), store('b', 310))).toEqual([
      'transfer b>a 30 excess_elsewhere',
      'purchase ->a 109 stock_out_before_arrival',
    ]);
  });

  it('should never take a donor below its own need, counting what it has promised and not what is still to come', () => {
    expect(brief(store('a', 80), store('b', 280, { onOrder: 500 }))).toEqual(['purchase ->a 79 below_reorder_point']);
    expect(brief(store('a', 80), store('b', 310, { reserved: 10, transfersOut: 15 }))).toEqual([
      'transfer b>a 5 excess_elsewhere',
    ]);
  });

  it('should empty a warehouse that sells nothing, down to its minimum, but no shop of which nothing is known', () => {
    const nothing = { demand: null };
    expect(brief(store('a', 20), store('w', 200, { ...nothing, storeType: 'distribution_center', minStock: 100 }))).toEqual([
      'transfer w>a 100 excess_elsewhere',
    ]);
    expect(brief(store('a', 80), store('b', 900, nothing))).toEqual(['purchase ->a 79 below_reorder_point']);
  });

  it('should buy for a warehouse and move nothing to it', () => {
    const warehouse = store('w', 0, { demand: null, storeType: 'warehouse', alertPoint: 50 });
    expect(brief(warehouse, store('b', 900))).toEqual(['purchase ->w 50 below_fixed_point']);
  });

  it('should leave alone what people have dismissed, and look for another way', () => {
    expect(brief(store('a', 80, { heldOff: ['b'] }), store('b', 900), store('c', 300))).toEqual([
      'transfer c>a 20 excess_elsewhere',
    ]);
    expect(brief(store('a', 80, { heldOff: ['b'] }), store('b', 900))).toEqual(['purchase ->a 79 below_reorder_point']);
    expect(brief(store('a', 80, { heldOff: [null] }), store('b', 290))).toEqual(['transfer b>a 10 excess_elsewhere']);
    expect(brief(store('a', 80, { heldOff: [null] }))).toEqual([]);
  });

  it('should suggest no transfers where the company wants none', () => {
    const found = planProduct(
      [store('a', 80), store('b', 900)].map((item) => look(item)),
      false,
    );
    expect(found.map(({ kind }) => kind)).toEqual(['purchase']);
  });
});

describe('reasonText', () => {
  const tell = (locale: 'es' | 'en', ...items: SupplyItem[]) => {
    const found = plan(...items)[0]!;
    const fromStoreName = items.find(({ storeId }) => storeId === found.fromStoreId)?.storeName ?? null;
    return reasonText(
      { ...found, quantity: String(found.quantity), reorderPoint: String(found.reorderPoint), fromStoreName },
      locale,
    );
  };

  it('should name stock, demand, certainty, target and packs', () => {
    const item = store('a', 30, { packSize: 24, onOrder: 10 });
    expect(tell('en', item)).toBe(
      'Stock ends before an order placed today arrives, on November 24, 2026: 30 available and 10 on the way; until an order arrives (7 days with the next review) 70 are expected to sell. ' +
        'With 95% certainty 84 are enough for that; 119 are missing to the 159 that last 7 days more. In packs of 24: 120.',
    );
    expect(tell('es', item)).toBe(
      'La existencia se acaba antes de que llegue un pedido hecho hoy, el 24 de noviembre de 2026: disponible: 30, en camino: 10; hasta que llegue un pedido (7 días con la próxima revisión) se espera vender 70. ' +
        'Con 95% de seguridad bastan 84 para eso; faltan 119 para los 159 que alcanzan 7 días más. En empaques de 24: 120.',
    );
  });

  it('should tell who gives', () => {
    expect(tell('en', store('a', 80), store('b', 400))).toContain('Tienda b has 400 and needs 280 itself. Here: 80 available');
    expect(tell('es', store('a', 80), store('b', 400))).toContain('Tienda b tiene 400 y necesita 280. Aquí, disponible: 80');
  });

  it('should tell what changed the quantity, and that people set the point', () => {
    const item = store('a', 3, { demand: null, alertPoint: 10, maxStock: 12, minOrderQuantity: 20 });
    expect(tell('en', item)).toBe(
      'Below the reorder point of 10 that was set by hand: 3 available and 0 on the way. There is no forecast yet. 9 are missing to 12. ' +
        'The supplier takes no order below 20. The minimum order goes beyond the maximum stock.',
    );
    expect(tell('es', item)).toContain(
      'El proveedor no acepta pedidos de menos de 20. El pedido mínimo supera la existencia máxima.',
    );
  });
});
