import { EditorView } from '@codemirror/view';
import { memo, useRef, useState } from 'react';
import { type EditorMember, sectionOf } from '../setup';
import { stores, useLab, useView } from '../store';
import { cx, Icon } from '../ui';
import { ChainSelect } from './ChainSelect';
import { useEdit } from './context';
import { useDrafts } from './drafts';
import { isRules } from './editor';
import type { Linked } from './labText';
import { ALWAYS, MEMBERS } from './members';
import { memberText } from './memberText';
import { lineOfChain } from './model';
import { useReports, useTextView } from './textView';

/** A host's texts, as the real tools read and print them. What is typed runs at once; what is wrong is said in place. */
export const TextEditor = memo(function TextEditor({
  host,
  linked,
}: {
  readonly host: string;
  readonly linked: Linked;
}) {
  const { member, setMember } = linked;
  const spec = useLab((s) => s.lab.hosts[host]);
  const rules = useEdit((s) => s.rules);
  const reports = useReports(host);
  const drafts = useDrafts().filter((d) => d.host === host);
  const holder = useRef<HTMLDivElement>(null);
  const editor = useTextView(holder, host, member, linked);
  const beside = sectionOf(member).members;
  const shown = MEMBERS.filter(
    ([name]) => beside.includes(name) && (ALWAYS.has(name) || name === member || memberText(spec, name) !== ''),
  );
  const draft = drafts.find((d) => d.member === member);
  const report = draft === undefined ? reports.get(member) : undefined;
  const diagnostics = (draft ?? report)?.diagnostics ?? [];
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const left = report?.leftOut.length ?? 0;
  const goTo = (line: number): void => {
    const view = editor.current;
    if (view === null || line < 1 || line > view.state.doc.lines) return;
    const { from } = view.state.doc.line(line);
    view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 60 }),
    });
    view.focus();
  };
  return (
    <section className="flex h-full min-h-0 flex-col bg-card" aria-label={`Texts of ${host}`} data-testid="chain-text">
      <header className="flex flex-none items-center gap-x-2 border-line border-b px-3 py-[9px] max-md:flex-wrap">
        <div
          className="flex min-w-0 flex-1 gap-1 overflow-x-auto [scrollbar-width:none] max-md:order-last max-md:basis-full"
          role="tablist"
          aria-label="Text"
        >
          {shown.map(([name, title]) => {
            const wrong =
              drafts.some((d) => d.member === name) ||
              (reports.get(name)?.diagnostics.some((d) => d.severity === 'error') ?? false);
            return (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={name === member}
                data-testid={`text-${name}`}
                className={cx(
                  'mono flex h-7 flex-none items-center gap-[6px] rounded-[7px] px-[7px] text-[12.5px] pointer-coarse:h-11',
                  name === member
                    ? 'bg-raised font-semibold text-t1'
                    : memberText(spec, name) === ''
                      ? 'text-t3 hover:bg-raised'
                      : 'text-t2 hover:bg-raised',
                )}
                onClick={() => setMember(name)}
              >
                {title.replace(/[- ]save$/, '')}
                {wrong && <span className="size-[7px] rounded-full bg-bad" title="has errors" />}
              </button>
            );
          })}
        </div>
        <span className="flex-1 md:hidden" />
        {left > 0 && (
          <button
            type="button"
            data-testid="left-out"
            className="flex h-7 flex-none items-center gap-[6px] whitespace-nowrap rounded-full bg-bad-w px-[10px] font-semibold text-[12.5px] text-bad pointer-coarse:h-11"
            onClick={() => goTo(report?.leftOut[0] ?? 1)}
          >
            <Icon name="warn" size={15} />
            {left} {left === 1 ? 'line' : 'lines'} left out
          </button>
        )}
        {left === 0 && errors > 0 && (
          <button
            type="button"
            data-testid="errors"
            className="flex h-7 items-center gap-[6px] rounded-full px-[10px] font-semibold text-[12.5px] text-bad"
            onClick={() => goTo(diagnostics[0]?.line ?? 1)}
          >
            <Icon name="warn" size={15} />
            {errors} {errors === 1 ? 'line needs' : 'lines need'} a fix
          </button>
        )}
        {isRules(member) && rules.tables.length > 0 && (
          <ChainSelect
            label="Go to chain"
            testid="goto-chain"
            className="h-7 w-[112px] rounded-[7px] border border-line-2 bg-card px-2 text-[12.5px] pointer-coarse:h-11"
            tables={rules.tables}
            onChoose={(table, chain) => goTo(lineOfChain(rules, table, chain))}
          >
            <option value="" disabled>
              Go to chain
            </option>
          </ChainSelect>
        )}
      </header>
      <div ref={holder} className="min-h-0 flex-1 overflow-hidden" data-testid="editor-text" />
    </section>
  );
});

/** The text that is opened first: that of the chain or the panel on show. */
export function useFirstMember(host: string): EditorMember {
  const selection = useView((s) => s.selection);
  const tab = useView((s) => s.tab);
  const asked = useView((s) => s.editorAt);
  const [first] = useState<EditorMember>(() => {
    if (asked !== null) return asked.member;
    if (selection?.kind === 'chain') return selection.family === 'ip6' ? 'ip6tables' : 'iptables';
    if (tab === 'routes') return 'routes';
    return tab === 'sets' ? 'ipset' : firstRules(host);
  });
  return first;
}

/** Of the family of the packet that is there, as far as there are rules for it; else those that there are. */
function firstRules(host: string): 'iptables' | 'ip6tables' {
  const spec = stores.lab.getState().lab.hosts[host];
  const event = stores.run.getState().result?.events[stores.play.getState().cursor];
  const six = event?.host === host && 'family' in event && event.family === 'ip6';
  const has = (member: 'iptables' | 'ip6tables'): boolean => memberText(spec, member) !== '';
  return has('ip6tables') && (six || !has('iptables')) ? 'ip6tables' : 'iptables';
}
