import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Catalogue, Diagnostic, Finding } from '../../src/engine';
import { stores, useAnswer, useHostView, useLab, useShownRun, useSpareEngine } from '../store';
import { hooksOf, type RulePlace } from './allowed';
import { carryFindings, type Findings } from './carryFindings';
import type { EditorState, EditorStore } from './editor';
import { familyOf } from './editor';
import { addOption, removePart, setPart } from './forms';

interface EditorHandle {
  readonly store: EditorStore;
  readonly host: string;
}

export const EditorContext = createContext<EditorHandle | null>(null);

/** The editor that a component is part of. */
export function useHandle(): EditorHandle {
  const handle = useContext(EditorContext);
  if (handle === null) throw new Error('outside of the rule editor');
  return handle;
}

export const useEdit = <T>(select: (state: EditorState) => T): T => useStore(useHandle().store, select);
export const useActions = (): EditorState => useHandle().store.getState();
const useCatalogue = (): Catalogue | null => useEdit((s) => s.catalogue);

/** Where the chain on show stands. The protocol is the rule's own. */
export function usePlace(): Omit<RulePlace, 'protocol'> {
  const { table, chain, rules, member } = {
    table: useEdit((s) => s.table),
    chain: useEdit((s) => s.chain),
    rules: useEdit((s) => s.rules),
    member: useEdit((s) => s.member),
  };
  return useMemo(
    () => ({ family: familyOf(member), table, hooks: hooksOf(rules, table, chain) }),
    [table, chain, rules, member],
  );
}

/** User chains that a rule here can jump to. */
export function useJumpChains(): readonly string[] {
  const rules = useEdit((s) => s.rules);
  const table = useEdit((s) => s.table);
  const chain = useEdit((s) => s.chain);
  return useMemo(
    () =>
      (rules.tables.find((t) => t.name === table)?.chains ?? [])
        .filter((c) => !c.builtin && c.name !== chain)
        .map((c) => c.name),
    [rules, table, chain],
  );
}

/** What is wrong with a line of the text. */
export function useProblems(line: number): readonly Diagnostic[] {
  const { host } = useHandle();
  const member = useEdit((s) => s.member);
  const report = useShownRun((s) => s.result?.texts.find((t) => t.host === host && t.member === member));
  return useMemo(() => (report?.diagnostics ?? []).filter((d) => d.line === line), [report, line]);
}

/** What fields offer: interfaces, sets and addresses of the lab. */
export function useKnown(): {
  readonly interfaces: readonly string[];
  readonly sets: readonly string[];
  readonly addresses: readonly string[];
} {
  const { host } = useHandle();
  const view = useHostView(host);
  const ipset = useLab((s) => s.lab.hosts[host]?.ipset ?? '');
  const lab = useLab((s) => s.lab);
  return useMemo(() => {
    const interfaces = (view?.interfaces ?? []).map((i) => i.name);
    const sets = [...ipset.matchAll(/^(?:create|-N)\s+(\S+)/gm)].map((m) => m[1] as string);
    const addresses = new Set<string>();
    for (const spec of Object.values(lab.hosts)) {
      for (const i of Object.values(spec.interfaces ?? {})) {
        for (const a of i.addresses ?? []) addresses.add(a.split('/')[0] ?? a);
      }
    }
    return {
      interfaces: interfaces.includes('lo') ? interfaces : [...interfaces, 'lo'],
      sets,
      addresses: [...addresses],
    };
  }, [view, ipset, lab]);
}

/** The comment of a rule as it is typed; each change goes into its line, and an empty one takes the comment away. */
export function useDraftComment(id: number, comment: string): readonly [string, (text: string) => void] {
  const { change } = useActions();
  const catalogue = useCatalogue();
  const [draft, setDraft] = useState(comment);
  const mine = useRef(comment);
  useEffect(() => {
    if (comment.trim() === mine.current.trim()) return;
    mine.current = comment;
    setDraft(comment);
  }, [comment]);
  const set = (text: string): void => {
    mine.current = text;
    setDraft(text);
    const info = catalogue?.matches.find((m) => m.name === 'comment');
    const [option] = info?.options ?? [];
    if (catalogue === null || info === undefined || option === undefined) return;
    void change(
      id,
      (form) => {
        const part = form.parts.find((p) => p.extension === 'comment' && p.flag === 'comment');
        const value = text.trim();
        if (part === undefined) return value === '' ? form : addOption(form, info, option, [value]);
        return value === '' ? removePart(form, part, catalogue) : setPart(form, part, [value]);
      },
      `${id}/comment`,
    );
  };
  return [draft, set];
}

const NO_FINDINGS: Findings = new Map();
/** Milliseconds without an edit after which the text is looked over. */
const QUIET = 350;
/** Characters above which an engine of its own looks a text over: the lab's would let the next key wait. */
const LONG = 200_000;

/** What makes no sense in the text, by line; while it is being edited, what was found in the lines that still stand. */
export function useAskFindings(): Findings {
  const text = useEdit((s) => s.text);
  const { lines } = useEdit((s) => s.rules);
  const member = useEdit((s) => s.member);
  const family = familyOf(member);
  const asked = useMemo(() => ({ member, text, lines }), [member, text, lines]);
  const spare = useSpareEngine();
  const ask = async (): Promise<Findings> => {
    const byLine = new Map<number, readonly Finding[]>();
    const engine = text.length > LONG ? spare() : stores.engine;
    for (const found of await engine.findings(family, text))
      byLine.set(found.line, [...(byLine.get(found.line) ?? []), found]);
    return byLine;
  };
  const answer = useAnswer(asked, ask, QUIET);
  return useMemo(() => {
    if (answer?.key === asked) return answer.value;
    // A text of another family, or one that is long to compare with every key: nothing until it has been looked over.
    if (answer?.key.member !== asked.member || asked.text.length > LONG) return NO_FINDINGS;
    return carryFindings(answer.value, answer.key.lines, asked.lines);
  }, [answer, asked]);
}

export const FindingsContext = createContext<Findings>(NO_FINDINGS);
export const useFindings = (): Findings => useContext(FindingsContext);
