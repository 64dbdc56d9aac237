// `npm start`: installs and builds what is missing, then runs Fluxion in this process.
import { existsSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, SetupError, requireNode, setUp } from './setup.mjs';

try {
  requireNode(process.versions.node);
  await setUp();
  // Node 22.1 and newer; the worker finds the folder in its environment
  const cache = module.enableCompileCache?.(path.join(ROOT, 'dist', '.compile-cache'));
  if (cache?.directory) process.env.NODE_COMPILE_CACHE ??= path.join(ROOT, 'dist', '.compile-cache');
  const { start } = await import(pathToFileURL(path.join(ROOT, 'dist', 'bundle', 'start.js')).href);
  if (existsSync(path.join(ROOT, '.env'))) process.loadEnvFile(path.join(ROOT, '.env'));
  await start(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupError ? `fluxion: ${error.message}` : error);
  process.exitCode = 1;
}
