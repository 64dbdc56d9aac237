import { Injectable } from '@nestjs/common';
import { InventoryFacade } from '../../inventory/index.js';
import { assertAllStores, assertStoreAllowed } from '../../kernel/auth/store-scope.js';
import { retried } from '../../kernel/database/retry.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { assertMatch, type Versioned } from '../../kernel/http/etag.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { assess, type Assessment } from './assessment.js';
import { calculationOf, parametersDto } from './calculation.js';
import type { WhatIfAnswerDto, WhatIfDto } from './calculation.dto.js';
import { parametersOf, type CompanyRules, type Overrides } from './parameters.js';
import type { AppliedReorderPointsDto, ApplyReorderPointsDto, PolicyDto, PolicyQuery, UpdatePolicyDto } from './policy.dto.js';
import { PolicyRepository } from './policy.repository.js';
import { fixed } from './replenishment-plan.js';
import type { SupplyItem } from './supply-item.js';
import { SupplyRepository, type ObservedLeadTimes } from './supply.repository.js';

/** Rules that hold for the whole company alone. */
const COMPANY_ONLY = [
  'classServiceLevels',
  'holdingCostPercent',
  'orderCost',
  'reviewDays',
  'leadTimeSpreadPercent',
  'suggestTransfers',
] as const satisfies readonly (keyof UpdatePolicyDto)[];
/** Rules without which nothing can be computed: the company has to have them. */
const NEEDED = ['reorderPointMode', 'coverDays'] as const satisfies readonly (keyof UpdatePolicyDto)[];

/** The rules that products are replenished by, and what comes of them. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly policies: PolicyRepository,
    private readonly supply: SupplyRepository,
    private readonly inventory: InventoryFacade,
  ) {}

  /** The rules of the company, of a product, or of a product in a store with what is in force there. */
  async get({ productId = null, storeId = null }: PlaceQuery): Promise<PolicyDto & Versioned> {
    assertStoreAllowed(storeId);
    if (productId === null && storeId !== null) throw invalid({ pointer: '/productId', code: 'field.required' });
    const found = await this.inForce(productId, storeId);
    const rules = await this.policies.find(productId, storeId);
    return versioned({
      productId,
      storeId,
      rules,
      parameters: found && parametersDto(found.parameters),
      reorderPoint: found && {
        inForce: fixed(found.item.alertPoint),
        computed: found.basis === 'forecast' ? fixed(found.levels!.reorderPoint) : null,
      },
    });
  }

  /** Changes what is given; rules of more than the caller's stores are for those whom no store scope holds. */
  update(query: PolicyQuery, ifMatch: string, changes: UpdatePolicyDto): Promise<PolicyDto> {
    const { productId = null, storeId = null } = query;
    return retried(() =>
      this.unit.transaction(async () => {
        await this.get(query);
        if (storeId === null) assertAllStores();
        const faults = faultsOf(changes, productId !== null);
        if (faults.length > 0) throw invalid(...faults);
        await this.policies.company('exclusive');
        const current = await this.get(query);
        assertMatch(ifMatch, current);
        const rules = await this.policies.find(productId, storeId);
        await this.policies.save(productId, storeId, { ...rules, ...changes });
        return this.get(query);
      }),
    );
  }

  /** The same calculation by what is in force and by what is asked; nothing is saved. @throws forecasts.too_little_history without a forecast */
  async whatIf({ productId, storeId, promotionFactor, ...overrides }: WhatIfDto): Promise<WhatIfAnswerDto> {
    assertStoreAllowed(storeId);
    const context = await this.context();
    const item = await this.item(productId, storeId, context);
    if (item.demand === null) throw new ProblemError('forecasts.too_little_history');
    return {
      before: calculationOf(assessIn(context, item)),
      after: calculationOf(assessIn(context, item, overrides, promotionFactor)),
    };
  }

  /**
   * Writes computed reorder points as the stores' own; low-stock alerts follow. All or nothing.
   * @throws forecasts.too_little_history for what has no forecast
   */
  apply({ items }: ApplyReorderPointsDto): Promise<AppliedReorderPointsDto> {
    assertStoreAllowed(...items.map(({ storeId }) => storeId));
    const faults = items.flatMap(({ productId, storeId }, index): FieldError[] => {
      const first = items.findIndex((other) => other.productId === productId && other.storeId === storeId);
      return first === index ? [] : [{ pointer: `/items/${index}`, code: 'field.duplicate' }];
    });
    if (faults.length > 0) throw invalid(...faults);
    return retried(() =>
      this.unit.transaction(async () => {
        const context = await this.context();
        const found: Assessment[] = [];
        for (const { productId, storeId } of items) found.push(assessIn(context, await this.item(productId, storeId, context)));
        const unknown = found.flatMap(({ basis }, index): FieldError[] =>
          basis === 'forecast' ? [] : [{ pointer: `/items/${index}/productId`, code: 'field.not_allowed' }],
        );
        if (unknown.length > 0) throw new ProblemError('forecasts.too_little_history', { errors: unknown });
        const data = found.map(({ item: { productId, storeId, alertPoint }, levels }) => ({
          productId,
          storeId,
          before: fixed(alertPoint),
          after: fixed(levels!.reorderPoint),
        }));
        await this.inventory.setReorderPoints(
          data.map(({ productId, storeId, after }) => ({ productId, storeId, reorderPoint: after })),
        );
        return { data };
      }),
    );
  }

  /** Null for what is not a product in a store. 404 for what does not exist. */
  private async inForce(productId: string | null, storeId: string | null): Promise<Assessment | null> {
    if (productId === null) return null;
    if (storeId === null) {
      const names = await this.inventory.productNames([productId]);
      if (!names.has(productId)) throw notFound();
      return null;
    }
    const context = await this.context();
    return assessIn(context, await this.item(productId, storeId, context));
  }

  private async context(): Promise<Context> {
    const { timezone } = tenantScope().tenant.settings;
    const today = localDateOf(new Date(), timezone);
    const [company, observed] = await Promise.all([this.policies.company(), this.supply.leadTimes(today, timezone)]);
    return { today, company, observed };
  }

  private async item(productId: string, storeId: string, { today }: Context): Promise<SupplyItem> {
    const item = await this.supply.find(productId, storeId, today);
    if (!item) throw notFound();
    return item;
  }
}

/** What holds for every product. */
interface Context {
  today: string;
  company: CompanyRules;
  observed: ObservedLeadTimes;
}

function assessIn({ today, company, observed }: Context, item: SupplyItem, overrides: Overrides = {}, factor = 1): Assessment {
  return assess(item, parametersOf(item, company, observed.get(item.supplierId ?? '') ?? [], overrides), today, factor);
}

type PlaceQuery = { [K in keyof PolicyQuery]?: string | null };

/** The version is all that is answered: rules, and what follows from them and from the forecast. Not enumerable: it makes the ETag only. */
function versioned(policy: PolicyDto): PolicyDto & Versioned {
  return Object.defineProperty(policy, 'rowVersion', { value: JSON.stringify(policy), enumerable: false });
}

function faultsOf(changes: UpdatePolicyDto, ofProduct: boolean): FieldError[] {
  if (!ofProduct)
    return NEEDED.flatMap((name) => (changes[name] === null ? [{ pointer: `/${name}`, code: 'field.null' as const }] : []));
  return COMPANY_ONLY.flatMap((name) =>
    changes[name] === undefined ? [] : [{ pointer: `/${name}`, code: 'field.not_allowed' as const }],
  );
}
