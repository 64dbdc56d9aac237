import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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

/** Keeps runtime.json true while the processes change; readable to its owner alone, since it holds addresses with passwords. */
export class RuntimeFile {
  private readonly file: string;
  private facts?: RuntimeFacts;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'runtime.json');
    this.remove();
  }

  write(facts: RuntimeFacts): void {
    this.facts = facts;
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(facts, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.file);
  }

  /** Changes what is already told; nothing before the first `write`. */
  update(change: Partial<RuntimeFacts>): void {
    if (this.facts) this.write({ ...this.facts, ...change });
  }

  remove(): void {
    this.facts = undefined;
    rmSync(this.file, { force: true });
  }
}

/** The line that tells programs that the product is ready. One line, whatever it says. */
export function readyLine(facts: Pick<RuntimeFacts, 'api' | 'docs' | 'demo'>): string {
  return `FLUXION READY ${JSON.stringify({ api: facts.api, docs: facts.docs, ...facts.demo })}`;
}
