import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type EditorMember, sectionOf } from '../setup';
import { type Picked, SetupForm } from '../setup/lazy';
import { fullestChain, stores, useLab, useRun } from '../store';
import { Button, cx, Empty, useMedia } from '../ui';
import { assist } from './assist';
import { ChainHeader } from './ChainHeader';
import { ChainList } from './ChainList';
import { EditorContext, FindingsContext, useAskFindings } from './context';
import { createEditor, type EditorStore, isRules, type Member } from './editor';
import { editorKeys } from './editorKeys';
import { Later } from './Later';
import type { Linked } from './labText';
import { followLine, followPicked, linkedLines, linkedText } from './linked';
import { type LabRun, Outcomes } from './Outcomes';
import { type Pane, PaneBar, SectionBar } from './SectionBar';
import { TextEditor, useFirstMember } from './TextEditor';
import { lastChain } from './textView';

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

/** The editor of a host that is there: what is edited of it, form beside text, and what the edits came to. */
function Editing({ host }: { readonly host: string }) {
  const first = useFirstMember(host);
  const [member, setMember] = useState<EditorMember>(first);
  const lines = useMemo(createPickedLine, []);
  const line = useStore(lines);
  const store = useEditorStore(host, isRules(first) ? first : 'iptables');
  const handle = useMemo(() => ({ store, host }), [store, host]);
  const before = useBefore();
  const scroller = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLElement>(null);
  const wide = useMedia('(min-width: 1024px)');
  const [pane, setPane] = useState<Pane>('form');
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
      extensionFor: (m, settle): Extension =>
        isRules(m) ? linkedText(store, settle, assist(store, host)) : linkedLines((n) => lines.setState(n, true)),
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
      if (e.target === document.body) editorKeys(e, store);
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
  useKeepInSight(scroller, showsForm);
  const picked = useMemo<Picked>(() => ({ line, set: (n) => lines.setState(n, true) }), [line, lines]);
  return (
    <EditorContext value={handle}>
      <section
        ref={root}
        tabIndex={-1}
        aria-label={`Rules of ${host}`}
        data-testid="rules-editor"
        className="flex h-full min-h-0 flex-col bg-canvas outline-none [@media(max-height:300px)]:overflow-y-auto"
        onKeyDown={(e) => editorKeys(e, store)}
      >
        <SectionBar host={host} member={member} onMember={chosen} />
        {!wide && !formless && <PaneBar pane={pane} onPane={setPane} member={member} onMember={chosen} />}
        <Later host={host} member={member} />
        <div
          className={cx(
            // Where there is room for nothing but the bars, all of it scrolls.
            'grid min-h-0 flex-1 [@media(max-height:300px)]:min-h-[180px] [@media(max-height:300px)]:flex-none',
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
              data-scrolls=""
            >
              {!rules ? (
                <SetupForm key={section.key} host={host} member={member} picked={picked} onMember={chosen} />
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

/** The field that is typed in stays in sight when the form becomes lower: what an edit changes takes more room below it. */
function useKeepInSight(scroller: React.RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    const form = shown ? scroller.current : null;
    if (form === null) return;
    const sizes = new ResizeObserver(() => {
      const field = document.activeElement;
      if (field?.matches('input, select, textarea') === true && form.contains(field))
        field.scrollIntoView({ block: 'nearest' });
    });
    sizes.observe(form);
    return () => sizes.disconnect();
  }, [scroller, shown]);
}

/** The line whose form is open, of the texts that have lines for forms. */
const createPickedLine = () => createStore<number | null>()(() => null);

const Chain = memo(function Chain({ scroller }: { readonly scroller: React.RefObject<HTMLElement | null> }) {
  return (
    <FindingsContext value={useAskFindings()}>
      <ChainHeader />
      <ChainList scroller={scroller} />
    </FindingsContext>
  );
});

/** The store of the editor, which begins at the chain that was selected last, else where the most rules are. */
function useEditorStore(host: string, member: Member): EditorStore {
  const [store] = useState(() => {
    const { selection } = stores.view.getState();
    const chosen = selection?.kind === 'chain' && selection.host === host ? selection : lastChain(host);
    const view = stores.run.getState().result?.hosts.find((h) => h.name === host);
    const fullest = fullestChain(view, member === 'ip6tables' ? 'ip6' : 'ip');
    const place = chosen ?? (fullest !== null && fullest.rules > 0 ? fullest : { table: 'filter', chain: 'INPUT' });
    return createEditor(
      {
        getText: (m) => stores.lab.getState().lab.hosts[host]?.[m] ?? '',
        editHost: (change, group) =>
          stores.lab.getState().editHost(host, change, group === '' ? '' : `${host}/${group}`),
        subscribe: (changed) => stores.shown.store.subscribe(changed),
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
  const six = useStore(store, (s) => s.member === 'ip6tables');
  return (
    <Empty text={`No rules. Every packet of IPv${six ? 6 : 4} passes.`}>
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
