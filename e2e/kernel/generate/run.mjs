// `npm run kernel -- …`: bundles main.ts, as Node 20 runs no TypeScript, and runs it where the user called npm.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const cache = path.resolve(here, '../../../node_modules/.cache/hookline');
const bundle = path.join(cache, `kernel-${process.pid}.mjs`);
mkdirSync(cache, { recursive: true });
await build({
  entryPoints: [path.join(here, 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
process.setSourceMapsEnabled(true);
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
const { main } = await import(pathToFileURL(bundle).href);
rmSync(bundle);
process.exitCode = await main(process.argv.slice(2), path.resolve(here, '../recorder')).catch(
  (/** @type {Error} */ error) => {
    console.error(error.message);
    return 2;
  },
);
