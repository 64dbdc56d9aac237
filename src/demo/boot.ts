import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FilesRefusedError } from '../kernel/runtime/files-refused.js';
import type { ApiSession } from '../kernel/runtime/api-session.js';
import { localDateOf } from '../kernel/time/zone.js';
import { IMPORT_KINDS, type ImportKindName } from '../tenancy/index.js';
import { writeDemo } from './demo-files.js';
import { addSundries } from './sundries.js';
import { importFilesOf, shiftFolder, type FolderFile } from './shift-folder.js';
import { fingerprintOf, readTakenIn, TakenInNote, type TakenIn } from './taken-in.js';

export interface BootOptions {
  /** the tenant's administrator, logged in */
  readonly session: Pick<ApiSession, 'request' | 'login'>;
  /** where the demo's files and the note of what was taken in are kept */
  readonly dataDir: string;
  /** the folder to take in; absent: the simulated demo */
  readonly folder?: { readonly path: string; readonly shift: boolean };
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** now; tests set it */
  readonly now?: Date;
}

/** Files of one group need those of the groups before, not each other. The count comes early: it brings the first alerts, and sales run it down. */
const GROUPS: readonly (readonly ImportKindName[])[] = [['stores', 'suppliers'], ['products'], ['stock'], ['sales', 'calendar']];

const TIME_ZONE = 'America/Caracas';
const DEMO_SEED = 'fluxion';
const POLL_MS = 100;
/** problems of a file that are printed; all can be read at the API */
const SHOWN_PROBLEMS = 20;

/**
 * Takes the demo, or a folder of import files, into the session's tenant over HTTP and has its demand forecast. Everything goes through
 * the import that any client uses. A start that was killed goes on where it was; a start after a finished one asks one question and is done.
 * @throws FilesRefusedError when files are refused or have bad lines: the first problems of each, and where the others are
 */
export async function boot(options: BootOptions): Promise<void> {
  const { session, log } = options;
  const dir = path.join(options.dataDir, 'taken-in', session.login.tenant);
  const source = options.folder ? await folderSource(options.folder) : `demo ${DEMO_SEED}`;
  const known = await currentNote(options, dir, source);
  if (known.done) return;
  const note = new TakenInNote(dir, known);
  note.add({});
  const files = await prepareFiles(options, path.join(dir, 'files'), known.today);
  for (const group of GROUPS) {
    const refused = await Promise.all(
      files.filter(({ kind }) => group.includes(kind)).map((file) => takeIn(file, note, options)),
    );
    if (refused.some((lines) => lines.length > 0)) throw new FilesRefusedError(refused.flat());
  }
  if (!options.folder) await addSundries(session);
  const { jobId } = known.forecasts
    ? { jobId: known.forecasts }
    : await session.request<{ jobId: string }>('POST', '/v1/forecasts/runs', {});
  note.add({ forecasts: jobId });
  await forecastsDone(jobId, options);
  note.add({ done: true });
  log('forecasts: done');
}

const folderSource = async ({ path: dir, shift }: NonNullable<BootOptions['folder']>): Promise<string> =>
  `${await fingerprintOf(await importFilesOf(dir))}${shift ? ' shifted' : ''}`;

/** The last start's note if the database still knows it; of other files it says which of them are in already. */
async function currentNote({ session, now }: BootOptions, dir: string, source: string): Promise<TakenIn> {
  const known = readTakenIn(dir);
  const fresh: TakenIn = { source, today: localDateOf(now ?? new Date(), TIME_ZONE), imports: {}, done: false };
  if (known === null) return fresh;
  const [first] = Object.values(known.imports);
  const isKnown = first === undefined || (await stateOf(first, session)) !== null;
  if (known.source !== source) return isKnown ? { ...fresh, imports: known.imports, contents: known.contents ?? {} } : fresh;
  // another database under the same DATA_DIR: begin again, on the same day's files
  return isKnown ? known : { ...fresh, today: known.today };
}

async function prepareFiles({ folder, log }: BootOptions, dir: string, today: string): Promise<FolderFile[]> {
  if (!folder) {
    await writeDemo(dir, { today, seed: DEMO_SEED });
    log('demo: two years of SIMULATED sales written');
    return importFilesOf(dir);
  }
  tellAbsent(folder.path, await importFilesOf(folder.path), log);
  if (!folder.shift) return importFilesOf(folder.path);
  const days = await shiftFolder(folder.path, dir, today);
  log(`${folder.path}: every date moved by ${days} days, so that the last sale is yesterday`);
  return importFilesOf(dir);
}

/** A kind whose file is not there is mostly a misspelt name. */
function tellAbsent(dir: string, files: readonly FolderFile[], log: BootOptions['log']): void {
  const absent = IMPORT_KINDS.filter((kind) => !files.some((file) => file.kind === kind));
  if (absent.length === IMPORT_KINDS.length)
    throw new FilesRefusedError([`${dir} has none of ${absent.map((kind) => `${kind}.csv`).join(', ')} (or .xlsx)`]);
  for (const kind of absent) log(`${dir} has no ${kind}.csv (or .xlsx): goes on without`);
}

/** What the API says of an import. */
interface ImportState {
  readonly id: string;
  readonly status: string;
  readonly rowsTotal?: number;
  readonly errorCount?: number;
}

/** What became of an import; null when the database does not know it. */
async function stateOf(importId: string, session: BootOptions['session']): Promise<ImportState | null> {
  return session.request<ImportState>('GET', `/v1/imports/${importId}`).catch((error: unknown) => {
    if (error instanceof Error && 'status' in error && error.status === 404) return null;
    throw error;
  });
}

/**
 * Uploads a file and waits until its import has ended. What an earlier start has uploaded is not uploaded again, unless it failed.
 * @returns what is wrong with the file, in lines; none when it is in
 */
async function takeIn(file: FolderFile, note: TakenInNote, options: BootOptions): Promise<string[]> {
  const { kind } = file;
  const content = await fingerprintOf([file]);
  const earlier = note.importOf(kind, content);
  let state = earlier === undefined ? null : await endOf(earlier, options);
  if (state?.status !== 'completed') {
    const form = new FormData();
    form.set('kind', kind);
    form.set('file', await openAsBlob(file.path), path.basename(file.path));
    // a start that was stopped before it noted the answer gets the same one again; what has failed is tried anew
    const key = [kind, content, earlier ?? 'first'].join(':');
    const answer = await upload(form, key, options.session);
    if (answer instanceof Error) return [`${path.basename(file.path)} was refused: ${answer.message}`];
    note.addImport(kind, answer.importId, content);
    state = await endOf(answer.importId, options);
  }
  if (state?.status !== 'completed') return whatFailed(path.basename(file.path), state, options.session);
  options.log(`${kind}: ${state.rowsTotal ?? 0} lines in`);
  return [];
}

/** The import, or why the file itself was refused. */
async function upload(form: FormData, key: string, session: BootOptions['session']): Promise<{ importId: string } | Error> {
  const answer = session.request<{ importId: string }>('POST', '/v1/imports', form, { 'idempotency-key': key });
  return answer.catch((error: unknown) => {
    if (error instanceof Error && 'status' in error && (error.status === 400 || error.status === 413)) return error;
    throw error;
  });
}

async function endOf(importId: string, { session, signal }: BootOptions): Promise<ImportState | null> {
  for (;;) {
    const state = await stateOf(importId, session);
    if (state === null || !['queued', 'running'].includes(state.status)) return state;
    await delay(POLL_MS, undefined, { signal });
  }
}

async function whatFailed(name: string, state: ImportState | null, session: BootOptions['session']): Promise<string[]> {
  if (state === null) return [`${name} was not taken in: its import is gone`];
  const errors = `/v1/imports/${state.id}/errors`;
  const { data } = await session.request<{
    data: { line: number; field: string | null; value?: string | null; message: string }[];
  }>('GET', `${errors}?limit=${SHOWN_PROBLEMS}`, undefined, { 'accept-language': 'en' });
  const total = state.errorCount ?? data.length;
  return [
    `${name} was not taken in: ${total} ${total === 1 ? 'problem' : 'problems'}. Correct it and start again.`,
    ...data.map(({ line, field, value, message }) => {
      const at = [line === 0 ? 'the file' : `line ${line}`, field, value === undefined || value === null ? null : `"${value}"`];
      return `  ${name}, ${at.filter((part) => part !== null).join(' ')}: ${message}`;
    }),
    ...(total > data.length ? [`  ${total - data.length} more: GET ${errors}`] : []),
  ];
}

async function forecastsDone(jobId: string, { session, signal }: BootOptions): Promise<void> {
  for (;;) {
    const { state, error } = await session.request<{ state: string; error?: unknown }>('GET', `/v1/jobs/${jobId}`);
    if (state === 'completed') return;
    if (state === 'failed') throw new Error(`the first forecasts failed: ${JSON.stringify(error)}`);
    await delay(POLL_MS * 2, undefined, { signal });
  }
}
