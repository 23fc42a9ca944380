import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type EditorMember, SECTIONS, sectionOf } from '../setup';
import { type Picked, SetupForm } from '../setup/lazy';
import { stores, useLab, useRun } from '../store';
import { Button, cx, Empty, Icon, IconButton, useMedia } from '../ui';
import { assist } from './assist';
import { ChainHeader } from './ChainHeader';
import { ChainList } from './ChainList';
import { EditorContext, FindingsContext, useAskFindings } from './context';
import { createEditor, type EditorStore, type Member } from './editor';
import { Later } from './Later';
import { followLine, followPicked, linkedLines, linkedText } from './linked';
import { type LabRun, Outcomes } from './Outcomes';
import { type Linked, lastChain, memberTitle, TextEditor, useFirstMember } from './TextEditor';

/** A host's rules: as a form, as text, and what an edit changes. Form and text are one document with one selection. */
export function RuleEditor({ host }: { readonly host: string }) {
  const there = useLab((s) => s.lab.hosts[host] !== undefined);
  if (!there) {
    return (
      <Empty text={`There is no host ${host}.`}>
        <Button onClick={() => stores.view.getState().setOverlay(null)}>Close</Button>
      </Empty>
    );
  }
  return <Editing key={host} host={host} />;
}

function Editing({ host }: { readonly host: string }) {
  const first = useFirstMember();
  const [member, setMember] = useState<EditorMember>(first);
  const lines = useMemo(createPickedLine, []);
  const line = useStore(lines);
  const store = useEditorStore(host, isRules(first) ? first : 'iptables');
  const handle = useMemo(() => ({ store, host }), [store, host]);
  const before = useBefore();
  const scroller = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLElement>(null);
  const wide = useMedia('(min-width: 1024px)');
  const [pane, setPane] = useState<'form' | 'text'>('form');
  const empty = useStore(store, (s) => s.rules.tables.length === 0);
  const chosen = useMemo(
    () => (next: EditorMember) => {
      setMember(next);
      lines.setState(null, true);
      if (isRules(next)) store.getState().setMember(next);
    },
    [store, lines],
  );
  const linked = useMemo<Linked>(
    () => ({
      member,
      setMember: chosen,
      extensionFor: (m): Extension =>
        isRules(m) ? linkedText(store, assist(store, host)) : linkedLines((n) => lines.setState(n, true)),
      onView: (view: EditorView, m) => (isRules(m) ? followPicked(view, store) : followLine(view, lines)),
    }),
    [member, chosen, store, host, lines],
  );
  // The editor is open already, and asked to show something else.
  useEffect(
    () =>
      stores.view.subscribe((now, before) => {
        const { editorAt } = now;
        if (editorAt === null || editorAt === before.editorAt || editorAt.host !== host) return;
        chosen(editorAt.member);
        if (isRules(editorAt.member)) store.getState().atLine(editorAt.line);
        else lines.setState(editorAt.line > 0 ? editorAt.line : null, true);
      }),
    [store, host, chosen, lines],
  );
  // The form has the focus when the editor opens: its keys work at once.
  useEffect(() => {
    const { editorAt } = stores.view.getState();
    if (editorAt !== null && editorAt.line > 0)
      root.current?.querySelector<HTMLElement>('.cm-content')?.focus({ preventScroll: true });
    else root.current?.focus({ preventScroll: true });
    if (editorAt?.host === host) {
      if (isRules(editorAt.member)) store.getState().atLine(editorAt.line);
      else if (editorAt.line > 0) lines.setState(editorAt.line, true);
    }
    // What had the focus may have gone (a rule that was deleted): the keys are still those of the editor.
    const orphan = (e: KeyboardEvent): void => {
      if (e.target === document.body) keys(e, store);
    };
    window.addEventListener('keydown', orphan, { capture: true });
    return () => window.removeEventListener('keydown', orphan, { capture: true });
  }, [store, host, lines]);
  const rules = isRules(member);
  const section = sectionOf(member);
  // nftables and IPVS are texts alone: they are kept, and not modelled.
  const formless = member === 'nftables' || member === 'ipvs';
  const showsForm = !formless && (wide || pane === 'form');
  const showsText = wide || pane === 'text' || formless;
  const picked = useMemo<Picked>(() => ({ line, set: (n) => lines.setState(n, true) }), [line, lines]);
  return (
    <EditorContext value={handle}>
      <section
        ref={root}
        tabIndex={-1}
        aria-label={`Rules of ${host}`}
        data-testid="rules-editor"
        className="flex h-full min-h-0 flex-col bg-canvas outline-none"
        onKeyDown={(e) => keys(e, store)}
      >
        <SectionBar host={host} member={member} onMember={chosen} />
        {!wide && !formless && (
          <div className="flex flex-none items-center gap-2 overflow-x-auto border-line border-b bg-panel px-3 py-2 [scrollbar-width:none]">
            <div className="flex gap-1" role="tablist" aria-label="View">
              {(['form', 'text'] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  role="tab"
                  aria-selected={pane === name}
                  data-testid={`pane-${name}`}
                  className={cx(
                    'h-8 rounded-[7px] px-3 text-[13.5px] pointer-coarse:h-11',
                    pane === name ? 'bg-raised font-semibold' : 'text-t2',
                  )}
                  onClick={() => setPane(name)}
                >
                  {name === 'form' ? 'Form' : 'Text'}
                </button>
              ))}
            </div>
            {pane === 'form' && section.members.length > 1 && (
              <select
                aria-label="Which text"
                data-testid="pick-member"
                value={member}
                className="ml-auto h-8 rounded-[7px] border border-line-2 bg-card px-2 text-[13px] pointer-coarse:h-11"
                onChange={(e) => chosen(e.target.value as EditorMember)}
              >
                {section.members.map((name) => (
                  <option key={name} value={name}>
                    {memberTitle(name)}
                  </option>
                ))}
              </select>
            )}
          </div>
        )}
        <Later host={host} member={member} />
        <div
          className={cx(
            'grid min-h-0 flex-1',
            showsForm && showsText
              ? 'grid-cols-[minmax(0,1fr)_minmax(400px,560px)] max-[1279px]:grid-cols-[minmax(0,1fr)_400px]'
              : 'grid-cols-[minmax(0,1fr)]',
          )}
        >
          {showsForm && (
            <div
              ref={scroller}
              className="relative min-h-0 overflow-y-auto px-[22px] pt-4 pb-6 max-[900px]:px-3"
              data-testid={rules ? 'chain-form' : 'setup-form'}
            >
              {!rules ? (
                <SetupForm key={section.key} host={host} member={member} picked={picked} scroller={scroller} />
              ) : empty ? (
                <NoTables store={store} />
              ) : (
                <Chain scroller={scroller} />
              )}
            </div>
          )}
          <div className={cx('min-h-0 border-line', showsForm && 'border-l', !showsText && 'hidden')}>
            <TextEditor host={host} linked={linked} />
          </div>
        </div>
        <Outcomes host={host} before={before} />
      </section>
    </EditorContext>
  );
}

/** The line whose form is open, of the texts that have lines for forms. */
const createPickedLine = () => createStore<number | null>()(() => null);

/** What there is to edit of a host, and the way out. */
function SectionBar({
  host,
  member,
  onMember,
}: {
  readonly host: string;
  readonly member: EditorMember;
  readonly onMember: (member: EditorMember) => void;
}) {
  const texts = useRun((s) => s.result?.texts);
  const section = sectionOf(member);
  const wrong = (members: readonly string[]): boolean =>
    (texts ?? []).some(
      (t) =>
        t.host === host &&
        members.includes(t.member === 'addresses' ? 'interfaces' : t.member) &&
        t.diagnostics.some((d) => d.severity === 'error'),
    );
  return (
    <div className="flex h-[46px] flex-none items-center gap-2 border-line border-b bg-panel pr-2 pl-[22px] max-[900px]:pl-3 pointer-coarse:h-[54px]">
      <Icon name="host" size={17} className="text-t3 max-md:hidden" />
      <h2 className="max-w-[200px] truncate pr-2 text-[15.5px] max-md:sr-only" title={host}>
        {host}
      </h2>
      <div
        className="flex min-w-0 flex-1 gap-1 overflow-x-auto p-1 [scrollbar-width:none]"
        role="tablist"
        aria-label={`What is edited of ${host}`}
        onKeyDown={(e) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
          if (by === undefined) return;
          e.preventDefault();
          e.stopPropagation();
          const at = SECTIONS.indexOf(section);
          const next = SECTIONS[(at + by + SECTIONS.length) % SECTIONS.length];
          if (next?.members[0] === undefined) return;
          onMember(next.members[0]);
          const bar = e.currentTarget;
          requestAnimationFrame(() => bar.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
        }}
      >
        {SECTIONS.map((s) => (
          <button
            key={s.key}
            type="button"
            role="tab"
            aria-selected={s === section}
            tabIndex={s === section ? 0 : -1}
            data-testid={`section-${s.key}`}
            className={cx(
              'flex h-[30px] flex-none items-center gap-[6px] rounded-[7px] px-[10px] text-[13.5px] pointer-coarse:h-11',
              s === section ? 'bg-raised font-semibold text-t1' : 'text-t2 hover:bg-raised hover:text-t1',
            )}
            onClick={() => {
              if (s !== section && s.members[0] !== undefined) onMember(s.members[0]);
            }}
          >
            {s.title}
            {wrong(s.members) && (
              <span className="size-[7px] rounded-full bg-bad" role="img" aria-label="something is wrong here" />
            )}
          </button>
        ))}
      </div>
      <IconButton
        icon="close"
        label="Close"
        keys="Esc"
        data-testid="editor-close"
        onClick={() => stores.view.getState().setOverlay(null)}
      />
    </div>
  );
}

const Chain = memo(function Chain({ scroller }: { readonly scroller: React.RefObject<HTMLElement | null> }) {
  return (
    <FindingsContext value={useAskFindings()}>
      <ChainHeader />
      <ChainList scroller={scroller} />
    </FindingsContext>
  );
});

const isRules = (member: EditorMember): member is Member => member === 'iptables' || member === 'ip6tables';

function useEditorStore(host: string, member: Member): EditorStore {
  const [store] = useState(() => {
    const { selection } = stores.view.getState();
    const chosen = selection?.kind === 'chain' && selection.host === host ? selection : lastChain(host);
    const place = chosen ?? { table: 'filter', chain: 'INPUT' };
    return createEditor(
      {
        getText: (m) => stores.lab.getState().lab.hosts[host]?.[m] ?? '',
        editHost: (change, group) =>
          stores.lab.getState().editHost(host, change, group === '' ? '' : `${host}/${group}`),
        subscribe: (changed) => stores.lab.subscribe(changed),
      },
      stores.engine,
      { member, table: place.table, chain: place.chain },
    );
  });
  useEffect(() => () => store.getState().stop(), [store]);
  return store;
}

/** The run as it was when the editor was opened, or when another lab was. */
function useBefore(): LabRun | null {
  const id = useLab((s) => s.id);
  const [kept, setKept] = useState<{ readonly id: string; readonly run: LabRun | null }>(() => {
    const { lab, result } = stores.run.getState();
    return { id, run: lab && result && { lab, result } };
  });
  const is = kept.id === id && kept.run !== null;
  // Not asked about once it is known: the editor as a whole does not change with every run.
  const result = useRun((s) => (!is && s.lab === stores.lab.getState().lab ? s.result : null));
  useEffect(() => {
    if (is) return;
    const { lab } = stores.lab.getState();
    setKept({ id, run: result && { lab, result } });
  }, [is, id, result]);
  return kept.run;
}

function NoTables({ store }: { readonly store: EditorStore }) {
  return (
    <Empty text="No rules. Every packet passes.">
      <div className="flex flex-wrap gap-2">
        {['filter', 'nat', 'mangle', 'raw'].map((table) => (
          <Button
            key={table}
            icon="plus"
            tone={table === 'filter' ? 'primary' : 'plain'}
            data-testid={`table-add-${table}`}
            onClick={() => store.getState().newTable(table)}
          >
            Table {table}
          </Button>
        ))}
      </div>
    </Empty>
  );
}

/** Keys of the form; those of the text and of its fields belong to them. */
function keys(e: React.KeyboardEvent | KeyboardEvent, store: EditorStore): void {
  if (e.defaultPrevented) return;
  const target = e.target as HTMLElement;
  if (target.closest('.cm-editor, [role="menu"]') !== null) return;
  const state = store.getState();
  const done = (): void => {
    e.preventDefault();
    e.stopPropagation();
  };
  const picked = [...state.picked];
  const focused = Number(target.closest('[data-rule]')?.getAttribute('data-rule') ?? Number.NaN);
  const ids =
    picked.length > 0 && (Number.isNaN(focused) || picked.includes(focused))
      ? picked
      : Number.isNaN(focused)
        ? []
        : [focused];
  if ((e.metaKey || e.ctrlKey) && (e.key.toLowerCase() === 'z' || e.key.toLowerCase() === 'y')) {
    done();
    const { undo, redo } = stores.lab.getState();
    if (e.shiftKey || e.key.toLowerCase() === 'y') redo();
    else undo();
    return;
  }
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown') && ids.length > 0) {
    done();
    state.shift(ids, e.key === 'ArrowUp' ? -1 : 1);
    const [id] = ids;
    if (!Number.isNaN(focused)) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${focused}"]`)?.focus());
    } else if (id !== undefined && state.open === null) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${id}"]`)?.focus());
    }
    return;
  }
  if (e.key === 'Escape') {
    if (state.open !== null) {
      done();
      const id = state.open;
      state.openRule(null);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${id}"]`)?.focus());
    } else if (state.picked.size > 1) {
      done();
      state.unpick();
    } else if (target.closest('input, select, textarea') !== null) {
      done();
      stores.view.getState().setOverlay(null);
    }
    return;
  }
  if (target.closest('input, select, textarea') !== null || e.metaKey || e.ctrlKey || e.altKey) return;
  if (e.key === 'Delete' || (e.key === 'Backspace' && !Number.isNaN(focused))) {
    if (ids.length === 0 || state.open !== null) return;
    done();
    state.remove(ids);
    const [next] = store.getState().picked;
    if (next !== undefined) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${next}"]`)?.focus());
    }
    return;
  }
  if (e.key.toLowerCase() === 'm') {
    done();
    const [id] = ids;
    if (state.open === null && id !== undefined) state.openRule(id);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-testid="find-match"]')?.focus());
    return;
  }
  if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && target === e.currentTarget) {
    done();
    document.querySelector<HTMLElement>('[data-testid="editor-rules"] [data-rule]')?.focus();
    return;
  }
  // Nothing plays behind the editor: keys of the transport, the graph and the panels rest.
  if (/^( |Arrow.*|Home|End|[gnp[\]1-5])$/i.test(e.key)) e.stopPropagation();
}
