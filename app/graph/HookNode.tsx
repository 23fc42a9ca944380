import type { Node, NodeProps } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import { stores, useView } from '../store';
import type { HookBox, Stop } from './boxes';
import { Card, IDLE } from './Card';
import type { CardState } from './cardStates';
import { onBox } from './flow';
import { SendButton } from './SendButton';
import { useScene } from './scene';
import type { Walk } from './walk';

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
      onClick={onBox(select)}
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
        className="-top-[10px] -right-[9px] absolute"
      />
      {box.cards.map((card) => (
        <Card
          key={card.stop}
          host={host.name}
          family={layout.family}
          card={card}
          box={box}
          known={known(walk, card.stop)}
          chains={card.chains.map((c) => walk.cards.get(c.stop) ?? IDLE)}
        />
      ))}
    </section>
  );
}

/** What the packet made of a card, or that it has not come to it. */
function known({ cards, way }: Walk, stop: Stop): CardState {
  const found = cards.get(stop) ?? IDLE;
  const state = found.state === 'idle' && way.length > 0 ? 'not-reached' : found.state;
  return { ...found, state, mark: state === 'not-reached' || state === 'idle' ? null : found.mark };
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
