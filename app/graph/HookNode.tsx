import type { Node, NodeProps } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import { stores, useView } from '../store';
import type { CardBox, HookBox } from './boxes';
import { CardFace } from './CardFace';
import { SendButton } from './SendButton';
import { useScene } from './scene';
import type { CardState, PlaceState } from './walk';

/** A hook, with the functions that are registered at it as cards. */
export function HookNode({ data: { box } }: NodeProps<Node<{ readonly box: HookBox }>>) {
  const { walk, host, layout } = useScene();
  const selected = useView(
    (s) => s.selection?.kind === 'hook' && s.selection.hook === box.hook && s.selection.host === host.name,
  );
  const state =
    walk.currentHook === box.hook
      ? 'current'
      : walk.entered.has(box.hook)
        ? 'passed'
        : walk.way.length > 0
          ? 'not-reached'
          : 'idle';
  const select = (): void =>
    stores.view.getState().select({ kind: 'hook', host: host.name, family: layout.family, hook: box.hook }, 'chain');
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one stop of Tab for each hook, arrows go through its tables
      tabIndex={0}
      className="hook"
      aria-label={`Hook ${box.hook}, ${state === 'current' ? 'the packet is here' : state}`}
      data-testid={`hook-${box.hook}`}
      data-state={state}
      {...(selected ? { 'data-selected': '' } : {})}
      onKeyDown={moveAmongCards}
    >
      <h3 className="hook-name" style={{ height: box.header }}>
        <button type="button" tabIndex={-1} onClick={select}>
          {box.hook}
        </button>
      </h3>
      <SendButton
        host={host.name}
        place={{ at: 'hook', hook: box.hook }}
        label={`Send a packet to ${box.hook}`}
        className="absolute top-[3px] right-[5px]"
      />
      {box.cards.map((card) => (
        <Card key={card.stop} card={card} box={box} small={box.small} />
      ))}
    </section>
  );
}

/** Arrows move among the cards of a hook; the hook itself is one stop of Tab. */
function moveAmongCards(e: KeyboardEvent<HTMLElement>): void {
  if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
  const cards = [...e.currentTarget.querySelectorAll<HTMLElement>('[data-card]')];
  const at = cards.indexOf(document.activeElement as HTMLElement);
  const next = cards[at < 0 ? (e.key === 'ArrowDown' ? 0 : cards.length - 1) : at + (e.key === 'ArrowDown' ? 1 : -1)];
  e.preventDefault();
  e.stopPropagation();
  if (next === undefined) e.currentTarget.focus();
  else next.focus();
}

const IDLE: CardState = { state: 'idle', text: '', mark: null };

/** What is registered at a hook, with what the packet made of it. */
function Card({ card, box, small }: { readonly card: CardBox; readonly box: HookBox; readonly small: boolean }) {
  const { walk, host, layout } = useScene();
  const selected = useView((s) => {
    const { selection } = s;
    if (selection?.host !== host.name) return false;
    if (selection.kind === 'function') return selection.hook === card.hook && selection.fn === card.fn.name;
    return selection.kind === 'chain' && selection.table === card.fn.table && selection.chain === card.hook;
  });
  const known = walk.cards.get(card.stop) ?? IDLE;
  const state: PlaceState = known.state === 'idle' && walk.way.length > 0 ? 'not-reached' : known.state;
  const { fn } = card;
  const kind = fn.table ?? fn.name.replaceAll(/\s+/g, '-');
  return (
    <CardFace
      of={`${host.name} ${layout.family}`}
      name={fn.table ?? fn.name}
      testid={`chain-${kind}-${card.hook}`}
      hue={card.hue}
      round={card.round}
      small={small}
      selected={selected}
      state={state}
      text={known.text}
      mark={state === 'not-reached' || state === 'idle' ? null : known.mark}
      isTable={fn.table !== null}
      rules={fn.rules}
      policy={fn.policy}
      subsystem={fn.subsystem}
      priority={fn.priority}
      reroute={card.reroute}
      x={card.x - box.x}
      y={card.y - box.y}
      w={card.w}
      h={card.h}
      row={small ? 28 : 44}
      mainY={card.station - (small ? 14 : 22) - card.y}
      chains={card.chains.map((c) => {
        const s = walk.cards.get(c.stop) ?? IDLE;
        return { chain: c.chain, y: c.y - card.y, h: c.h, state: s.state, text: s.text, mark: s.mark };
      })}
      onSelect={(chain) =>
        stores.view
          .getState()
          .select(
            fn.table === null
              ? { kind: 'function', host: host.name, family: layout.family, hook: card.hook, fn: fn.name }
              : { kind: 'chain', host: host.name, family: layout.family, table: fn.table, chain: chain ?? card.hook },
            fn.table === null && (fn.subsystem === 'conntrack' || fn.subsystem === 'confirm') ? 'conntrack' : 'chain',
          )
      }
    />
  );
}
