// Writes dist/bundle: what `npm start` runs, with every package in a few files. Node spends three times the CPU on 2,800 single modules.
import { renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const DIST = path.join(ROOT, 'dist');

export const BUNDLE = path.join(DIST, 'bundle');

/** Programs and the modules of threads. They and what they share lie in one folder: a module finds its thread beside itself, as in dist. */
const ENTRIES = ['start.js', 'worker.js', 'tenancy/imports/parsing/xlsx-worker.js', 'forecasting/engine/forecast-thread.js'];

/** What stays in node_modules: native code, files that are served, and what frameworks look for and we do not install. */
const OUTSIDE = [
  '@node-rs/argon2',
  'msgpackr-extract',
  'swagger-ui-dist',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer/storage',
  'pg-native',
];

/** Nest's packages make a `require` of their own, which a bundler cannot see through: what it loads would come a second time, from node_modules. */
const plainRequire = {
  name: 'plain-require',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@nestjs[\\/].*\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return { contents: text.replace(/^const require = createRequire\(import\.meta\.url\);$/m, '') };
    });
  },
};

/** Bundles the built product. Whoever looks finds the old bundle or the new one, whole. */
export async function writeBundle() {
  const { build } = await import('esbuild');
  const draft = `${BUNDLE}.${process.pid}`;
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((file) => ({ in: path.join(DIST, file), out: path.basename(file, '.js') })),
    outdir: draft,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Nest and TypeORM name things by their classes
    keepNames: true,
    external: OUTSIDE,
    plugins: [plainRequire],
    // packages in CommonJS ask for node's own modules by `require`
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  rmSync(BUNDLE, { recursive: true, force: true });
  renameSync(draft, BUNDLE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeBundle();
