import { Module } from '@nestjs/common';
import { registerConstraints } from '../kernel/errors/constraints.js';
import { InventoryModule } from '../inventory/index.js';
import { ImportsModule } from '../tenancy/index.js';
import { ClientsController } from './clients/clients.controller.js';
import { ClientsRepository } from './clients/clients.repository.js';
import { ExchangeRatesController } from './exchange-rates/exchange-rates.controller.js';
import { ExchangeRatesRepository } from './exchange-rates/exchange-rates.repository.js';
import { SalesImportRepository } from './imports/sales-import.repository.js';
import { SalesImports } from './imports/sales-imports.js';
import { SalesImport } from './imports/sales.import.js';
import { ReportsController } from './reports/reports.controller.js';
import { SalesReportRepository } from './reports/sales-report.repository.js';
import { SaleDraft } from './sales/sale-draft.js';
import { SalesExamplesRepository } from './sales-examples.repository.js';
import { SalesController } from './sales/sales.controller.js';
import { SalesRepository } from './sales/sales.repository.js';
import { SalesService } from './sales/sales.service.js';

registerConstraints({
  sales_pos_transaction_id_key: { code: 'sales.duplicate_transaction', pointer: '/posTransactionId' },
  clients_code_key: { code: 'sales.client_taken', pointer: '/code' },
  clients_tax_id_key: { code: 'sales.client_taken', pointer: '/taxId' },
  sales_client_id_fkey: { code: 'http.validation_failed', pointer: '/client/id' },
  exchange_rates_currencies_check: { code: 'http.validation_failed', pointer: '/quoteCurrency' },
  exchange_rates_base_currency_quote_currency_valid_from_key: { code: 'http.duplicate', pointer: '/validFrom' },
});

@Module({
  imports: [InventoryModule, ImportsModule],
  controllers: [SalesController, ClientsController, ExchangeRatesController, ReportsController],
  providers: [
    SalesService,
    SaleDraft,
    SalesRepository,
    ClientsRepository,
    ExchangeRatesRepository,
    SalesReportRepository,
    SalesImportRepository,
    SalesImport,
    SalesImports,
    SalesExamplesRepository,
  ],
})
export class SalesModule {}
