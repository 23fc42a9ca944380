// Bundles src/cli/main.ts to one JavaScript file: Node 20 runs no TypeScript.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { at, cache, cliBundle, hashOf, readStamp, say, writeStamp } from './lib.mjs';

/** @param {string} file */
const isSource = (file) => !/\.(test|bench)\.ts$|README\.md$/.test(file);

export async function bundleCli() {
  const wanted = hashOf(['src', 'package-lock.json'], isSource);
  if (readStamp('cli') === wanted && existsSync(cliBundle)) return;
  const { build } = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  const fresh = `${cliBundle}.${process.pid}`;
  try {
    await build({
      entryPoints: [at('src/cli/main.ts')],
      outfile: fresh,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'error',
      // A bundled CommonJS package may call require().
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
  } catch {
    say('The command line could not be bundled; see above.');
    process.exit(1);
  }
  renameSync(fresh, cliBundle); // in one move: another process may be about to run it
  writeStamp('cli', wanted);
}
