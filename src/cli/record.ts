import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expandLab, forKernel, type Lab, run, stepKind } from '../engine';
import { misuse, parseArgs, print, readLabFile, recordingName } from './files';

/** `hookline record LAB.json… --out DIR`: asks this machine's own kernel, through e2e/kernel/recorder. */
export function recordCommand(args: readonly string[]): number {
  const parsed = parseArgs(args, ['--out', '--jobs'], ['--verbose']);
  if ('fault' in parsed) return misuse(parsed.fault);
  const { files, options } = parsed;
  const out = options.get('--out');
  if (files.length === 0 || out === undefined) return misuse('record needs labs and --out DIR');
  const missing = whyNot();
  if (missing !== null) {
    print(`hookline record: ${missing}\n`, 2);
    return 1;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'hookline-'));
  try {
    return record(files, folder, out, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The labs are written out as plain sends first, for that is all that a kernel can be given. */
function record(files: readonly string[], folder: string, out: string, options: ReadonlyMap<string, string>): number {
  let exit = 0;
  const ready: string[] = [];
  for (const file of files) {
    const read = readLabFile(file);
    if ('fault' in read) {
      print(`${read.fault}\n`, 2);
      exit = 2;
      continue;
    }
    const listening = read.lab.steps.find((step) => 'run' in step && LISTENS.test(step.run.command));
    if (listening && 'run' in listening) {
      print(`${file}: "${listening.run.command}" would never end: give the host a listener instead\n`, 2);
      exit = 2;
      continue;
    }
    const target = path.join(folder, recordingName(file));
    writeFileSync(target, hasClients(read.lab) ? JSON.stringify(expandLab(run(forKernel(read.lab)))) : read.text);
    ready.push(target);
  }
  if (ready.length === 0) return exit;
  mkdirSync(out, { recursive: true });
  const jobs = options.get('--jobs');
  const more = [...(jobs === undefined ? [] : ['--jobs', jobs]), ...(options.has('--verbose') ? ['--verbose'] : [])];
  const done = spawnSync('python3', [recorderFolder()!, '--out', path.resolve(out), ...more, ...ready], {
    stdio: 'inherit',
  });
  return Math.max(exit, done.status === 0 ? 0 : 1);
}

/** A command that listens, which goes on until it is ended. */
const LISTENS = /\b(nc|netcat|nc\.openbsd)\s(\S+\s+)*-[a-zA-Z]*l/;

/** Steps, and commands, that are several sends for a kernel. */
function hasClients(lab: Lab): boolean {
  return lab.steps.some((step) => ['connect', 'ping', 'udp', 'run'].includes(stepKind(step)));
}

/** The recorder lies in the project's folder, above wherever this file was bundled to. */
function recorderFolder(): string | null {
  let at = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const folder = path.join(at, 'e2e/kernel/recorder');
    if (existsSync(folder)) return folder;
    const up = path.dirname(at);
    if (up === at) return null;
    at = up;
  }
}

/** What this machine lacks for recording; null if nothing. The tools of a lab are looked for by the recorder itself. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'recording needs Linux, whose kernel it asks';
  if (process.getuid?.() !== 0)
    return 'recording needs root, for it makes network namespaces (try: sudo npm run hookline -- record …)';
  if (spawnSync('python3', ['--version']).status !== 0) return 'recording needs python3';
  return recorderFolder() === null ? 'e2e/kernel/recorder is not there' : null;
}
