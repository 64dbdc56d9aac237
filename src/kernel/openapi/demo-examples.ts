import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { Config } from '../config/config.js';
import { runAsTenant, type TenantRef } from '../database/tenant-context.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../jobs/tenant-directory.js';
import { DEMO_TENANT } from '../runtime/demo-login.js';
import type { ExampleIds } from './example-ids.js';

/** What a room found; null where the demo has (no longer) any. */
export type FoundIds = Readonly<Record<string, string | null>>;
/** rows of a query; those of a room that has nothing are none */
type Source = () => Promise<FoundIds[]>;

/** Which things of the demo stand in the examples of the served document. Nothing where there is no demo. */
@Injectable()
export class DemoExamples {
  private readonly logger = new Logger(DemoExamples.name);
  private readonly sources: Source[] = [];

  constructor(
    private readonly config: Config,
    @Optional() @Inject(TENANT_DIRECTORY) private readonly tenants?: TenantDirectory,
  ) {}

  /** A room tells where its ids come from; asked as the demo's tenant whenever the document is read. */
  register(source: Source): void {
    this.sources.push(source);
  }

  /** The document is answered without them while the database cannot be asked. */
  ids(): Promise<ExampleIds> {
    return this.find().catch((error: unknown) => {
      this.logger.warn(`no examples of the demo: ${String(error)}`);
      return {};
    });
  }

  private async find(): Promise<ExampleIds> {
    const tenant: TenantRef | undefined = this.config.FLUXION_DEMO ? await this.tenants?.bySlug(DEMO_TENANT) : undefined;
    if (!tenant) return {};
    const actor = { user: null, role: null, stores: null, via: 'docs' };
    const found = await runAsTenant(tenant, actor, () => Promise.all(this.sources.map((source) => source())));
    const all = Object.assign({}, ...found.flat()) as FoundIds;
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
  }
}
