import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CalendarImportRepository } from '../../../src/forecasting/calendar/calendar-import.repository.js';
import { CalendarImport } from '../../../src/forecasting/calendar/calendar.import.js';
import { ImportReferences } from '../../../src/inventory/imports/import-references.js';
import { ReferencesRepository } from '../../../src/inventory/imports/references.repository.js';
import { StockHistoryRepository } from '../../../src/inventory/imports/stock-history.repository.js';
import { StockHistory } from '../../../src/inventory/imports/stock-history.js';
import { ProductsImportRepository } from '../../../src/inventory/products/products-import.repository.js';
import { productsImport } from '../../../src/inventory/products/products.import.js';
import { stockImport } from '../../../src/inventory/stock/stock.import.js';
import { storesImport } from '../../../src/inventory/stores/stores.import.js';
import { suppliersImport } from '../../../src/inventory/suppliers/suppliers.import.js';
import { MovementsRepository } from '../../../src/inventory/stock/movements.repository.js';
import { MovementsService } from '../../../src/inventory/stock/movements.service.js';
import { StockImportRepository } from '../../../src/inventory/stock/stock-import.repository.js';
import { StoresImportRepository } from '../../../src/inventory/stores/stores-import.repository.js';
import { SuppliersImportRepository } from '../../../src/inventory/suppliers/suppliers-import.repository.js';
import type { TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { SalesImportRepository } from '../../../src/sales/imports/sales-import.repository.js';
import { SalesImport } from '../../../src/sales/imports/sales.import.js';
import { ImportChecker } from '../../../src/tenancy/imports/import-checker.js';
import { ImportFiles } from '../../../src/tenancy/imports/import-files.js';
import type { ImportKindName } from '../../../src/tenancy/imports/import-kind.js';
import { ImportKinds } from '../../../src/tenancy/imports/import-kinds.js';
import { ImportProblemsRepository, type StoredProblem } from '../../../src/tenancy/imports/import-problems.repository.js';
import type { ImportRecord } from '../../../src/tenancy/imports/import-record.js';
import { ImportPasses } from '../../../src/tenancy/imports/import-passes.js';
import { ImportRunner } from '../../../src/tenancy/imports/import-runner.js';
import { ImportWriter } from '../../../src/tenancy/imports/import-writer.js';
import type { ColumnSpec } from '../../../src/tenancy/imports/parsing/header.js';
import { openImportFile, type ImportFile } from '../../../src/tenancy/imports/parsing/import-file.js';
import { sheetRows } from '../../../src/tenancy/imports/parsing/sheet.js';
import { sheetRecords } from '../../../src/tenancy/imports/parsing/xlsx-reader.js';
import { ImportsRepository } from '../../../src/tenancy/imports/imports.repository.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

export interface TakeOptions {
  dryRun?: boolean;
  partial?: boolean;
  tenant?: TenantRef;
  signal?: AbortSignal;
}

export interface Taken {
  record: ImportRecord;
  problems: StoredProblem[];
}

/** The import engine with every room's kinds on a database of its own, put together by hand. */
export interface ImportLab {
  database: MediumDatabase;
  kinds: ImportKinds;
  imports: ImportsRepository;
  /** Uploads and runs a file; the answer is the import as it then stands. */
  take(kind: ImportKindName, content: string | Buffer, options?: TakeOptions): Promise<Taken>;
  /** Uploads a file; the answer is the import's id. */
  upload(kind: ImportKindName, content: string | Buffer, options?: TakeOptions): Promise<string>;
  /** Runs an uploaded import, for the first time or again. */
  run(importId: string, options?: TakeOptions): Promise<Taken>;
  query<R>(sql: string, values?: unknown[], tenant?: TenantRef): Promise<R[]>;
  close(): Promise<void>;
}

/** Reads workbooks in this thread: jest's sandbox cannot start one from TypeScript. */
class SandboxFiles extends ImportFiles {
  override open(importId: string, columns: readonly ColumnSpec[]): Promise<ImportFile> {
    return openImportFile(this.source(importId), columns, async function* read(bytes, from) {
      yield sheetRecords(await sheetRows(Buffer.from(bytes)), 1, from.line);
    });
  }
}

export async function openImportLab(name: string): Promise<ImportLab> {
  const database = await openMediumDatabase(name);
  const { unit, acme } = database;
  const imports = new ImportsRepository(unit);
  const problems = new ImportProblemsRepository(unit);
  const files = new SandboxFiles(imports);
  const kinds = roomsKinds(database);
  const passes = new ImportPasses(imports, new ImportChecker(imports, problems), new ImportWriter(unit, imports));
  const runner = new ImportRunner(unit, imports, problems, kinds, files, passes);
  const lab: ImportLab = {
    database,
    kinds,
    imports,
    upload: (kind, content, { dryRun = false, partial = false, tenant = acme } = {}) =>
      database.as(tenant, async () => {
        const bytes = Buffer.from(content);
        const stored = await files.store({
          field: 'file',
          name: `${kind}.csv`,
          type: 'text/csv',
          content: Readable.from(pieces(bytes)),
        });
        const { size, sha256, format, importId } = stored;
        expect({ size, sha256 }).toEqual({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        await imports.queue(importId, { kind, size, sha256, format, dryRun, partial });
        return importId;
      }),
    run: (importId, { tenant = acme, signal = new AbortController().signal } = {}) =>
      database.as(tenant, async () => {
        await runner.run(importId, { signal, attempt: 1, attempts: 5, updateProgress: async () => undefined });
        const record = await imports.find(importId);
        if (!record) throw new Error('the import is gone');
        return { record, problems: await problems.list(importId, null, 20_000) };
      }),
    take: async (kind, content, options) => lab.run(await lab.upload(kind, content, options), options),
    query: (sql, values, tenant = acme) => database.as(tenant, () => unit.query(sql, values)),
    close: () => database.close(),
  };
  return lab;
}

function roomsKinds({ unit }: MediumDatabase): ImportKinds {
  const kinds = new ImportKinds();
  const places = new ImportReferences(new ReferencesRepository(unit));
  const sales = new SalesImport(new SalesImportRepository(unit), places, new StockHistory(new StockHistoryRepository(unit)));
  kinds.register(storesImport(new StoresImportRepository(unit)));
  kinds.register(suppliersImport(new SuppliersImportRepository(unit)));
  kinds.register(productsImport(new ProductsImportRepository(unit)));
  kinds.register(stockImport(new StockImportRepository(unit), new MovementsService(new MovementsRepository(unit))));
  kinds.register(new CalendarImport(new CalendarImportRepository(unit), places));
  kinds.register(sales);
  kinds.after('stock', (context) => sales.applyCounts(context));
  return kinds;
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}
