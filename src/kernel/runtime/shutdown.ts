/** Something to stop, in words for the person who waits. */
interface Stop {
  name: string;
  stop: () => Promise<unknown>;
}

/**
 * Stops what was started, the newest first, exactly once. A signal asks for it; a second signal does not wait.
 * What is started while a stop is under way is stopped too, when it registers.
 */
export class Shutdown {
  private readonly stops: Stop[] = [];
  private running?: Promise<number>;

  constructor(
    private readonly log: (line: string) => void,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
    private readonly atOnce: () => void = () => undefined,
  ) {}

  /** Registers how to stop something. @returns whether a stop is already under way: what comes next must not start */
  add(name: string, stop: () => Promise<unknown>): boolean {
    this.stops.push({ name, stop });
    return this.running !== undefined;
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
        this.log('stopping ...');
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
    for (let next = this.stops.pop(); next; next = this.stops.pop()) {
      try {
        await next.stop();
      } catch (error) {
        code = 1;
        this.log(`${next.name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return code;
  }
}
