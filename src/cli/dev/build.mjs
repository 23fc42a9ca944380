// Builds the page into dist when its sources changed.
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { at, cache, hashOf, readStamp, runTool, say, writeStamp } from './lib.mjs';

const sources = ['app', 'src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];

/** @param {string} file */
const isSource = (file) => !/\.(test|bench)\.tsx?$|^src\/cli\//.test(file);

/** @returns {Promise<boolean>} whether dist is there and up to date */
export async function buildPage() {
  const wanted = hashOf(sources, isSource);
  if (readStamp('page') === wanted && existsSync(at('dist/index.html'))) return true;
  say('Building the page');
  const fresh = path.join(cache, `dist-${process.pid}`);
  const code = await runTool('vite', ['build', '--logLevel', 'warn', '--emptyOutDir', '--outDir', fresh], {
    quiet: true,
  });
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    say('The page could not be built; see above.');
    return false;
  }
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(fresh, at('dist'));
  writeStamp('page', wanted);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await buildPage()) ? 0 : 1;
