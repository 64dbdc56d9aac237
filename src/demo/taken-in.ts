import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ImportKindName } from '../tenancy/index.js';
import type { FolderFile } from './shift-folder.js';

/** What a start has taken in already, kept beside the data so that the next start repeats nothing. */
export interface TakenIn {
  /** the demo's seed, or a hash of the folder's files */
  readonly source: string;
  /** the day for which the files were made: the same day again gives the same files */
  readonly today: string;
  readonly imports: Partial<Record<ImportKindName, string>>;
  /** fingerprint of each file that those imports have taken in */
  readonly contents?: Partial<Record<ImportKindName, string>>;
  /** job of the first forecasts */
  readonly forecasts?: string;
  /** everything is in and forecast */
  readonly done: boolean;
}

/** Reads the note of a tenant's last start; null when there is none or it cannot be read. */
export function readTakenIn(dir: string): TakenIn | null {
  const file = path.join(dir, 'taken-in.json');
  if (!existsSync(file)) return null;
  try {
    const note: TakenIn = JSON.parse(readFileSync(file, 'utf8'));
    return note;
  } catch {
    // a note cut off by a power failure is no reason not to start: files that come again change nothing
    return null;
  }
}

export function writeTakenIn(dir: string, note: TakenIn): void {
  mkdirSync(dir, { recursive: true });
  const draft = path.join(dir, `taken-in.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(note, null, 2)}\n`);
  renameSync(draft, path.join(dir, 'taken-in.json'));
}

/** The note of a start that goes on, on disk at every step. */
export class TakenInNote {
  constructor(
    private readonly dir: string,
    private note: TakenIn,
  ) {}

  get current(): TakenIn {
    return this.note;
  }

  add(change: Partial<TakenIn>): void {
    this.note = { ...this.note, ...change };
    writeTakenIn(this.dir, this.note);
  }

  addImport(kind: ImportKindName, importId: string, content: string): void {
    const { imports, contents } = this.note;
    this.add({ imports: { ...imports, [kind]: importId }, contents: { ...contents, [kind]: content } });
  }

  /** The import that has taken this very content in, or takes it in still. */
  importOf(kind: ImportKindName, content: string): string | undefined {
    return this.note.contents?.[kind] === content ? this.note.imports[kind] : undefined;
  }
}

/** One hash for the contents of a folder's import files. */
export async function fingerprintOf(files: readonly FolderFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { kind, path: file } of files) {
    hash.update(`\0${kind}\0`);
    for await (const chunk of createReadStream(file)) hash.update(chunk);
  }
  return hash.digest('hex');
}
