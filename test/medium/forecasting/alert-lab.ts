import { AlertRulesRepository } from '../../../src/forecasting/alert-rules/alert-rules.repository.js';
import { AlertBoard } from '../../../src/forecasting/alerts/alert-board.js';
import { AlertBoardRepository } from '../../../src/forecasting/alerts/alert-board.repository.js';
import { AlertFactsRepository } from '../../../src/forecasting/alerts/alert-facts.repository.js';
import { AlertReviewService } from '../../../src/forecasting/alerts/alert-review.service.js';
import { AlertsRepository } from '../../../src/forecasting/alerts/alerts.repository.js';
import { AlertsService } from '../../../src/forecasting/alerts/alerts.service.js';
import { LowStockJobs } from '../../../src/forecasting/alerts/low-stock.job.js';
import { OutlookRepository } from '../../../src/forecasting/forecasts/outlook.repository.js';
import type { SigningKeys } from '../../../src/kernel/auth/signing-keys.js';
import type { Actor, TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { Events } from '../../../src/kernel/events/events.js';
import { EventsRepository } from '../../../src/kernel/events/events.repository.js';
import { CursorCodec } from '../../../src/kernel/http/cursor-codec.js';
import type { TenantDirectory } from '../../../src/kernel/jobs/tenant-directory.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';
import { StockLab } from '../database/stock-lab.js';

export const cursors = new CursorCodec({ derive: () => [Buffer.alloc(32, 7)] } as unknown as SigningKeys);

export interface AlertRow {
  id: string;
  alert_type: string;
  status: string;
  resolution: string | null;
  priority: string;
  title: string;
  description: string;
  data: Record<string, unknown>;
  updated_at: Date;
}

/** The alerts' services over the rows of a stock lab; jobs are handed over when a test says so. */
export class AlertLab extends StockLab {
  readonly repository: AlertsRepository;
  readonly service: AlertsService;
  readonly rules: AlertRulesRepository;
  readonly board: AlertBoard;
  readonly reviews: AlertReviewService;
  readonly outlooks: OutlookRepository;
  readonly jobs: LowStockJobs;
  readonly directory: TenantDirectory;

  constructor(db: MediumDatabase) {
    super(db);
    this.repository = new AlertsRepository(db.unit);
    const events = new Events(new EventsRepository(db.unit));
    const alerts = new AlertBoardRepository(db.unit);
    this.rules = new AlertRulesRepository(db.unit);
    this.board = new AlertBoard(db.unit, alerts, events);
    this.service = new AlertsService(db.unit, this.repository, this.rules, this.board, cursors);
    this.outlooks = new OutlookRepository(db.unit);
    this.reviews = new AlertReviewService(db.unit, new AlertFactsRepository(db.unit), this.rules, alerts, this.board);
    this.directory = {
      byId: (id) => Promise.resolve([db.acme, db.beta].find((tenant) => tenant.id === id)),
      bySlug: (slug) => Promise.resolve([db.acme, db.beta].find((tenant) => tenant.slug === slug)),
      async *active(): AsyncIterable<TenantRef> {
        yield db.acme;
        yield db.beta;
      },
    };
    this.jobs = new LowStockJobs(this.service, this.reviews, this.directory);
  }

  static async open(name: string): Promise<AlertLab> {
    const lab = new AlertLab(await openMediumDatabase(name));
    lab.store = await lab.newStore();
    return lab;
  }

  run<T>(work: () => Promise<T>, actor?: Partial<Actor>): Promise<T> {
    return this.db.as(this.db.acme, work, actor);
  }

  /** Does what a worker would with the jobs that were enqueued. */
  async work(): Promise<void> {
    for (const { name, pairs } of await this.told()) {
      const data = { products: pairs.map(([product]) => product), stores: pairs.map(([, store]) => store) };
      await this.run(async () => (name === 'stock.crossed' ? this.jobs.crossed(data) : this.jobs.recovered(data)));
    }
  }

  alertsOf(product: string): Promise<AlertRow[]> {
    return this.query<AlertRow>('SELECT * FROM alerts WHERE product_id = $1 ORDER BY created_at', [product]);
  }

  /** Payloads of the events of a type noted since the last call. */
  async events(type: string): Promise<{ alerts: { id: string; type: string; productId: string }[] }[]> {
    const { rows } = await this.db.root.query('DELETE FROM shared.outbox WHERE type = $1 RETURNING payload', [type]);
    return rows.map((row) => row.payload);
  }

  /** A product with 10 units in stock and a reorder point of 5. */
  async stocked(columns: Record<string, unknown> = {}): Promise<string> {
    const product = await this.newProduct({ reorder_point: 5, ...columns });
    await this.move({ product, quantity: 10 });
    await this.told();
    return product;
  }
}
