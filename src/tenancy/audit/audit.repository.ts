import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';

/** One entry that the application writes itself. */
export interface NewAuditEvent {
  entity: string;
  id: string | null;
  action: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** One entry as it is read. */
export interface AuditEventRow {
  id: string;
  eventType: string;
  entityType: string;
  entityId: string | null;
  action: string;
  userId: string | null;
  oldData: Record<string, unknown> | null;
  newData: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  /** createdAt with all its digits, to read on from */
  position: string;
}

export interface AuditFilter {
  from: string;
  to: string;
  entityType?: string;
  entityId?: string;
  userId?: string;
  eventType?: string;
  action?: string;
}

const ACTOR = "nullif(current_setting('app.actor', true), '')::jsonb";

/** The audit stream of the current tenant. */
@Injectable()
export class AuditRepository {
  constructor(private readonly unit: UnitOfWork) {}

  async add({ entity, id, action, before, after }: NewAuditEvent): Promise<void> {
    await this.unit.execute(
      `INSERT INTO events (event_type, entity_type, entity_id, action, old_data, new_data, metadata, ip_address, user_agent)
       SELECT $1 || '.' || $3, $1, $2, $3, $4, $5,
              jsonb_strip_nulls(jsonb_build_object('via', a -> 'via', 'request', a -> 'request', 'role', a -> 'role')),
              (a ->> 'ip')::inet, a ->> 'agent'
         FROM (SELECT ${ACTOR} AS a) AS s`,
      [entity, id, action, before && JSON.stringify(before), after && JSON.stringify(after)],
    );
  }

  /** Newest first; `after` is the position and id of the last row of the page before. */
  list(filter: AuditFilter, after: readonly [string, string] | undefined, limit: number): Promise<AuditEventRow[]> {
    return this.unit.query<AuditEventRow>(
      `SELECT id, event_type AS "eventType", entity_type AS "entityType", entity_id AS "entityId", action, user_id AS "userId",
              old_data AS "oldData", new_data AS "newData", metadata, host(ip_address) AS "ipAddress", user_agent AS "userAgent",
              created_at AS "createdAt", to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM events
        WHERE created_at >= $1 AND created_at < $2
          AND ($3::text IS NULL OR entity_type = $3) AND ($4::uuid IS NULL OR entity_id = $4) AND ($5::uuid IS NULL OR user_id = $5)
          AND ($6::text IS NULL OR event_type = $6) AND ($7::text IS NULL OR action = $7)
          AND ($8::timestamptz IS NULL OR (created_at, id) < ($8, $9::uuid))
        ORDER BY created_at DESC, id DESC LIMIT $10`,
      [
        filter.from,
        filter.to,
        filter.entityType ?? null,
        filter.entityId ?? null,
        filter.userId ?? null,
        filter.eventType ?? null,
        filter.action ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit + 1,
      ],
    );
  }
}
