// The limits on what the browser must load first: the entry of the page, and of the worker, with all they import
// statically. e2e/size.spec.ts measures the same in a browser, up to the moment the graph shows.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { at } from './lib.mjs';

/** Bytes after gzip. */
export const limits = { page: 220_000, worker: 150_000 };

/** @param {string} file */
export const gzipSize = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

/**
 * A chunk and all chunks that it imports statically.
 * @param {string} file
 * @param {Set<string>} seen
 */
function closure(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)) {
    const imported = path.resolve(path.dirname(file), name);
    if (existsSync(imported)) closure(imported, seen);
  }
  return seen;
}

/** @returns {boolean} whether everything is within its limit */
export function checkSizes() {
  const html = readFileSync(at('dist/index.html'), 'utf8');
  const entries = [...html.matchAll(/(?:src|href)="(\.\/[^"]+\.js)"/g)].map(([, name = '']) => at(`dist/${name}`));
  const workerFolder = at('dist/assets/worker');
  const workers = existsSync(workerFolder)
    ? readdirSync(workerFolder)
        .filter((name) => /^worker-.*\.js$/.test(name))
        .map((name) => path.join(workerFolder, name))
    : [];
  let good = report('page', entries);
  if (workers.length > 0) good = report('worker', workers) && good;
  else if (existsSync(at('src/engine/worker.ts'))) {
    console.log('worker: src/engine/worker.ts is not in the build');
    good = false;
  }
  // The policy of the page does not bind its workers.
  for (const file of workers.flatMap((entry) => [...closure(entry)])) {
    if (!/\beval\s*\(|\bnew Function\b/.test(readFileSync(file, 'utf8'))) continue;
    console.log(`worker: ${path.basename(file)} makes code from text`);
    good = false;
  }
  return good;
}

/**
 * @param {'page' | 'worker'} name
 * @param {readonly string[]} entries
 */
function report(name, entries) {
  if (entries.length === 0) {
    console.log(`${name}: found no JavaScript`);
    return false;
  }
  const files = new Set(entries.flatMap((entry) => [...closure(entry)]));
  const size = [...files].reduce((sum, file) => sum + gzipSize(file), 0);
  const good = size <= limits[name];
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`${name}: ${kB(size)} of ${kB(limits[name])} gzip${good ? '' : ', too large'}`);
  if (!good) for (const file of files) console.log(`  ${kB(gzipSize(file))} ${path.basename(file)}`);
  return good;
}
