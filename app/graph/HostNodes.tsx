import type { Node, NodeProps, NodeTypes } from '@xyflow/react';
import { type KeyboardEvent, memo } from 'react';
import { stores, useView } from '../store';
import { cx, Glyph, Icon } from '../ui';
import { type CardBox, type DeviceBox, type HookBox, TITLE_LINES, titleLines } from './boxes';
import { SendButton } from './SendButton';
import { useScene } from './scene';
import { TapMark, useTap } from './taps';
import type { CardState, PlaceState } from './walk';

export type HostNode =
  | Node<{ readonly box: HookBox }, 'hook'>
  | Node<{ readonly box: DeviceBox }, 'device'>
  | Node<Record<string, never>, 'local'>
  | Node<Record<string, never>, 'title'>
  | Node<{ readonly which: 'input' | 'output' }, 'routing'>;

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

function HookNode({ data: { box } }: NodeProps<Extract<HostNode, { type?: 'hook' }>>) {
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

const IDLE: CardState = { state: 'idle', text: '', mark: null };

const MARK_LABELS: Readonly<Record<NonNullable<CardState['mark']>, string>> = {
  pass: 'passed',
  hit: 'a rule matched',
  nat: 'rewritten',
  bad: 'dropped',
  rej: 'rejected',
  jump: 'jumped',
  ret: 'returned',
  new: 'flow not confirmed yet',
  conf: 'flow confirmed',
};

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

interface FaceProps {
  /** Host and family: what is selected by a click. */
  readonly of: string;
  readonly name: string;
  readonly testid: string;
  readonly hue: string;
  readonly round: boolean;
  readonly small: boolean;
  readonly selected: boolean;
  readonly state: PlaceState;
  readonly text: string;
  readonly mark: CardState['mark'];
  readonly isTable: boolean;
  readonly rules: number;
  readonly policy: string;
  readonly subsystem: string;
  readonly priority: number;
  readonly reroute: boolean;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly row: number;
  readonly mainY: number;
  readonly chains: readonly (CardState & { readonly chain: string; readonly y: number; readonly h: number })[];
  readonly onSelect: (chain?: string) => void;
}

const WHY_SKIPPED: Readonly<Record<string, string>> = {
  'skipped: known': 'nat chains are asked only for the first packet of a flow; this flow is known already',
  'skipped: untracked': 'nat needs conntrack, and this packet is not tracked',
  'conntrack is off': 'no rule needs conntrack, so nothing is translated and the chain is not asked',
  'skipped: invalid': 'a packet that conntrack calls INVALID is not translated',
};

const QUIET: Readonly<Record<string, string>> = {
  conntrack: 'tracks flows',
  confirm: 'confirms flows',
  defrag: 'puts pieces together',
};

/** A beat changes one card or two: the others stay as they are. */
const CardFace = memo(function CardFace(p: FaceProps) {
  const policy = p.policy === 'DROP' ? <span className="tcard-drop">DROP</span> : p.policy;
  const rules = p.rules === 0 ? 'no rules' : `${p.rules} rule${p.rules === 1 ? '' : 's'}`;
  const priority = `priority ${String(p.priority).replace('-', '−')}`;
  const quiet = p.small ? (
    p.isTable ? (
      <>
        {p.rules}
        {p.policy === 'DROP' && <> · {policy}</>}
      </>
    ) : null
  ) : p.isTable ? (
    <>
      {rules}
      {p.policy !== '' && (p.rules > 0 || p.policy === 'DROP') && <> · {policy}</>}
    </>
  ) : (
    (QUIET[p.subsystem] ?? priority)
  );
  const quietTitle = p.subsystem === 'user' && p.small ? `${p.name}, ${priority}` : undefined;
  // One line has room for the name and the mark; words only where they fit.
  const short = shorten(p.text);
  const room = p.w - 22 - p.name.length * 8.4 - (p.mark === null ? 0 : 24) - (p.reroute ? 21 : 0);
  const text = p.text === '' ? quiet : !p.small ? p.text : short.length * 7 > room ? null : short;
  return (
    <div
      className={cx('tcard', `hue-${p.hue}`)}
      style={{ left: p.x, top: p.y, width: p.w, height: p.h }}
      data-state={p.state}
      data-testid={p.testid}
      title={p.state === 'skipped' ? (WHY_SKIPPED[p.text] ?? p.text) : p.text === '' ? quietTitle : p.text}
      {...(p.round ? { 'data-round': '' } : {})}
      {...(p.small ? { 'data-small': '' } : {})}
      {...(p.selected ? { 'data-selected': '' } : {})}
    >
      <button
        type="button"
        tabIndex={-1}
        data-card=""
        className="tcard-main"
        style={{ top: p.mainY, height: p.row - 2 }}
        onClick={() => p.onSelect()}
        onDoubleClick={() => stores.view.getState().setOverlay('editor')}
        onKeyDown={(e) => {
          if (e.key === 'Enter') {
            p.onSelect();
            stores.view.getState().setTab(p.isTable ? 'chain' : 'conntrack');
          }
        }}
      >
        <b>
          <span className="min-w-0 truncate">{p.name}</span>
          {!p.small && <Mark mark={p.mark} />}
        </b>
        {text !== null && text !== '' && <i>{text}</i>}
        {p.reroute && p.small && (
          <span
            className="text-routing opacity-85"
            title="If the packet's mark or destination changes here, it is routed again."
          >
            <Icon name="loop" size={14} />
          </span>
        )}
        {p.small && <Mark mark={p.mark} />}
      </button>
      {p.chains.map((c) => (
        <button
          type="button"
          tabIndex={-1}
          data-card=""
          key={c.chain}
          className="tchain"
          style={{ top: c.y, height: c.h }}
          data-state={c.state}
          data-testid={`${p.testid}-${c.chain}`}
          title={`${c.chain}${c.text === '' ? '' : `: ${c.text}`}`}
          onClick={() => p.onSelect(c.chain)}
        >
          <span>{c.chain}</span>
          {c.state === 'matched' || c.state === 'current' || c.state === 'dropped' ? (
            <>
              <span className="flex-1" />
              <Mark mark={c.mark} small />
            </>
          ) : null}
        </button>
      ))}
    </div>
  );
}, sameFace);

function sameFace(a: FaceProps, b: FaceProps): boolean {
  const { chains: x, onSelect: _a, ...rest } = a;
  const { chains: y, onSelect: _b, ...other } = b;
  return (
    (Object.keys(rest) as (keyof typeof rest)[]).every((key) => rest[key] === other[key]) &&
    x.length === y.length &&
    x.every((chain, i) => {
      const as = y[i];
      return (Object.keys(chain) as (keyof typeof chain)[]).every((key) => chain[key] === as?.[key]);
    })
  );
}

/** One line has room for few words. */
function shorten(text: string): string {
  return text
    .replace(/^skipped: .*/, 'skipped')
    .replace(/^rule (\d+) (·|matches).*/, 'rule $1')
    .replace('policy DROP', '');
}

const Mark = memo(function Mark({
  mark,
  small = false,
}: {
  readonly mark: CardState['mark'];
  readonly small?: boolean;
}) {
  if (mark === null) return null;
  const size = small ? 13 : mark === 'nat' ? 18 : mark === 'pass' || mark === 'ret' ? 15 : 16;
  return (
    <span className="tcard-mark" data-mark={mark}>
      <Glyph name={mark} size={size} label={MARK_LABELS[mark]} />
    </span>
  );
});

function DeviceNode({ data: { box } }: NodeProps<Extract<HostNode, { type?: 'device' }>>) {
  const { host, walk } = useScene();
  const name = box.interface.name;
  const selected = useView(
    (s) => s.selection?.kind === 'interface' && s.selection.interface === name && s.selection.host === host.name,
  );
  const passed =
    walk.way.includes(box.side === 'in' ? `wire-in:${name}` : `out:${name}`) || walk.way.includes(`${box.stop}:top`);
  const state = passed ? 'passed' : walk.way.length > 0 ? 'not-reached' : 'idle';
  return <DeviceFace box={box} host={host.name} state={state} selected={selected} />;
}

/** With hundreds of interfaces, a beat draws those anew that it changes. */
const DeviceFace = memo(function DeviceFace({
  box,
  host,
  state,
  selected,
}: {
  readonly box: DeviceBox;
  readonly host: string;
  readonly state: 'passed' | 'not-reached' | 'idle';
  readonly selected: boolean;
}) {
  const name = box.interface.name;
  const listens = useTap(host, name);
  const slotted = box.slots.some((slot) => slot.name === 'taps');
  return (
    <section
      className="hook"
      data-state={state}
      data-testid={`${box.side === 'in' ? 'ingress' : 'egress'}-${name}`}
      aria-label={`Interface ${name}, ${box.side === 'in' ? 'in' : 'out'}`}
      {...(selected ? { 'data-selected': '' } : {})}
    >
      <h3 className="hook-name" style={{ height: box.header, fontSize: name.length > 6 ? 12 : 15, right: 2 }}>
        <button
          type="button"
          className="min-w-0 truncate"
          title={`${name}: ${box.interface.addresses.join(', ')}`}
          onClick={() => stores.view.getState().select({ kind: 'interface', host, interface: name }, 'chain')}
        >
          {name}
        </button>
      </h3>
      {box.side === 'in' && (
        <SendButton
          host={host}
          place={{ at: 'interface', interface: name }}
          label={`Send a packet that arrives at ${name}`}
          className="absolute top-[3px] right-[4px]"
        />
      )}
      {box.slots.map((slot) => (
        <div
          key={slot.name}
          className="slot"
          data-testid={`slot-${slot.name}-${box.side}-${name}`}
          {...(slot.solid ? { 'data-solid': '' } : {})}
          style={{ left: slot.x - box.x, top: slot.y - box.y, width: slot.w, height: slot.h }}
          title={slot.name === 'taps' ? 'Where tcpdump sees the packet' : slot.name}
          {...(slot.name === 'taps' && listens !== '' ? { 'data-listens': '' } : {})}
        >
          <span className="truncate">{slot.name === 'taps' && listens !== '' ? listens : slot.name}</span>
        </div>
      ))}
      {!slotted && <TapMark host={host} dev={name} className="absolute right-[6px] bottom-[1px]" />}
    </section>
  );
});

function LocalNode() {
  const { host, walk, beat, layout } = useScene();
  const current =
    walk.here && (beat?.place.at === 'local' || walk.current === 'local:in' || walk.current === 'local:out');
  const { queues } = host;
  const labels = host.listeners.map(listener);
  const fit = fitting(labels, layout.local.w - LOCAL_ROOM - Math.min(2, queues.length) * QUEUE_ROOM);
  const asked = useAskedQueue();
  const selected = useView((s) => s.selection?.kind === 'local' && s.selection.host === host.name);
  return (
    <section
      className="hook !rounded-[12px] !border-line-2 flex items-center gap-[10px] px-[14px] text-[13.5px] text-t2"
      data-state={current ? 'current' : 'idle'}
      data-testid="local-process"
      aria-label="Local processes"
      {...(selected ? { 'data-selected': '' } : {})}
    >
      <Icon name="gear" size={18} />
      <button
        type="button"
        className="whitespace-nowrap font-[650]"
        onClick={() => stores.view.getState().select({ kind: 'local', host: host.name }, 'chain')}
      >
        Local processes
      </button>
      <span className="flex-1" />
      {queues.slice(0, 2).map((q) => (
        <span
          key={q.number}
          className={cx(
            'mono flex h-[30px] min-w-[52px] items-center gap-[6px] truncate rounded-[8px] border px-2 text-[12.5px]',
            asked === q.number ? 'border-packet text-t1' : 'border-line-2',
          )}
          data-testid={`queue-${q.number}`}
          data-state={asked === q.number ? 'current' : 'idle'}
          title={`${q.program}, the program behind queue ${q.number}`}
        >
          <b className="font-semibold">queue {q.number}</b>
          <span className="min-w-0 truncate">{q.program}</span>
        </span>
      ))}
      {queues.length > 2 && <span className="mono text-[12.5px]">+{queues.length - 2}</span>}
      <span className="mono flex gap-[10px] whitespace-nowrap text-[12.5px]">
        {labels.slice(0, fit).map((label, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two sockets may differ in their address alone
          <span key={i}>{label}</span>
        ))}
        {labels.length > fit && (
          <button
            type="button"
            className="rounded-[5px] px-1 font-semibold hover:bg-raised hover:text-t1"
            aria-label={`${labels.length - fit} more sockets: ${labels.slice(fit).join(', ')}`}
            title={labels.slice(fit).join('\n')}
            data-testid="more-sockets"
            onClick={() => stores.view.getState().openEditor({ host: host.name, member: 'listen', line: 0 })}
          >
            +{labels.length - fit}
          </button>
        )}
      </span>
      <SendButton host={host.name} place={{ at: 'local' }} label="Send a packet from a local process" />
    </section>
  );
}

/** The queue whose program has the packet in the beat on show; null if none has. */
function useAskedQueue(): number | null {
  const { beat, run, walk } = useScene();
  if (!walk.here || beat?.kind !== 'queue') return null;
  const event = run.events[beat.say];
  return event?.type === 'queue' ? event.queue : null;
}

/** Icon, name, send button and edges; a queue with its program; one character of a label, and the gap after it. */
const LOCAL_ROOM = 212;
const QUEUE_ROOM = 130;
const LETTER = 7.6;
const LABEL_GAP = 10;
const MORE_ROOM = 42;

/** How many labels fit whole into so many pixels, with room for the number of the others. */
export function fitting(labels: readonly string[], room: number): number {
  let used = 0;
  for (let i = 0; i < labels.length; i++) {
    used += (labels[i] as string).length * LETTER + LABEL_GAP;
    const last = i === labels.length - 1;
    if (used > room - (last ? 0 : MORE_ROOM)) return i;
  }
  return labels.length;
}

function listener(l: { readonly protocol: string; readonly port: number; readonly service: string }): string {
  const name = l.service === 'echo' || l.service === 'silent' ? l.protocol : l.service;
  return `${name} :${l.port}`;
}

function TitleNode() {
  const { host } = useScene();
  const lines = titleLines(host);
  const few = lines.slice(0, TITLE_LINES);
  return (
    <header className="text-t2">
      <h2
        className={cx(
          'text-t1 tracking-[-0.025em]',
          host.name.length > 16
            ? 'line-clamp-3 text-[20px] leading-[1.2] [overflow-wrap:anywhere]'
            : 'truncate text-[30px] leading-[1.3]',
        )}
        title={host.title === host.name ? host.name : `${host.name}: ${host.title}`}
      >
        {host.name}
      </h2>
      <div className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-[14px]">
        {few.map(({ name, address }) => (
          <div key={`${name} ${address}`} className="contents">
            <b className="max-w-[90px] truncate font-semibold">{name}</b>
            <span className="mono truncate text-[13.5px]" title={address}>
              {address}
            </span>
          </div>
        ))}
      </div>
      {lines.length > few.length && (
        <p className="mt-1 text-[13px] text-t3" title={lines.map((l) => `${l.name} ${l.address}`).join('\n')}>
          and {lines.length - few.length} more addresses
        </p>
      )}
      <p className="mt-[6px] text-[13px] text-t3">
        {host.forwarding.ip || host.forwarding.ip6 ? 'forwarding on' : 'forwarding off'}
      </p>
      {lines.length <= 3 && <Legend />}
    </header>
  );
}

function Legend() {
  return (
    <ul className="mt-[22px] grid gap-2 text-[13px]">
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <path className="e-case" d="M4 9H26" />
          <path className="e-lit" d="M4 9H26" />
        </svg>
        travelled
      </li>
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <circle cx="15" cy="9" r="8.5" fill="var(--packet)" opacity=".28" />
          <circle cx="15" cy="9" r="6" className="st-lit" />
        </svg>
        packet is here
      </li>
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <path className="e" d="M3 9H27" />
        </svg>
        not reached yet
      </li>
    </ul>
  );
}

function RoutingNode({ data: { which } }: NodeProps<Extract<HostNode, { type?: 'routing' }>>) {
  const { host } = useScene();
  const input = which === 'input';
  return (
    <button
      type="button"
      className="size-full rounded-full"
      aria-label={input ? 'Routing: for this host, or to be forwarded' : 'Route lookup for what this host sends'}
      data-testid={`routing-${which}`}
      onClick={() => stores.view.getState().select({ kind: 'routing', host: host.name }, 'routes')}
    />
  );
}

export const hostNodeTypes = {
  hook: HookNode,
  device: DeviceNode,
  local: LocalNode,
  title: TitleNode,
  routing: RoutingNode,
} satisfies NodeTypes;
