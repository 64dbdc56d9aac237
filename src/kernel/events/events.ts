import { Injectable } from '@nestjs/common';
import type { EventPayload, EventType } from './event-map.js';
import { EventsRepository } from './events.repository.js';

/** Tells other rooms what happened, without knowing them. */
@Injectable()
export class Events {
  constructor(private readonly repository: EventsRepository) {}

  /**
   * Notes an event in the running transaction (else in one of its own): every `@OnEvent` listener of the type gets it after the
   * commit, and nobody after a rollback. Live streams of the tenant are told as well.
   * @returns the event's id
   */
  emit<T extends EventType>(type: T, payload: EventPayload<T>): Promise<string> {
    return this.repository.note(type, payload);
  }
}
