import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { uuidV7Time } from '../database/uuid-v7.js';
import type { JobHandle } from '../jobs/job-map.js';
import { UnrecoverableJobError } from '../jobs/job-map.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { OnJob } from '../jobs/on-job.js';
import type { EventHandle } from './event-map.js';
import { declaredListeners } from './on-event.js';

interface Delivery {
  event: string;
  type: string;
  /** `Class.method` */
  listener: string;
  payload: unknown;
}

declare module '../jobs/job-map.js' {
  interface JobMap {
    /** one event for one listener, made by the outbox relay */
    'event.deliver': { data: Delivery };
  }
}

type Listen = (payload: unknown, event: EventHandle) => Promise<void>;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Finds the listeners among the providers and gives each its events. */
@Injectable()
export class EventListeners implements OnModuleInit {
  private readonly listeners = new Map<string, Listen>();

  constructor(
    private readonly discovery: DiscoveryService,
    registry: JobRegistry,
  ) {
    registry.addCheck(() => this.missing());
  }

  onModuleInit(): void {
    for (const { instance, metatype } of this.discovery.getProviders())
      if (metatype && isObject(instance)) this.register(instance);
  }

  register(instance: object): void {
    const prototype = Reflect.getPrototypeOf(instance);
    for (const { name, method, prototype: owner } of declaredListeners()) {
      if (owner !== prototype) continue;
      const run: (this: object, payload: unknown, event: EventHandle) => Promise<void> = Reflect.get(instance, method);
      this.listeners.set(name, (payload, event) => run.call(instance, payload, event));
    }
  }

  private missing(): string[] {
    return declaredListeners()
      .filter(({ name }) => !this.listeners.has(name))
      .map(({ name, type }) => `no module provides ${name}, which listens to ${type}`);
  }

  @OnJob('event.deliver', { queue: 'events', attempts: 5 })
  async deliver(data: Delivery, job: JobHandle): Promise<void> {
    const listen = this.listeners.get(data.listener);
    // a newer process may have it, so other attempts can help; on the last one it is said
    if (!listen) throw new (job.attempt < job.attempts ? Error : UnrecoverableJobError)(`no listener ${data.listener} here`);
    await listen(data.payload, {
      id: data.event,
      type: data.type as EventHandle['type'],
      occurredAt: uuidV7Time(data.event),
      attempt: job.attempt,
      signal: job.signal,
    });
  }
}
