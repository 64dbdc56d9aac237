import { Code, Instant, OpenData, Text, Uuid } from '../../kernel/http/fields.js';
import { PageQuery } from '../../kernel/http/page.dto.js';

/** Which events to list. */
export class AuditQuery extends PageQuery {
  /** From this instant on; default 30 days before `to`. */
  @Instant({ optional: true })
  from?: string;

  /** Before this instant; at most 366 days after `from`. */
  @Instant({ optional: true })
  to?: string;

  /**
   * Kind of thing that changed.
   * @example 'product'
   */
  @Code(60, { optional: true })
  entityType?: string;

  /** The thing that changed. */
  @Uuid({ optional: true })
  entityId?: string;

  /** Who did it. */
  @Uuid({ optional: true })
  userId?: string;

  /**
   * Kind and action in one.
   * @example 'product.updated'
   */
  @Code(100, { optional: true })
  eventType?: string;

  /**
   * What happened to it.
   * @example 'updated'
   */
  @Code(60, { optional: true })
  action?: string;
}

/** One entry of the audit stream. */
export class AuditEventDto {
  /** Id of the entry. */
  @Uuid()
  id: string;

  /**
   * Kind and action in one.
   * @example 'product.updated'
   */
  @Code(100)
  eventType: string;

  /**
   * Kind of thing that changed.
   * @example 'product'
   */
  @Code(60)
  entityType: string;

  /** The thing that changed; null: many at once, or none. */
  @Uuid({ nullable: true })
  entityId: string | null;

  /**
   * What happened to it.
   * @example 'updated'
   */
  @Code(60)
  action: string;

  /** Who did it; null: a job or a command (metadata.via says which). */
  @Uuid({ nullable: true })
  userId: string | null;

  /** Values before, of what changed. */
  @OpenData({ nullable: true })
  oldData: Record<string, unknown> | null;

  /** Values after, of what changed; a new thing with all of them. */
  @OpenData({ nullable: true })
  newData: Record<string, unknown> | null;

  /** How it came about: via, request, role. */
  @OpenData()
  metadata: Record<string, unknown>;

  /**
   * Address the request came from.
   * @example '190.202.1.10'
   */
  @Text(45, { nullable: true })
  ipAddress: string | null;

  /** Program that sent the request. */
  @Text(500, { nullable: true })
  userAgent: string | null;

  /** When. */
  @Instant()
  createdAt: Date;
}
