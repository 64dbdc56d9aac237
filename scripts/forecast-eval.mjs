// `npm run forecast:eval -- --data DIR`: forecasts a folder of series, or scores the engine inside their history; see `--help`.
import path from 'node:path';
import { ROOT, run, runScript, setUp } from './setup.mjs';

await runScript(async () => {
  await setUp({ log: console.error });
  const file = path.join(ROOT, 'dist', 'forecasting', 'evaluation', 'forecast-eval.js');
  return run(process.execPath, ['--no-warnings', file, ...process.argv.slice(2)]).then(
    () => 0,
    (error) => error.code ?? 1,
  );
});
