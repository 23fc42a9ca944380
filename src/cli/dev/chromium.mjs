// A Chromium for the tests: what CHROMIUM_PATH names, else one that is installed, else one that Playwright or, as root
// on Debian, apt-get can bring. A candidate counts only once it has opened a page.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { at, say, tools, tryCommand } from './lib.mjs';

export const flags = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(isRoot() ? ['--no-sandbox'] : []),
];

function isRoot() {
  return process.getuid?.() === 0;
}

/** @type {Readonly<Record<string, readonly string[]>>} */
const places = {
  darwin: ['', homedir()].flatMap((home) => [
    `${home}/Applications/Chromium.app/Contents/MacOS/Chromium`,
    `${home}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
    `${home}/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
  ]),
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap((folder) =>
    folder === undefined
      ? []
      : [
          `${folder}\\Chromium\\Application\\chrome.exe`,
          `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
          `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
        ],
  ),
};

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string[]} */
function installed() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const found =
    process.platform === 'win32' ? [] : names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...new Set([...found, ...(places[process.platform] ?? [])])].filter(isExecutable);
}

/** Browsers that Playwright has downloaded, newest first. */
function downloaded() {
  const cacheFolder =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    (process.platform === 'darwin'
      ? path.join(homedir(), 'Library/Caches/ms-playwright')
      : process.platform === 'win32'
        ? path.join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright')
        : path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ms-playwright'));
  if (!existsSync(cacheFolder)) return [];
  const revision = (/** @type {string} */ name) => Number(name.split('-').at(-1));
  return readdirSync(cacheFolder)
    .filter((name) => /^chromium(_headless_shell)?-\d+$/.test(name))
    .sort((a, b) => revision(b) - revision(a))
    .flatMap((name) => programsIn(path.join(cacheFolder, name)))
    .filter(isExecutable);
}

/** @param {string} folder */
function programsIn(folder) {
  const programs = /^(chrome|chrome-headless-shell|headless_shell|Chromium)(\.exe)?$/;
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && programs.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * The first candidate that opens a page.
 * @param {readonly string[]} candidates
 */
async function firstThatRuns(candidates) {
  for (const candidate of candidates) {
    const problem = await problemWith(candidate);
    if (problem === null) return candidate;
    say(`${candidate} does not run: ${problem}`);
  }
  return null;
}

/**
 * @param {string} executablePath
 * @returns {Promise<string | null>}
 */
async function problemWith(executablePath) {
  const { chromium } = await import('@playwright/test');
  try {
    const browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 });
    try {
      const page = await browser.newPage();
      await page.setContent('<p>ready</p>');
      return (await page.textContent('p')) === 'ready' ? null : 'it shows no page';
    } finally {
      await browser.close();
    }
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 3).join(' ');
  }
}

/** @returns {Promise<string | null>} the path of a browser that runs; null, with the reason said, if none can be had */
export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    const problem = await problemWith(named);
    if (problem === null) return named;
    say(`CHROMIUM_PATH is ${named}, which does not run: ${problem}`);
    return null;
  }
  const present = await firstThatRuns([...installed(), ...downloaded()]);
  if (present !== null) return present;

  say('No Chromium found. Asking Playwright for one.');
  const args = [at(tools.playwright), 'install', '--only-shell', 'chromium'];
  if (tryCommand(process.execPath, args, 300)) {
    const browser = await firstThatRuns(downloaded());
    if (browser !== null) return browser;
  }
  if (isRoot() && existsSync('/etc/debian_version')) {
    say('Asking apt-get for a Chromium.');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    tryCommand('apt-get', ['update', '-q'], 300, env);
    if (tryCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], 900, env)) {
      const browser = await firstThatRuns(installed());
      if (browser !== null) return browser;
    }
  }
  say('No Chromium could be found or installed. Install Chromium or Chrome, or name one in CHROMIUM_PATH.');
  return null;
}
