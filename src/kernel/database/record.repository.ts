import type { DeepPartial, EntityTarget, QueryDeepPartialEntity, Repository } from 'typeorm';
import type { UnitOfWork } from './unit-of-work.js';
import { notFound } from '../errors/problem-error.js';
import { assertMatch } from '../http/etag.js';

/** What every business record has. */
export interface BusinessRecord {
  id: string;
  isActive: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** Reads and writes single records of one table; the rules of a resource are its service's. */
export class RecordRepository<E extends BusinessRecord> {
  constructor(
    protected readonly unit: UnitOfWork,
    private readonly entity: EntityTarget<E>,
  ) {}

  /** The record, or 404. */
  async get(id: string): Promise<E> {
    const record = await this.rows.findOneBy({ id } as never);
    if (!record) throw notFound();
    return record;
  }

  async create(values: DeepPartial<E>): Promise<E> {
    return this.unit.transaction(async () => {
      // the cast: E is a plain row, DeepPartial and QueryDeepPartialEntity differ only for relations
      const { identifiers } = await this.rows.insert(values as QueryDeepPartialEntity<E>);
      return this.get(identifiers[0]?.['id'] as string);
    });
  }

  /**
   * Changes a record under its lock, when it still is the version the client read (else 412).
   * @param change is given the locked record and answers what to write; an empty change writes nothing
   */
  async update(id: string, ifMatch: string, change: (current: E) => Promise<DeepPartial<E>> | DeepPartial<E>): Promise<E> {
    return this.unit.transaction(async () => {
      await this.lock(id);
      const current = await this.get(id);
      assertMatch(ifMatch, current);
      const changes = await change(current);
      if (Object.keys(changes).length === 0) return current;
      await this.rows.update(id, changes as QueryDeepPartialEntity<E>);
      return this.get(id);
    });
  }

  protected get rows(): Repository<E> {
    return this.unit.repository(this.entity);
  }

  // TypeORM's own pessimistic locks ask its query runner for a transaction, and ours is the unit of work's
  private async lock(id: string): Promise<void> {
    const table = this.rows.metadata.tableName;
    const { rowCount } = await this.unit.execute(`SELECT FROM ${table} WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    if (rowCount === 0) throw notFound();
  }
}

/** `text` as a LIKE pattern that finds it anywhere; its own wildcards are escaped. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
