// `npm start`: builds the page if its sources changed, serves it on this machine and opens a browser if there is one.
//   npm start -- --port 8080     another port than 4173 (so does PORT); a port that is taken is left alone, the next is tried
//   npm start -- --no-open       opens no browser (so does BROWSER=none)
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { buildPage } from './build.mjs';
import { at, say } from './lib.mjs';
import { serve } from './serve.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '4173' },
    'no-open': { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  say(`"${values.port}" is no port number`);
  process.exit(2);
}

if (!(await buildPage())) process.exit(1);
const server = await serve({ folder: at('dist'), port });
console.log(`\n  Hookline: ${server.url}\n\n  Ctrl+C ends it.\n`);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);
endWithNpm();
if (!values['no-open'] && process.env.BROWSER !== 'none' && !process.env.CI) openBrowser(server.url);

function end() {
  void server.close().then(() => process.exit(0));
}

/** npm runs this script in a shell; a signal sent to npm ends the shell and does not arrive here. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

/**
 * Where no browser can be opened, the printed address is enough.
 * @param {string} url
 */
function openBrowser(url) {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  /** @type {readonly [string, ...string[]] | null} */
  const command =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : display
          ? ['xdg-open', url]
          : null;
  if (command === null) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
