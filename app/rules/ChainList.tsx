import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Finding, RuleForm } from '../../src/engine';
import { useShownRun } from '../store';
import { Button } from '../ui';
import { useActions, useEdit, useFindings, useHandle } from './context';
import { familyOf } from './editor';
import { focusRule } from './editorKeys';
import { useCounters, useMeaning } from './meaning';
import { chainIn, type RuleLine } from './model';
import { RuleRow } from './RuleRow';

const NO_LINES: readonly number[] = [];
const NO_NOTES: readonly Finding[] = [];
const NO_RULES: readonly RuleLine[] = [];
/** Rows that are put into the page beside those in view. */
const OVERSCAN = 8;

/** The rules of the chain on show, and what is dropped among them. Renders once: rows watch what they need. */
export const ChainList = memo(function ChainList({ scroller }: { readonly scroller: RefObject<HTMLElement | null> }) {
  const { store } = useHandle();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const drop = useCallback(
    ({ active, over }: DragEndEvent): void => {
      if (over === null || active.id === over.id) return;
      const { rules, ids, table, chain, picked, move } = store.getState();
      const here = idsIn(chainIn(rules, table, chain)?.rules ?? NO_RULES, ids);
      const id = Number(active.id);
      const from = here.indexOf(id);
      const to = here.indexOf(Number(over.id));
      move(picked.has(id) ? [...picked] : [id], chain, here[from < to ? to + 1 : to] ?? null);
    },
    [store],
  );
  const rows = useMemo(() => <Rows scroller={scroller} />, [scroller]);
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
      {rows}
      <Button
        icon="plus"
        className="mt-2 w-full border-dashed"
        data-testid="add-rule"
        onClick={() => store.getState().insert('')}
      >
        Add rule
      </Button>
    </DndContext>
  );
});

const idsIn = (list: readonly RuleLine[], ids: readonly number[]): number[] =>
  list.map((rule) => ids[rule.line - 1] as number);

/** Only rows in view are in the page. */
function Rows({ scroller }: { readonly scroller: RefObject<HTMLElement | null> }) {
  const { store, host } = useHandle();
  const { want } = useActions();
  const rules = useEdit((s) => s.rules);
  const table = useEdit((s) => s.table);
  const name = useEdit((s) => s.chain);
  const ids = useEdit((s) => s.ids);
  const open = useEdit((s) => s.open);
  const picked = useEdit((s) => s.picked);
  const forms = useEdit((s) => s.forms);
  const chosenIn = useEdit((s) => s.chosenIn);
  const member = useEdit((s) => s.member);
  const report = useShownRun((s) => s.result?.texts.find((t) => t.host === host && t.member === member));
  const leftOut = report?.leftOut ?? NO_LINES;
  const counters = useCounters();
  const notes = useFindings();
  const meaning = useMeaning();
  const chain = chainIn(rules, table, name);
  const list = chain?.rules ?? NO_RULES;
  // The same array as long as it says the same: rows would draw themselves anew with every other one.
  const sameIds = useRef<number[]>([]);
  const listIds = useMemo(() => {
    const now = idsIn(list, ids);
    const { current: before } = sameIds;
    if (now.length !== before.length || now.some((id, i) => id !== before[i])) sameIds.current = now;
    return sameIds.current;
  }, [list, ids]);
  const out = useMemo(() => new Set(leftOut), [leftOut]);
  const numbers = useMemo(() => {
    let n = 0;
    return list.map((r) => (r.off || out.has(r.line) ? 0 : ++n));
  }, [list, out]);
  const listBox = useRef<HTMLOListElement>(null);
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (listIds[i] === open ? 460 : 52),
    gap: 8,
    overscan: OVERSCAN,
    getItemKey: (i) => listIds[i] ?? i,
    // The head of the chain scrolls along with its rules.
    scrollMargin: listBox.current?.offsetTop ?? 0,
  });
  const lastForms = useRef(new Map<number, RuleForm>());
  /** Until the engine has read a line that was just typed, its rule has the form that it had. */
  const formOf = (id: number, text: string): RuleForm | null => {
    const found = forms.get(text);
    if (found !== undefined) lastForms.current.set(id, found);
    return found ?? lastForms.current.get(id) ?? null;
  };
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    want(list.slice(first, last + 1).map((r) => r.text));
  }, [want, list, first, last]);
  // A choice in the text brings its rule into view.
  const [one] = picked;
  useEffect(() => {
    if (chosenIn === 'form' || one === undefined) return;
    const at = listIds.indexOf(one);
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [one, chosenIn, listIds, virtual]);
  const onFocusMove = useCallback(
    (from: number, by: -1 | 1, extend: boolean): void => {
      const at = listIds.indexOf(from);
      const next = listIds[at + by];
      if (next === undefined) return;
      const { isPicked, pick } = store.getState();
      if (extend && !isPicked(from)) pick(from, 'only');
      if (extend) pick(next, 'range');
      else pick(next, 'only');
      virtual.scrollToIndex(at + by, { align: 'auto' });
      focusRule(next);
    },
    [listIds, store, virtual],
  );
  const prefix = familyOf(member) === 'ip6' ? 'ip6 ' : '';
  return (
    <>
      <SortableContext items={listIds} strategy={verticalListSortingStrategy}>
        <ol
          ref={listBox}
          className="relative m-0 list-none p-0"
          style={{ height: virtual.getTotalSize() }}
          aria-label={`Rules of ${name}`}
          data-testid="editor-rules"
        >
          {items.map((item) => {
            const rule = list[item.index];
            const id = listIds[item.index];
            if (rule === undefined || id === undefined) return null;
            const number = numbers[item.index] ?? 0;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-setsize={list.length}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 scroll-my-4"
                style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
              >
                <RuleRow
                  id={id}
                  rule={rule}
                  form={formOf(id, rule.text)}
                  number={number}
                  leftOut={!rule.off && out.has(rule.line)}
                  open={open === id}
                  picked={picked.has(id)}
                  counters={counters[`${prefix}${table} ${name} ${number}`]}
                  meaning={meaning}
                  notes={notes.get(rule.line) ?? NO_NOTES}
                  onFocusMove={onFocusMove}
                />
              </li>
            );
          })}
        </ol>
      </SortableContext>
      {list.length === 0 && (
        <p className="py-1 text-t2">
          {chain?.policy == null
            ? 'No rules. A packet goes back to the chain that it came from.'
            : `No rules. The policy ${chain.policy} decides.`}
        </p>
      )}
    </>
  );
}
