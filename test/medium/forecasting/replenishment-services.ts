import { AcceptService } from '../../../src/forecasting/replenishment/accept.service.js';
import { PolicyRepository } from '../../../src/forecasting/replenishment/policy.repository.js';
import { PolicyService } from '../../../src/forecasting/replenishment/policy.service.js';
import { ReplenishmentJobs } from '../../../src/forecasting/replenishment/replenishment.job.js';
import { Suggester } from '../../../src/forecasting/replenishment/suggester.service.js';
import { SuggestionsRepository } from '../../../src/forecasting/replenishment/suggestions.repository.js';
import { SuggestionsService } from '../../../src/forecasting/replenishment/suggestions.service.js';
import { SupplierGroupsRepository } from '../../../src/forecasting/replenishment/supplier-groups.repository.js';
import { SupplyRepository } from '../../../src/forecasting/replenishment/supply.repository.js';
import { InventoryFacade } from '../../../src/inventory/inventory.facade.js';
import { PurchaseOrdersRepository } from '../../../src/inventory/purchase-orders/purchase-orders.repository.js';
import { PurchaseOrdersService } from '../../../src/inventory/purchase-orders/purchase-orders.service.js';
import { LimitsRepository } from '../../../src/inventory/stock/limits.repository.js';
import { MovementsRepository } from '../../../src/inventory/stock/movements.repository.js';
import { MovementsService } from '../../../src/inventory/stock/movements.service.js';
import { SaleStockRepository } from '../../../src/inventory/stock/sale-stock.repository.js';
import { TransfersRepository } from '../../../src/inventory/transfers/transfers.repository.js';
import { TransfersService } from '../../../src/inventory/transfers/transfers.service.js';
import type { UnitOfWork } from '../../../src/kernel/database/unit-of-work.js';
import type { JobQueue } from '../../../src/kernel/jobs/job-queue.js';
import { cursors } from './alert-lab.js';

/** The services of replenishment, and those of stock that they use. */
export class ReplenishmentServices {
  readonly orders: PurchaseOrdersService;
  readonly transfers: TransfersService;
  readonly policies: PolicyService;
  readonly suggestions: SuggestionsService;
  readonly suggester: Suggester;
  readonly acceptance: AcceptService;
  readonly jobs: ReplenishmentJobs;

  constructor(unit: UnitOfWork, queue: JobQueue) {
    const movements = new MovementsService(new MovementsRepository(unit));
    this.orders = new PurchaseOrdersService(unit, new PurchaseOrdersRepository(unit), cursors);
    this.transfers = new TransfersService(unit, new TransfersRepository(unit), movements, cursors);
    const limits = new LimitsRepository(unit);
    const inventory = new InventoryFacade(movements, new SaleStockRepository(unit), this.orders, this.transfers, limits);
    const rules = new PolicyRepository(unit);
    const rows = new SuggestionsRepository(unit);
    const supply = new SupplyRepository(unit);
    this.policies = new PolicyService(unit, rules, supply, inventory);
    this.suggestions = new SuggestionsService(unit, rows, new SupplierGroupsRepository(unit), rules, queue, cursors);
    this.suggester = new Suggester(unit, rules, supply, rows, inventory);
    this.acceptance = new AcceptService(unit, rules, rows, inventory);
    this.jobs = new ReplenishmentJobs(this.suggester);
  }
}
