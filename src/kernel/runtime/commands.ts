import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './start-options.js';

type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

/** A command's arguments after parsing: `--name value` under its name, the rest in order. */
export interface CommandInput {
  options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  rest: readonly string[];
  print: (text: string) => void;
}

/** One command of `npx fluxion`; its module loads only when it runs. */
export interface Command {
  /** as typed, e.g. `db roles` */
  name: string;
  summary: string;
  /** what follows the name, e.g. `--write FILE` */
  usage?: string;
  options?: OptionSpecs;
  /** takes arguments that are no options */
  takesRest?: boolean;
  run(input: CommandInput): Promise<number | void>;
}

/**
 * Finds the command whose name the arguments begin with, the longest first, and runs it.
 * @returns exit code
 */
export async function runCommand(
  commands: readonly Command[],
  argv: readonly string[],
  print: (text: string) => void = console.log,
): Promise<number> {
  const [first = 'help'] = argv;
  if (first === 'help' || first === '--help' || first === '-h') {
    print(helpOf(commands));
    return 0;
  }
  const command = [...commands]
    .toSorted((left, right) => right.name.length - left.name.length)
    .find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
  if (!command) throw new UsageError(`there is no command "${argv.join(' ')}"\n\n${helpOf(commands)}`);
  return (await command.run({ ...parse(command, argv), print })) ?? 0;
}

function parse(command: Command, argv: readonly string[]): Omit<CommandInput, 'print'> {
  const args = argv.slice(command.name.split(' ').length);
  try {
    const { values, positionals } = parseArgs({
      args,
      options: command.options ?? {},
      allowPositionals: command.takesRest ?? false,
    });
    return { options: values, rest: positionals };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${reason}\n\nnpx fluxion ${command.name} ${command.usage ?? ''}`.trimEnd());
  }
}

function helpOf(commands: readonly Command[]): string {
  const rows = commands.map(({ name, usage, summary }) => [`${name} ${usage ?? ''}`.trimEnd(), summary] as const);
  const width = Math.max(...rows.map(([call]) => call.length));
  const lines = rows
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([call, summary]) => `  ${call.padEnd(width)}  ${summary}`);
  return ['npx fluxion <command>', '', ...lines].join('\n');
}
