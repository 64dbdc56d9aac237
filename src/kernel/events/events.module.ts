import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EventListeners } from './event-listeners.js';
import { Events } from './events.js';
import { EventsRepository } from './events.repository.js';
import { LiveEvents } from './live-events.js';

/** Events between rooms and to live streams. Needs JobsModule beside it. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [EventsRepository, Events, EventListeners, LiveEvents],
  exports: [Events, LiveEvents],
})
export class EventsModule {}
