// Runs before `npm start`, `npm test` and `npm run hookline`: installs the dependencies when the lockfile, Node or the
// platform changed, and bundles the command line when its sources changed. Otherwise it takes a few milliseconds.
// It prints on standard error only, and nothing when there is nothing to do.
import { existsSync } from 'node:fs';
import { at, hashOf, readStamp, say, tryCommand, writeStamp } from './lib.mjs';

checkNode();
install();
const { bundleCli } = await import('./bundle-cli.mjs');
await bundleCli();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (supported) return;
  say(`Hookline needs Node 20.19 or later, or 22.12 or later. This is ${process.version}.`);
  process.exit(1);
}

function install() {
  const wanted = [hashOf(['package-lock.json', '.npmrc']), process.version, process.platform, process.arch].join(' ');
  if (readStamp('install') === wanted && existsSync(at('node_modules/.package-lock.json'))) return;
  say('Installing the dependencies (npm ci)');
  // npm tells its scripts where it is itself; a development tool is needed here even where NODE_ENV is "production".
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm?.endsWith('.js')
    ? tryCommand(process.execPath, [npm, ...args], 1800)
    : tryCommand(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, 1800);
  if (!done) {
    say('npm ci failed; see above.');
    process.exit(1);
  }
  writeStamp('install', wanted);
}
