import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSqlFiles, type SqlFile } from './sql-files.js';
import { projectRoot } from './topology.js';

/** What every tenant schema holds: numbered files, and the step that gives each table its triggers, policies and grants. */
export interface Template {
  /** number of the newest file */
  version: number;
  files: SqlFile[];
  /** idempotent: runs after any file, on every table */
  afterEachTable: string;
  /** sha256 over all of it: two schemas of one fingerprint were built from the same text */
  fingerprint: string;
}

export async function loadTemplate(folder: string = path.join(projectRoot, 'tenant-template')): Promise<Template> {
  const files = await readSqlFiles(folder);
  const afterEachTable = await readFile(path.join(folder, 'after-each-table.sql'), 'utf8');
  const fingerprint = createHash('sha256')
    .update(files.map((file) => file.checksum).join())
    .update(afterEachTable)
    .digest('hex');
  return { version: files.at(-1)?.version ?? 0, files, afterEachTable, fingerprint };
}
