import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** One numbered, forward-only file: `0002-registry.sql`. */
export interface SqlFile {
  version: number;
  name: string;
  sql: string;
  /** sha256 of the text as written, before placeholders */
  checksum: string;
}

/** The numbered files of a folder in order; two files of one number are an error. */
export async function readSqlFiles(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return {
        version: Number(name.slice(0, 4)),
        name: name.replace(/\.sql$/, ''),
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    }),
  );
  const twice = files.find((file, i) => files[i + 1]?.version === file.version);
  if (twice) throw new Error(`two files carry the number of ${twice.name}`);
  return files;
}
