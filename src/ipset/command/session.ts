import type { IpSets } from '../sets';
import { type Data, emptyData } from './data';

/** How grave a report is. libipset: enum ipset_err_type */
export type Level = 0 | 1 | 2 | 3;
export const WARNING: Level = 1;
export const NOTICE: Level = 2;
export const ERROR: Level = 3;

/** One run of the tool. libipset: struct ipset_session, struct ipset */
export interface Session {
  readonly sets: IpSets;
  /** What is known of the command that is being read. */
  data: Data;
  report: string;
  level: Level;
  /** Line of the text that is restored; 0 outside of one. */
  line: number;
  readonly options: {
    exist: boolean;
    quiet: boolean;
    sorted: boolean;
    resolve: boolean;
    names: boolean;
    terse: boolean;
  };
  mode: 'plain' | 'save' | 'xml' | null;
  stdout: string;
  stderr: string;
  changed: boolean;
  /** Something that is not modelled was asked for. */
  notModelled: string | null;
}

export function newSession(sets: IpSets): Session {
  return {
    sets,
    data: emptyData(),
    report: '',
    level: 0,
    line: 0,
    options: { exist: false, quiet: false, sorted: false, resolve: false, names: false, terse: false },
    mode: null,
    stdout: '',
    stderr: '',
    changed: false,
    notModelled: null,
  };
}

/** The tool ends here, with this exit code. */
export interface Stop {
  readonly exit: number;
  /** The line of a restored text that the message names; 0 if it names none. */
  readonly line: number;
  readonly message: string;
}

/** Notes what is wrong; gives false, so that it can end a function. libipset: ipset_session_report() */
export function report(session: Session, level: Level, message: string): false {
  if (session.level > 0 && session.level < level) session.report = '';
  if (session.line !== 0 && level === ERROR) session.report = `Error in line ${session.line}: `;
  session.report += message;
  if (!session.report.endsWith('\n')) session.report += '\n';
  session.level = level;
  if (level === ERROR) session.data = emptyData();
  return false;
}

export function syntaxError(session: Session, message: string): false {
  return report(session, ERROR, `Syntax error: ${message}`);
}

/** libipset: ipset_session_warning_as_error() */
export function warningAsError(session: Session): false {
  session.level = ERROR;
  session.data = emptyData();
  return false;
}

export function resetReport(session: Session): void {
  session.report = '';
  session.level = 0;
}

const PROGRAM = 'ipset v7.17';

/** Ends with what was reported. libipset: default_standard_error() */
export function stopWithReport(session: Session): Stop {
  if ((session.level === WARNING || session.level === NOTICE) && !session.options.quiet) {
    session.stderr += `${session.level === WARNING ? 'Warning: ' : ''}${session.report}`;
  }
  if (session.level === ERROR) {
    if (!session.options.quiet) session.stderr += `${PROGRAM}: ${session.report}`;
    const found = /^Error in line (\d+): /.exec(session.report);
    return { exit: 1, line: Number(found?.[1] ?? 0), message: session.report.trimEnd() };
  }
  return { exit: session.level <= WARNING ? 0 : 1, line: 0, message: session.report.trimEnd() };
}

/** Ends with a message of the program itself. libipset: default_custom_error() */
export function stopWith(session: Session, kind: 'parameter' | 'other', message: string): Stop {
  if (!session.options.quiet) {
    session.stderr += `${PROGRAM}: ${message}\n`;
    if (kind === 'parameter') session.stderr += "Try `ipset help' for more information.\n";
  }
  return { exit: kind === 'parameter' ? 2 : 1, line: 0, message };
}

export function done(): Stop {
  return { exit: 0, line: 0, message: '' };
}
