import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type HostText, stores, useLab, useRun } from '../store';
import { Button, cx, Empty, useMedia } from '../ui';
import { assist } from './assist';
import { ChainHeader } from './ChainHeader';
import { ChainList } from './ChainList';
import { EditorContext, FindingsContext, useAskFindings } from './context';
import { createEditor, type EditorStore, type Member } from './editor';
import { followPicked, linkedText } from './linked';
import { type LabRun, Outcomes } from './Outcomes';
import { type Linked, lastChain, TextEditor, useFirstMember } from './TextEditor';

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
  const [member, setMember] = useState<HostText>(first);
  const store = useEditorStore(host, isRules(first) ? first : 'iptables');
  const handle = useMemo(() => ({ store, host }), [store, host]);
  const before = useBefore();
  const scroller = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLElement>(null);
  const wide = useMedia('(min-width: 1024px)');
  const [pane, setPane] = useState<'rules' | 'text'>('rules');
  const empty = useStore(store, (s) => s.rules.tables.length === 0);
  const chosen = useMemo(
    () => (next: HostText) => {
      setMember(next);
      if (isRules(next)) store.getState().setMember(next);
    },
    [store],
  );
  const linked = useMemo<Linked>(
    () => ({
      member,
      setMember: chosen,
      extensionFor: (m): Extension => (isRules(m) ? linkedText(store, assist(store, host)) : []),
      onView: (view: EditorView, m) => (isRules(m) ? followPicked(view, store) : () => {}),
    }),
    [member, chosen, store, host],
  );
  // The form has the focus when the editor opens: its keys work at once.
  useEffect(() => {
    const { editorAt } = stores.view.getState();
    const text = editorAt !== null || !isRules(first);
    if (text) root.current?.querySelector<HTMLElement>('.cm-content')?.focus({ preventScroll: true });
    else root.current?.focus({ preventScroll: true });
    if (editorAt?.host === host && isRules(editorAt.member)) store.getState().atLine(editorAt.line);
    // What had the focus may have gone (a rule that was deleted): the keys are still those of the editor.
    const orphan = (e: KeyboardEvent): void => {
      if (e.target === document.body) keys(e, store);
    };
    window.addEventListener('keydown', orphan, { capture: true });
    return () => window.removeEventListener('keydown', orphan, { capture: true });
  }, [store, host, first]);
  const rules = isRules(member);
  const showsForm = rules && (wide || pane === 'rules');
  const showsText = wide || pane === 'text' || !rules;
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
        {!wide && rules && (
          <div className="flex flex-none justify-between border-line border-b bg-panel px-3 py-2">
            <div className="flex gap-1" role="tablist" aria-label="View">
              {(['rules', 'text'] as const).map((name) => (
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
                  {name === 'rules' ? 'Rules' : 'Text'}
                </button>
              ))}
            </div>
            <Button size="sm" onClick={() => stores.view.getState().setOverlay(null)}>
              Done
            </Button>
          </div>
        )}
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
              className="min-h-0 overflow-y-auto px-[22px] pt-4 pb-6 max-[900px]:px-3"
              data-testid="chain-form"
            >
              {empty ? <NoTables store={store} /> : <Chain scroller={scroller} />}
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

function Chain({ scroller }: { readonly scroller: React.RefObject<HTMLElement | null> }) {
  return (
    <FindingsContext value={useAskFindings()}>
      <ChainHeader />
      <ChainList scroller={scroller} />
    </FindingsContext>
  );
}

const isRules = (member: HostText): member is Member => member === 'iptables' || member === 'ip6tables';

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
  const result = useRun((s) => (s.lab === stores.lab.getState().lab ? s.result : null));
  useEffect(() => {
    if (kept.id === id && kept.run !== null) return;
    const { lab } = stores.lab.getState();
    setKept({ id, run: result && { lab, result } });
  }, [kept, id, result]);
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
  if (/^( |Arrow.*|Home|End|[gncp[\]1-5])$/i.test(e.key)) e.stopPropagation();
}
