/** Something to stop, in words for the person who waits. */
interface Stop {
  name: string;
  stop: () => Promise<unknown>;
}

/** a stop that takes longer is named, so that a person knows what is waited for */
const SLOW_MS = 2_000;

/** Thrown to whoever starts something while everything is being stopped. */
export class StoppingError extends Error {
  constructor() {
    super('the process is stopping');
  }
}

/**
 * Stops what was started, the newest first, exactly once. A signal asks for it; a second signal does not wait.
 * What is just being started is waited for and stopped too.
 */
export class Shutdown {
  private readonly stops: Stop[] = [];
  private readonly starting = new Set<Promise<void>>();
  private running?: Promise<number>;

  constructor(
    private readonly log: (line: string) => void,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
    private readonly atOnce: () => void = () => undefined,
  ) {}

  /** Registers how to stop something that runs. */
  add(name: string, stop: () => Promise<unknown>): void {
    this.stops.push({ name, stop });
  }

  /**
   * Starts something and registers how to stop it.
   * @throws StoppingError when a stop was asked for before or meanwhile
   */
  async start<T>(name: string, begin: () => Promise<T>, end: (started: T) => Promise<unknown>): Promise<T> {
    if (this.running) throw new StoppingError();
    const begun = begin();
    const registered = begun.then(
      (started) => this.add(name, () => end(started)),
      () => undefined,
    );
    this.starting.add(registered);
    await registered;
    this.starting.delete(registered);
    if (this.running) throw new StoppingError();
    return begun;
  }

  get isStopping(): boolean {
    return this.running !== undefined;
  }

  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (this.running) {
          this.atOnce();
          this.exit(signal === 'SIGINT' ? 130 : 143);
        }
        this.log(`${signal}: stopping ...`);
        void this.stop().then(this.exit);
      });
    }
  }

  /** Stops everything. @returns exit code: 1 if something did not stop cleanly (the rest is stopped all the same) */
  stop(): Promise<number> {
    this.running ??= this.stopAll();
    return this.running;
  }

  private async stopAll(): Promise<number> {
    let code = 0;
    await Promise.all(this.starting);
    for (let next = this.stops.pop(); next; next = this.stops.pop()) {
      const { name } = next;
      const slow = setTimeout(() => this.log(`waiting for ${name} to end ...`), SLOW_MS);
      try {
        await next.stop();
      } catch (error) {
        code = 1;
        this.log(`${name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        clearTimeout(slow);
      }
    }
    return code;
  }
}
