import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command, CommandInput } from './commands.js';
import { UsageError } from './start-options.js';

/** A committed file that a program makes. */
export interface GeneratedDocument {
  /** of the command that makes it */
  name: string;
  /** what it is, after "the" */
  subject: string;
  text: () => Promise<string>;
}

/** `NAME --write FILE` writes the document, `NAME --check FILE` fails when the file is another, without either it is printed. */
export function documentCommand(document: GeneratedDocument): Command {
  return {
    name: document.name,
    usage: '[--write FILE | --check FILE]',
    summary: `writes the ${document.subject}, or compares a file with it`,
    options: { write: { type: 'string' }, check: { type: 'string' } },
    run: (input) => run(document, input),
  };
}

async function run({ name, subject, text }: GeneratedDocument, { options, print }: CommandInput): Promise<number> {
  const { write, check } = options;
  if (write !== undefined && check !== undefined) throw new UsageError('--write or --check, not both');
  const made = await text();
  if (typeof check === 'string') {
    if (read(check) === made) return 0;
    print(`${check} is not the ${subject}: run npx fluxion ${name} --write ${check} and commit it`);
    return 1;
  }
  if (typeof write !== 'string') {
    print(made.trimEnd());
    return 0;
  }
  mkdirSync(path.dirname(path.resolve(write)), { recursive: true });
  writeFileSync(write, made);
  return 0;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
