import type { EventHandle, EventPayload, EventType } from './event-map.js';

export interface DeclaredListener {
  type: string;
  /** `Class.method`: part of the delivery's id, so a renamed method may see an event twice */
  name: string;
  method: string;
  prototype: object;
}

type Listener<T extends EventType> = (payload: EventPayload<T>, event: EventHandle<T>) => Promise<void>;

const declared: DeclaredListener[] = [];

export function declaredListeners(): readonly DeclaredListener[] {
  return declared;
}

/**
 * Marks a method that reacts to events of `type`: after the commit that caused them, in the tenant's scope, as a job of its own
 * (five attempts), at least once. Any number of listeners may name one type.
 */
export function OnEvent<T extends EventType>(type: T) {
  return <M extends Listener<T>>(target: object, method: string, _descriptor: TypedPropertyDescriptor<M>): void => {
    declared.push({ type, name: `${target.constructor.name}.${method}`, method, prototype: target });
  };
}
