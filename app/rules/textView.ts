import { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useRef } from 'react';
import type { EditorMember } from '../setup';
import { placedFault } from '../setup/lazy';
import { stores, useExplanation, useRun } from '../store';
import { useHandle } from './context';
import { isRules } from './editor';
import { LabText, type Linked } from './labText';
import { showMarks } from './marks';
import { memberText } from './memberText';
import { lineOfChain, type RulesText } from './model';

const TOOLS: Readonly<Partial<Record<EditorMember, string>>> = {
  iptables: 'iptables-restore',
  ip6tables: 'ip6tables-restore',
  ipset: 'ipset restore',
};

/** What the engine says about the texts of a host, by member; only of the lab as it is now. */
export function useReports(host: string) {
  const texts = useRun((s) => s.result?.texts);
  return useMemo(
    () => new Map((texts ?? []).filter((t) => t.host === host).map((t) => [t.member as EditorMember, t])),
    [texts, host],
  );
}

/** The editor of one text, in `holder`. */
export function useTextView(
  holder: React.RefObject<HTMLDivElement | null>,
  host: string,
  member: EditorMember,
  linked: Linked,
) {
  const beside = useRef(linked);
  const { store } = useHandle();
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    if (holder.current === null) return;
    const made = new LabText(holder.current, host, member, beside.current);
    view.current = made.view;
    toSelectedChain(made.view, host, member, store.getState().rules);
    const leave = beside.current.onView(made.view, member);
    return () => {
      made.stop();
      leave();
      made.view.destroy();
      view.current = null;
    };
  }, [holder, host, member, store]);
  useMarks(view, host, member);
  return view;
}

function toSelectedChain(view: EditorView, host: string, member: EditorMember, rules: RulesText): void {
  const { selection, editorAt } = stores.view.getState();
  if (editorAt !== null) {
    if (editorAt.host === host && editorAt.member === member) toLine(view, editorAt.line);
    return;
  }
  const wanted = selection?.kind === 'chain' ? selection : lastChain(host);
  if (wanted !== null && isRules(member)) toLine(view, lineOfChain(rules, wanted.table, wanted.chain));
}

function toLine(view: EditorView, line: number): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 80 }) });
}

/** The chain that the packet was in last on this host. */
export function lastChain(host: string): { readonly table: string; readonly chain: string } | null {
  const { cursor } = stores.play.getState();
  const events = stores.run.getState().result?.events ?? [];
  const step = events[cursor]?.userStep;
  for (let i = cursor; i >= 0 && events[i]?.userStep === step; i--) {
    const event = events[i];
    if (event?.type === 'rule' && event.host === host) return event;
  }
  return null;
}

const SAYS: Readonly<Partial<Record<EditorMember, string>>> = {
  sysctl: 'The kernel does not take it; all else holds.',
  hooks: 'The function is left out until its condition can be read; all else holds.',
  queues: 'The rule is left out until its condition can be read; all else holds.',
};

/** Puts the engine's answer into the editor, as soon as it is about the text that stands there. */
function useMarks(view: React.RefObject<EditorView | null>, host: string, member: EditorMember): void {
  const reports = useReports(host);
  const spec = useRun((s) => s.lab?.hosts[host]);
  const ran = memberText(spec, member);
  const link = useExplanation()?.link ?? null;
  const here = link !== null && link.host === host && link.member === member ? link.line : 0;
  useEffect(() => {
    const made = view.current;
    if (made === null || made.state.doc.toString() !== ran) return;
    const report = reports.get(member);
    showMarks(made, {
      diagnostics: (report?.diagnostics ?? []).map((d) => placedFault(spec, member, ran, d)),
      leftOut: report?.leftOut ?? [],
      here,
      tool: TOOLS[member] ?? 'The real tool',
      ...(SAYS[member] === undefined ? {} : { says: SAYS[member] }),
    });
  }, [view, reports, spec, ran, member, here]);
}
