import { Injectable } from '@nestjs/common';
import type { ImportContext, ImportKind, ImportKindName } from './import-kind.js';

type AfterImport = (context: ImportContext) => Promise<void>;

/** The kinds that the rooms of this process have registered, and what they want done after each other's imports. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<ImportKindName, ImportKind>();
  private readonly listeners = new Map<ImportKindName, AfterImport[]>();

  /** Called by a room while its module starts. */
  register<Row>(kind: ImportKind<Row>): void {
    if (this.kinds.has(kind.name)) throw new Error(`import kind ${kind.name} is registered twice`);
    this.kinds.set(kind.name, kind);
  }

  /** Has `work` done in the transaction that ends a written import of that kind. */
  after(name: ImportKindName, work: AfterImport): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), work]);
  }

  find(name: ImportKindName): ImportKind | undefined {
    return this.kinds.get(name);
  }

  async finished(name: ImportKindName, context: ImportContext): Promise<void> {
    for (const work of this.listeners.get(name) ?? []) await work(context);
  }
}
