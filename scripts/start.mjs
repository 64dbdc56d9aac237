// `npm start`: installs and builds what is missing, then runs Fluxion in this process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, SetupError, requireNode, setUp } from './setup.mjs';

try {
  requireNode(process.versions.node);
  await setUp();
  const { start } = await import(pathToFileURL(path.join(ROOT, 'dist', 'start.js')).href);
  if (existsSync(path.join(ROOT, '.env'))) process.loadEnvFile(path.join(ROOT, '.env'));
  await start(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupError ? `fluxion: ${error.message}` : error);
  process.exitCode = 1;
}
