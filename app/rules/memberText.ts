import type { Diagnostic, LabHost } from '../../src/engine';
import { type EditorMember, isPart } from '../setup';
import { editHost, partText, readPart, withPart } from '../setup/lazy';
import { stores } from '../store';

/** A member of a host as text: as it is, or as its values are written. */
export function memberText(host: LabHost | undefined, member: EditorMember): string {
  return isPart(member) ? partText(host, member) : (host?.[member] ?? '');
}

/**
 * Puts a text into the lab. A text of a tool goes in whatever it says; a part of a host only if the lab stays one: what is
 * wrong comes back.
 */
export function writeMember(host: string, member: EditorMember, text: string): readonly Diagnostic[] {
  if (!isPart(member)) {
    if (text !== memberText(stores.lab.getState().lab.hosts[host], member)) {
      stores.lab.getState().setHostText(host, member, text);
    }
    return [];
  }
  const read = readPart(member, text);
  if (!read.ok) return read.diagnostics;
  const problem = editHost(
    host,
    (h) => {
      const next = withPart(h, member, read.host);
      return partText(next, member) === partText(h, member) ? h : next;
    },
    member,
  );
  if (problem === null) return [];
  return [{ severity: 'error', code: 'lab', message: problem, line: 1, column: 1, endColumn: 2 }];
}
