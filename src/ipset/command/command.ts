import { errorText } from '../errors';
import type { IpSets } from '../sets';
import { appendTo, type Batch, newBatch } from './batch';
import { emptyData } from './data';
import { missingName, readCommand, runCommand } from './run';
import { ERROR, newSession, report, resetReport, type Session, type Stop, stopWith, stopWithReport } from './session';
import { splitLine } from './words';

/** What a run of `ipset` did. */
interface IpsetResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  /** True if it changed any set. */
  readonly changed: boolean;
  /** Set if something was asked for that is not modelled; then nothing was done. */
  readonly notModelled?: string;
}

/** Runs `ipset ARGS`. */
export function ipsetCommand(sets: IpSets, args: readonly string[], stdin: string): IpsetResult {
  const session = newSession(sets);
  const stop = runArgs(session, args, stdin);
  sets.seal();
  const { stdout, stderr, changed, notModelled } = session;
  if (notModelled !== null) return { stdout: '', stderr: '', exit: 127, changed: false, notModelled };
  return { stdout, stderr, exit: stop?.exit ?? 0, changed };
}

function runArgs(session: Session, args: readonly string[], stdin: string): Stop | null {
  const ready = readCommand(session, args);
  if ('exit' in ready || session.notModelled !== null) return 'exit' in ready ? ready : null;
  return ready.command === 'restore' ? runStream(session, stdin, null) : runCommand(session, ready.command);
}

/** Is told where a text stops, and on which line; the text then goes on behind it. */
type OnStop = (line: number, message: string, toolLine: number) => void;

/**
 * Loads a text as `ipset restore` does, but goes on where the tool would stop: the line that is wrong is left out, and
 * what was held back for the kernel is done.
 */
export function restoreText(sets: IpSets, text: string, onStop: OnStop): void {
  runStream(newSession(sets), text, onStop);
  sets.seal();
}

/** What is held back for the kernel. */
interface Held {
  batch: Batch | null;
}

/** Line by line; elements go to the kernel in batches. libipset: ipset_parse_stream() */
function runStream(session: Session, text: string, onStop: OnStop | null): Stop | null {
  const held: Held = { batch: null };
  let number = 0;
  for (const line of readLines(text)) {
    number++;
    const start = line.trimStart();
    if (start === '' || start.startsWith('#')) continue;
    const stop = runLine(session, start, number, held, onStop);
    if (session.notModelled !== null && onStop) {
      onStop(number, session.notModelled, 0);
      session.notModelled = null;
    } else if (session.notModelled !== null || stop?.exit === 0) return stop;
    else if (stop) {
      if (!onStop) return stop;
      onStop(number, stop.message, stop.line);
    }
    if (onStop) forget(session);
  }
  return commit(session, held, onStop);
}

function forget(session: Session): void {
  resetReport(session);
  session.data = emptyData();
}

/** Pieces of a text as a buffer of 1024 bytes takes them. libc: fgets() */
function* readLines(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end + 1);
    at += line.length;
    for (let i = 0; i < line.length; i += 1023) yield line.slice(i, i + 1023);
  }
}

function runLine(session: Session, line: string, number: number, held: Held, onStop: OnStop | null): Stop | null {
  if (line === 'COMMIT\n' || line === 'COMMIT\r\n') return commit(session, held, onStop);
  session.line = number;
  const words = splitLine(line);
  if (words === 'too-long') return stopWith(session, 'parameter', 'Line is too long to parse.');
  if (words === 'open-quote') return stopWith(session, 'parameter', 'Missing close quote!');
  const ready = readCommand(session, words);
  if ('exit' in ready) return ready;
  if (session.notModelled !== null) return null;
  const { command } = ready;
  if (command !== 'add' && command !== 'del') {
    const stop = commit(session, held, onStop);
    session.line = number;
    return stop ?? runCommand(session, command);
  }
  const { data } = session;
  if (!data.given.has('setname')) return commit(session, held, onStop) ?? missingName(session, command);
  const { batch } = held;
  if (batch && (batch.op !== command || batch.set !== data.setname)) {
    const stop = commit(session, held, onStop);
    if (stop) return stop;
  }
  const family = data.family === 'inet6' ? 6 : 4;
  const exist = session.options.exist;
  held.batch ??= newBatch(command, data.setname, exist);
  if (!appendTo(held.batch, data.elem, number, family)) {
    const stop = commit(session, held, onStop);
    if (stop) return stop;
    held.batch = newBatch(command, data.setname, exist);
    appendTo(held.batch, data.elem, number, family);
  }
  session.data = emptyData();
  return session.level > 0 ? stopWithReport(session) : null;
}

/** Sends what is held back; the first element that the kernel refuses ends it. libipset: ipset_commit() */
function commit(session: Session, held: Held, onStop: OnStop | null): Stop | null {
  const { batch } = held;
  held.batch = null;
  if (!batch) return null;
  const type = session.sets.find(batch.set)?.type ?? null;
  const { data } = session;
  for (const { attrs, line } of batch.entries) {
    const error = session.sets.change(batch.op, batch.set, attrs, batch.exist);
    if (error === null) {
      session.changed = true;
      continue;
    }
    session.line = line;
    resetReport(session);
    report(session, ERROR, errorText(error, batch.op, type));
    const stop = stopWithReport(session);
    if (!onStop) return stop;
    onStop(line, stop.message, stop.line);
    resetReport(session);
    session.data = data; // of the line that comes next
  }
  return null;
}
