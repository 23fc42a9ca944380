import { type Action, errorText } from '../errors';
import type { IpSets } from '../sets';
import type { SetTypeName } from '../types';
import { appendTo, type Batch, newBatch } from './batch';
import { emptyData } from './data';
import { missingName, readCommand, runCommand } from './run';
import { ERROR, newSession, report, resetReport, type Session, type Stop, stopWith, stopWithReport } from './session';
import { splitLine } from './words';

/** What a run of `ipset` did. */
export interface IpsetResult {
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
  const { stdout, stderr, changed, notModelled } = session;
  if (notModelled !== null) return { stdout: '', stderr: '', exit: 127, changed: false, notModelled };
  return { stdout, stderr, exit: stop?.exit ?? 0, changed };
}

function runArgs(session: Session, args: readonly string[], stdin: string): Stop | null {
  const ready = readCommand(session, args);
  if ('exit' in ready || session.notModelled !== null) return 'exit' in ready ? ready : null;
  return ready.command === 'restore' ? runStream(session, stdin) : runCommand(session, ready.command);
}

/** Where a text that is restored stops, and what was done. */
export interface RestoreResult {
  readonly stop: Stop | null;
  readonly stderr: string;
  readonly stdout: string;
  readonly changed: boolean;
  readonly notModelled: string | null;
  /** The line that it came to, from 1: where the mistake is, if it stopped. */
  readonly line: number;
}

/** Runs `ipset restore` with a text. */
export function restoreText(sets: IpSets, text: string): RestoreResult {
  const session = newSession(sets);
  const stop = runStream(session, text);
  const { stdout, stderr, changed, notModelled } = session;
  return {
    stop: stop !== null && stop.exit !== 0 ? stop : null,
    stdout,
    stderr,
    changed,
    notModelled,
    line: stop?.line || session.line,
  };
}

/** Line by line; elements go to the kernel in batches. libipset: ipset_parse_stream() */
function runStream(session: Session, text: string): Stop | null {
  const held: { batch: Batch | null } = { batch: null };
  let number = 0;
  for (const line of readLines(text)) {
    number++;
    const start = line.replace(/^[ \t\n\v\f\r]+/, '');
    if (start === '' || start.startsWith('#')) continue;
    if (start === 'COMMIT\n' || start === 'COMMIT\r\n') {
      const stop = commit(session, held);
      if (stop) return stop;
      continue;
    }
    session.line = number;
    const words = splitLine(start);
    if (words === 'too-long') return stopWith(session, 'parameter', 'Line is too long to parse.');
    if (words === 'open-quote') return stopWith(session, 'parameter', 'Missing close quote!');
    const stop = runLine(session, words, held);
    if (stop || session.notModelled !== null) return stop;
  }
  return commit(session, held);
}

/** Pieces of a text as a buffer of 1024 bytes takes them. libc: fgets() */
function* readLines(text: string): Generator<string> {
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    for (let at = 0; at < line.length; at += 1023) yield line.slice(at, at + 1023);
  }
}

function runLine(session: Session, words: readonly string[], held: { batch: Batch | null }): Stop | null {
  const { line } = session;
  const ready = readCommand(session, words);
  if ('exit' in ready) return ready;
  const { command } = ready;
  if (command !== 'add' && command !== 'del') {
    const stop = commit(session, held);
    session.line = line;
    return stop ?? runCommand(session, command);
  }
  const { data } = session;
  if (!data.given.has('setname')) return commit(session, held) ?? missingName(session, command);
  const { batch } = held;
  if (batch && (batch.op !== command || batch.set !== data.setname)) {
    const stop = commit(session, held);
    if (stop) return stop;
  }
  const family = data.family === 'inet6' ? 6 : 4;
  const exist = session.options.exist;
  held.batch ??= newBatch(command, data.setname, exist);
  if (!appendTo(held.batch, data.elem, line, family)) {
    const stop = commit(session, held);
    if (stop) return stop;
    held.batch = newBatch(command, data.setname, exist);
    appendTo(held.batch, data.elem, line, family);
  }
  session.data = emptyData();
  return session.level > 0 ? stopWithReport(session) : null;
}

/** Sends what is held back; the first element that the kernel refuses ends it. libipset: ipset_commit() */
function commit(session: Session, held: { batch: Batch | null }): Stop | null {
  const { batch } = held;
  held.batch = null;
  if (!batch) return null;
  for (const { attrs, line } of batch.entries) {
    const type: SetTypeName | null = session.sets.find(batch.set)?.type ?? null;
    const error = session.sets.change(batch.op, batch.set, attrs, batch.exist);
    if (error === null) {
      session.changed = true;
      continue;
    }
    session.line = line;
    resetReport(session);
    report(session, ERROR, errorText(error, batch.op satisfies Action, type));
    return stopWithReport(session);
  }
  return null;
}
