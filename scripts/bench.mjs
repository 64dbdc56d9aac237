// `npm run bench -- NAME [--json]`: runs bench/NAME.mjs on the built product; without a name, the list.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, SetupError, describeScripts, run, runScript, setUp } from './setup.mjs';

const FOLDER = path.join(ROOT, 'bench');

await runScript(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name.startsWith('-')) {
    console.log(`npm run bench -- NAME [--json]\n\n${describeScripts(FOLDER)}`);
    return 0;
  }
  const file = path.join(FOLDER, `${name}.mjs`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file))
    throw new SetupError(`there is no bench ${name}. There are:\n${describeScripts(FOLDER)}`);
  await setUp({ log: console.error });
  const code = await run(process.execPath, ['--no-warnings', file, ...args]).then(
    () => 0,
    (error) => error.code ?? 1,
  );
  return code;
});
