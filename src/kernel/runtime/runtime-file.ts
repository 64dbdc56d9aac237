import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asError } from './system-error.js';

export interface DemoLogin {
  tenant: string;
  email: string;
  password: string;
}

/** What DATA_DIR/runtime.json says of the running product (a fixed contract with operators and tests). */
export interface RuntimeFacts {
  /** base address of the API */
  api: string;
  /** address of Swagger UI */
  docs: string;
  pid: number;
  workerPid?: number;
  /** process of the embedded server; absent when DATABASE_URL names one */
  postgresPid?: number;
  /** the admin connection */
  databaseUrl: string;
  demo?: DemoLogin;
}

const TRY_AGAIN_MS = 10_000;

/** Keeps runtime.json true while the processes change; readable to its owner alone, since it holds addresses with passwords. */
export class RuntimeFile {
  private readonly file: string;
  private facts?: RuntimeFacts;
  private timer?: NodeJS.Timeout;

  constructor(
    dataDir: string,
    private readonly log: (line: string) => void,
  ) {
    this.file = path.join(dataDir, 'runtime.json');
    this.remove();
  }

  write(facts: RuntimeFacts): void {
    this.facts = facts;
    const draft = `${this.file}.${process.pid}`;
    try {
      writeFileSync(draft, `${JSON.stringify(facts, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(draft, this.file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  /**
   * Changes what is already told; nothing before the first `write`.
   * Never throws, since a process that ended is no reason to end its parent: what cannot be written (a full disk) is tried again.
   */
  update(change: Partial<RuntimeFacts>): void {
    if (!this.facts) return;
    clearTimeout(this.timer);
    try {
      this.write({ ...this.facts, ...change });
    } catch (error) {
      this.log(`runtime.json is out of date: ${asError(error).message}`);
      this.timer = setTimeout(() => this.update({}), TRY_AGAIN_MS).unref();
    }
  }

  remove(): void {
    clearTimeout(this.timer);
    this.facts = undefined;
    rmSync(this.file, { force: true });
  }
}

/** The line that tells programs that the product is ready. One line, whatever it says. */
export function readyLine(facts: Pick<RuntimeFacts, 'api' | 'docs' | 'demo'>): string {
  return `FLUXION READY ${JSON.stringify({ api: facts.api, docs: facts.docs, ...facts.demo })}`;
}
