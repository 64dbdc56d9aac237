import { type Command, type CommandInput, runCommand } from './commands.js';
import { UsageError } from './start-options.js';

describe('runCommand', () => {
  let ran: [string, CommandInput['options'], readonly string[]][];
  let printed: string;
  const command = (name: string, extra: Partial<Command> = {}): Command => ({
    name,
    summary: `does ${name}`,
    run: async ({ options, rest }) => void ran.push([name, { ...options }, rest]),
    ...extra,
  });
  const commands = [
    command('db'),
    command('db roles', { usage: '--database NAME', options: { database: { type: 'string' } } }),
    command('audit', { takesRest: true, run: async ({ rest }) => rest.length }),
  ];
  const run = (...argv: string[]): Promise<number> => runCommand(commands, argv, (text) => (printed += text));

  beforeEach(() => {
    ran = [];
    printed = '';
  });

  it('should run the command with the longest matching name', async () => {
    expect(await run('db', 'roles', '--database', 'shop')).toBe(0);
    expect(await run('db')).toBe(0);
    expect(ran).toEqual([
      ['db roles', { database: 'shop' }, []],
      ['db', {}, []],
    ]);
  });

  it('should end with what the command returns', async () => expect(await run('audit', 'one', 'two')).toBe(2));

  it.each([[[]], [['help']], [['--help']]])('should list the commands for %j', async (argv) => {
    expect(await run(...argv)).toBe(0);
    expect(printed).toMatch(/audit +does audit\n +db +does db\n +db roles --database NAME +does db roles/);
  });

  it.each([
    [['nothing'], /no command "nothing"[\s\S]*db roles/],
    [['db', 'roles', '--dtabase', 'x'], /--dtabase[\s\S]*npx fluxion db roles --database NAME/],
    [['db', 'surplus'], /surplus/],
  ])('should say what is wrong with %j', async (argv, message) => {
    await expect(run(...argv)).rejects.toThrow(message);
    await expect(run(...argv)).rejects.toBeInstanceOf(UsageError);
    expect(ran).toEqual([]);
  });
});
