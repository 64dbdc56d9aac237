import { Injectable, Logger } from '@nestjs/common';

/** Throws when the part is not fit to serve. */
export type HealthCheck = () => Promise<void>;

export type HealthState = 'ok' | 'failing';

export interface Health {
  status: HealthState;
  checks: Record<string, HealthState>;
}

/** One look a second is enough for any number of probes. */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 3_000;

/**
 * Checks that parts of the kernel register at start: database, queue, migrations, walls.
 * The answer says which one fails; why stands in the log alone.
 */
@Injectable()
export class HealthRegistry {
  private readonly logger = new Logger(HealthRegistry.name);
  private readonly checks = new Map<string, HealthCheck>();
  private last: { at: number; health: Promise<Health> } | undefined;

  register(name: string, check: HealthCheck): void {
    if (this.checks.has(name)) throw new Error(`health check ${name} is registered twice`);
    this.checks.set(name, check);
  }

  /** All checks side by side, at most once a second. */
  look(): Promise<Health> {
    const now = performance.now();
    if (this.last === undefined || now - this.last.at > FRESH_MS) this.last = { at: now, health: this.lookNow() };
    return this.last.health;
  }

  private async lookNow(): Promise<Health> {
    const entries = [...this.checks];
    const states = await Promise.all(entries.map(([name, check]) => this.run(name, check)));
    const checks = Object.fromEntries(entries.map(([name], index) => [name, states[index] ?? 'failing']));
    return { status: states.every((state) => state === 'ok') ? 'ok' : 'failing', checks };
  }

  private async run(name: string, check: HealthCheck): Promise<HealthState> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    try {
      await Promise.race([check(), late]);
      return 'ok';
    } catch (error) {
      this.logger.warn(`health check ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return 'failing';
    } finally {
      clearTimeout(timer);
    }
  }
}
