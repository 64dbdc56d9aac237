import { Injectable } from '@nestjs/common';
import { AuditRepository } from './audit.repository.js';

/** Notes in the tenant's audit stream what no trigger of its schema sees: changes in the registry, and what people did. */
@Injectable()
export class AuditTrail {
  constructor(private readonly events: AuditRepository) {}

  /** `noun.verb` that happened to one thing; joins the running transaction. Never give it a secret. */
  note(entity: string, id: string | null, action: string, data: Record<string, unknown> = {}): Promise<void> {
    return this.events.add({ entity, id, action, before: null, after: data });
  }

  /** A change, by the values that differ; none, no event. */
  async changed(entity: string, id: string, before: Record<string, unknown>, after: Record<string, unknown>): Promise<void> {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    if (keys.length === 0) return;
    const of = (values: Record<string, unknown>) => Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
    await this.events.add({ entity, id, action: 'updated', before: of(before), after: of(after) });
  }
}
