// What the scripts in this folder share. They run in plain Node, before anything is installed: no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const cache = path.join(root, 'node_modules/.cache/hookline');

/**
 * An absolute path in the project.
 * @param {string} relative
 */
export const at = (relative) => path.join(root, relative);

/** Where the bundled command line is. */
export const cliBundle = path.join(cache, 'hookline.mjs');

/** @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`);

/** The entry points of the installed tools: run by this Node, so that no shell and no .cmd file is needed. */
export const tools = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  playwright: 'node_modules/@playwright/test/cli.js',
  tsc: 'node_modules/typescript/bin/tsc',
  vite: 'node_modules/vite/bin/vite.js',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/**
 * Runs one of our tools in the project's folder, shows its output, and gives its exit code.
 * @param {keyof typeof tools} tool
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: what it prints goes to standard error
 * @returns {Promise<number>}
 */
export function runTool(tool, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [at(tools[tool]), ...args], {
      cwd: root,
      env: options.env ?? process.env,
      stdio: ['ignore', options.quiet ? 2 : 'inherit', 2],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * A hash of files and folders, by name and content. What does not exist counts as empty.
 * @param {readonly string[]} places relative to the project
 * @param {(file: string) => boolean} [wanted] gets the path relative to the project, with slashes
 */
export function hashOf(places, wanted = () => true) {
  const hash = createHash('sha256');
  const files = places.flatMap((place) => filesUnder(place)).filter(wanted);
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} place
 * @returns {string[]}
 */
export function filesUnder(place) {
  if (!existsSync(at(place))) return [];
  try {
    return readdirSync(at(place)).flatMap((name) => filesUnder(`${place}/${name}`));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [place];
    throw error;
  }
}

/**
 * A stamp says for which sources a result was made.
 * @param {string} name
 */
export function readStamp(name) {
  const file = path.join(cache, `${name}.stamp`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * @param {string} name
 * @param {string} value
 */
export function writeStamp(name, value) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, `${name}.stamp`), value);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} seconds after which it is ended
 * @returns {boolean} whether it ended well
 */
export function tryCommand(command, args, seconds, env = process.env) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  return result.status === 0;
}
