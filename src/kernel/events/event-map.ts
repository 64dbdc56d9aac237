/**
 * The closed list of events that cross rooms. A room adds its own:
 *
 *     declare module '../../kernel/events/event-map.js' {
 *       interface EventMap { 'sale.completed': { saleId: string; storeId: string } }
 *     }
 *
 * Names are `noun.past`. The payload is JSON and small: ids and the few values a handler needs.
 */
export interface EventMap {
  /** a tenant was signed up and can be worked for; emitted in its own scope */
  'tenant.created': { slug: string };
}

export type EventType = Extract<keyof EventMap, string>;
export type EventPayload<T extends EventType> = EventMap[T];

/** What a handler holds of the event it works on. */
export interface EventHandle<T extends EventType = EventType> {
  /** the same at every repetition: the key of idempotency */
  readonly id: string;
  readonly type: T;
  readonly occurredAt: Date;
  readonly attempt: number;
  readonly signal: AbortSignal;
}
