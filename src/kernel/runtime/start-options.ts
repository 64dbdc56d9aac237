import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line of `npm start` asks for. */
export interface StartOptions {
  help: boolean;
  /** folder of files to take in, as a tenant of its own, instead of the demo */
  data?: { folder: string; slug: string; shift: boolean };
}

/** A mistake of the person at the keyboard: told in one line, without a stack. */
export class UsageError extends Error {}

export const START_HELP = `npm start [-- --data DIR [--shift]]

  --data DIR   takes the files of DIR (stores.csv, suppliers.csv, products.csv, stock.csv, sales.csv, calendar.csv; .xlsx
               as well) into a tenant named after the folder, instead of the simulated demo
  --shift      moves every date of those files by one number of days, so that the last sale is yesterday

Settings come from the environment: see .env.example.`;

const SLUG = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/;

/** Reads the arguments of `npm start`; throws a UsageError that says what is wrong with them. */
export function readStartOptions(argv: readonly string[]): StartOptions {
  const { data, shift, help } = parse(argv);
  if (help) return { help: true };
  if (data === undefined) {
    if (shift) throw new UsageError('--shift moves the dates of --data DIR: name the folder');
    return { help: false };
  }
  if (!existsSync(data)) throw new UsageError(`--data: there is no folder ${path.resolve(data)}`);
  if (!statSync(data).isDirectory()) throw new UsageError(`--data: ${path.resolve(data)} is not a folder`);
  const folder = realpathSync(data);
  return { help: false, data: { folder, slug: slugOf(path.basename(folder)), shift } };
}

/** The tenant's slug for a folder: its name in lower case without accents, other characters as hyphens. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  if (SLUG.test(slug)) return slug;
  throw new UsageError(
    `--data: the folder's name "${name}" gives no tenant name; it needs three letters or digits, a letter first`,
  );
}

function parse(argv: readonly string[]): { data?: string; shift: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        shift: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.data === '') throw new Error('--data needs a folder');
    return { shift: values.shift, help: values.help, ...(values.data === undefined ? {} : { data: values.data }) };
  } catch (error) {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw new UsageError(`${first}\n\n${START_HELP}`);
  }
}
