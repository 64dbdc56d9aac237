import { Injectable } from '@nestjs/common';
import { ImportKinds } from '../../tenancy/index.js';
import { SalesImport } from './sales.import.js';

/** Tells the import engine that this room takes sales, and wants to know of counts. */
@Injectable()
export class SalesImports {
  constructor(kinds: ImportKinds, sales: SalesImport) {
    kinds.register(sales);
    kinds.after('stock', (context) => sales.applyCounts(context));
  }
}
