import { Injectable } from '@nestjs/common';
import { containing, RecordRepository } from '../../kernel/database/record.repository.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { Client } from './client.entity.js';

export interface ClientFilter {
  q?: string;
  isActive?: boolean;
  after?: { name: string; id: string };
  limit: number;
}

@Injectable()
export class ClientsRepository extends RecordRepository<Client> {
  constructor(unit: UnitOfWork) {
    super(unit, Client);
  }

  /** Clients by name. */
  list({ q, isActive, after, limit }: ClientFilter): Promise<Client[]> {
    const query = this.rows.createQueryBuilder('client').orderBy('client.name').addOrderBy('client.id').limit(limit);
    if (q) {
      query.andWhere(
        `ext.immutable_unaccent(lower(client.name || ' ' || coalesce(client.code, '') || ' ' || coalesce(client.taxId, '')))
           LIKE ext.immutable_unaccent(lower(:q))`,
        { q: containing(q) },
      );
    }
    if (isActive !== undefined) query.andWhere('client.isActive = :isActive', { isActive });
    if (after) query.andWhere('(client.name, client.id) > (:name, :id)', after);
    return query.getMany();
  }
}
