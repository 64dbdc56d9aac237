import { rmSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { type Binaries, findBinaries } from './binaries.js';
import { DATABASE, connectionUrl, ensureCluster, ensureDatabase, superuserPassword } from './cluster.js';
import { type Location, locate, socketFolder } from './location.js';
import { lock } from './lock-file.js';
import { type Postmaster, findPostmaster, startPostmaster, stopPostmaster } from './postmaster.js';
import { watch } from './watchdog.js';

/** What happens to the server after the start. */
export type DatabaseEvent = { type: 'down' } | { type: 'restarted'; pid: number } | { type: 'failed'; error: Error };

export interface EmbeddedPostgresOptions {
  /** DATA_DIR; the server's files go below it or, as root, where `locate` says */
  dataDir: string;
  log: (line: string) => void;
  /** settings of the server beside ours, e.g. `fsync: 'off'` for a throw-away database */
  settings?: Readonly<Record<string, string>>;
  onEvent?: (event: DatabaseEvent) => void;
}

export interface EmbeddedPostgres {
  /** the superuser's address of database `fluxion_dev` */
  readonly url: string;
  /** process of the server; another one after a restart */
  readonly pid: number;
  readonly socketDir: string;
  /** folder with the data, the log and the socket */
  readonly root: string;
  /** a server of this data was already running: nothing was started */
  readonly adopted: boolean;
  /** Stops the server and waits until it is gone. `{ remove: true }` deletes its files too. */
  stop(options?: { remove?: boolean }): Promise<void>;
}

const LOG_LIMIT = 20 * 1024 * 1024;

/**
 * Runs PostgreSQL on the data of a DATA_DIR: makes the data if it is new, recovers it after a crash, adopts a server that a killed
 * process left behind, and starts it again if it dies while we live.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const location = locate(options.dataDir);
  const binaries = findBinaries(location.account, options.log);
  const release = await lock(path.join(location.root, 'start.lock'), ({ pid }) =>
    options.log(`waiting for process ${pid}, which starts it`),
  );
  try {
    return await startLocked(options, location, binaries);
  } finally {
    release();
  }
}

async function startLocked(options: EmbeddedPostgresOptions, location: Location, binaries: Binaries): Promise<EmbeddedPostgres> {
  if (!location.root.startsWith(path.resolve(options.dataDir))) {
    options.log(
      `PostgreSQL keeps its data in ${location.root}: ${location.account.name} may not enter ${path.resolve(options.dataDir)}`,
    );
  }
  const adopted = await adoptable(binaries, location, options.log);
  if (!adopted && (await ensureCluster(binaries, location)))
    options.log(`PostgreSQL ${binaries.version}: new database in ${location.root}`);
  const settings = { ...(await serverSettings(location)), ...options.settings };
  let server = adopted ?? (await startPostmaster(binaries, location, settings, options.log));
  const password = superuserPassword(location);
  await ensureDatabase(connectionUrl(server, 'postgres', password), location);

  const stopWatching = watch({
    isAlive: () => findPostmaster(location) !== undefined,
    restart: async () => {
      server = await startPostmaster(binaries, location, settings, options.log);
      return server.pid;
    },
    everyMinute: () => limitLog(location.logFile),
    onEvent: options.onEvent ?? (() => undefined),
  });
  return {
    url: connectionUrl(server, DATABASE, password),
    get pid() {
      return server.pid;
    },
    socketDir: server.socketFolder,
    root: location.root,
    adopted: adopted !== undefined,
    async stop({ remove = false } = {}) {
      await stopWatching();
      await stopPostmaster(binaries, location);
      if (remove) for (const folder of [server.socketFolder, location.root]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A running server is taken over, unless its program files were replaced under it: new ones would not fit a running server. */
async function adoptable(binaries: Binaries, location: Location, log: (line: string) => void): Promise<Postmaster | undefined> {
  for (let found = findPostmaster(location); found; found = findPostmaster(location)) {
    if (found.identity.executableGone) {
      log(`PostgreSQL (process ${found.pid}) runs from deleted files and is started anew`);
      await stopPostmaster(binaries, location);
    } else if (found.status === 'ready') {
      log(`PostgreSQL already runs on ${location.root} (process ${found.pid}): adopted`);
      return found;
    }
    await new Promise((resume) => setTimeout(resume, 20));
  }
  return undefined;
}

async function serverSettings(location: Location): Promise<Record<string, string>> {
  const settings: Record<string, string> = {
    max_connections: '150',
    // one transaction of the template touches every table, index and partition of a tenant
    max_locks_per_transaction: '1024',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  if (process.platform === 'win32') return { ...settings, listen_addresses: '127.0.0.1', port: String(await freePort()) };
  if (process.platform === 'linux') {
    // one call a file system instead of one a file: a restart after a crash takes 0.1-0.4 s instead of 3 s
    settings.recovery_init_sync_method = 'syncfs';
    // systemd removes POSIX shared memory of users who log out
    settings.dynamic_shared_memory_type = 'mmap';
  }
  return { ...settings, listen_addresses: '', port: '5432', unix_socket_directories: socketFolder(location) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function limitLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT) truncateSync(file);
}
