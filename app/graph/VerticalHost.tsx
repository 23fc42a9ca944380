import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { FunctionView } from '../../src/engine';
import type { HookName } from '../../src/model';
import { graphShown, stores } from '../store';
import { counted, cx, Glyph, Icon } from '../ui';
import { type CardBox, type HookBox, stopOf } from './boxes';
import { LeftOut } from './LeftOut';
import { PacketDot } from './PacketDot';
import { PillBody } from './PillBody';
import { pillText, pillWidth } from './pill';
import { SendButton } from './SendButton';
import { type Scene, useScene } from './scene';
import { TapMark } from './taps';

type RailState = 'lit' | 'current' | 'off' | 'ahead';

/** The host as one line from top to bottom, for narrow screens: what is behind the packet and beside its way folds. */
export function VerticalHost() {
  const scene = useScene();
  const { host, walk, layout } = scene;
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(graphShown, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every beat the packet is somewhere else
  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scroller.current
      ?.querySelector('[data-here]')
      ?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }, [walk]);
  const coming = new Set([...walk.way, ...walk.ahead]);
  const any = coming.size > 0;
  const own = coming.has('local:out');
  const input =
    coming.has('local:in') || coming.has('INPUT:top') || hookOf(scene, 'INPUT').cards.some((c) => coming.has(c.stop));
  const through = !any || coming.has('FORWARD:top') || (!own && !input);
  const sections: ReactNode[] = [];
  if (!own) {
    sections.push(
      <Devices key="in" side="in" />,
      <Hook key="pre" hook="PREROUTING" />,
      <Routing key="routing" which="input" />,
    );
    sections.push(
      input ? (
        <Hook key="input" hook="INPUT" />
      ) : (
        <Branch key="input" hook="INPUT" next="FORWARD" note={`if it is for ${host.name}`} />
      ),
    );
    if (input) sections.push(<Local key="local" />);
    sections.push(
      through ? (
        <Hook key="forward" hook="FORWARD" />
      ) : (
        <Branch key="forward" hook="FORWARD" next={null} note="if it is for another host" />
      ),
    );
    if (!input)
      sections.push(<Branch key="output" hook="OUTPUT" next="POSTROUTING" note={`if ${host.name} sends it`} />);
  } else {
    sections.push(<Local key="local" />, <Routing key="routing" which="output" />, <Hook key="output" hook="OUTPUT" />);
  }
  if (through || own) sections.push(<Hook key="post" hook="POSTROUTING" />, <Devices key="out" side="out" />);
  return (
    <div
      ref={scroller}
      className="absolute inset-0 overflow-y-auto overscroll-contain pb-6"
      data-testid="host-canvas-vertical"
      data-family={layout.family}
    >
      <div className="flex flex-wrap gap-2 px-4 pt-3 empty:hidden">
        <LeftOut host={host.name} />
      </div>
      {sections}
    </div>
  );
}

const hookOf = (scene: Scene, hook: HookName): HookBox => scene.layout.hooks.find((h) => h.hook === hook) as HookBox;

function Row({
  rail,
  station,
  here = false,
  children,
}: {
  readonly rail: RailState;
  readonly station: 'dot' | 'small' | 'diamond' | 'none';
  readonly here?: boolean;
  readonly children: ReactNode;
}) {
  const scene = useScene();
  const ended = here && scene.walk.ended !== null;
  return (
    <div className="relative pr-4 pb-1 pl-[62px]" {...(here ? { 'data-here': '' } : {})}>
      <div className={cx('vrail', here ? 'vrail-half' : `vrail-${rail}`)} aria-hidden="true" />
      <div className="relative">
        {station !== 'none' && (
          <svg className="absolute top-1/2 -left-[29px] z-2 overflow-visible" width="1" height="1" aria-hidden="true">
            {ended || (here && station !== 'diamond') ? (
              <PacketDot ended={here ? scene.walk.ended : null} />
            ) : station === 'diamond' ? (
              <path
                d="M0 -16 16 0 0 16 -16 0Z"
                fill={rail === 'lit' || here ? 'var(--packet)' : 'var(--card)'}
                stroke={rail === 'lit' || here ? 'var(--packet-case)' : 'var(--routing)'}
                strokeWidth="2"
                strokeLinejoin="round"
              />
            ) : (
              <circle r={station === 'small' ? 4.5 : 6.5} className={rail === 'lit' ? 'st-lit' : 'st'} />
            )}
          </svg>
        )}
        {children}
      </div>
      {here && <InlinePill scene={scene} />}
    </div>
  );
}

/** The pill below the row that the packet is at. */
function InlinePill({ scene }: { readonly scene: Scene }) {
  const element = useRef<HTMLDivElement>(null);
  const { run, beat, walk } = scene;
  const text = beat === undefined ? null : pillText(run, beat);
  if (text === null) return null;
  const room = Math.max(280, innerWidth - 28);
  // On one line if both ends are on it, else on two: source, and destination.
  const single = ([0, 1, 2] as const).find((c) => pillWidth(text, c, walk.ended !== null) * 0.91 <= room);
  const collapse = single ?? (text.src.before === null && text.dst.before === null ? 0 : 2);
  return (
    <div className={cx('vpill relative z-3 my-3 -mr-[2px] -ml-12 flex', single === undefined && 'vpill-lines')}>
      <PillBody
        key={`${beat?.packet} ${text.src.now} ${text.dst.now}`}
        element={element}
        text={text}
        collapse={collapse}
        fresh={text.fresh}
        ended={walk.ended === null ? null : 'bad'}
      />
    </div>
  );
}

function railOf(scene: Scene, stops: readonly string[]): RailState {
  const { walk } = scene;
  if (stops.some((s) => walk.way.includes(s))) return 'lit';
  return stops.some((s) => walk.ahead.includes(s)) || walk.way.length === 0 ? 'ahead' : 'off';
}

const headOf = (box: HookBox): readonly string[] => [
  `${box.hook}:top`,
  ...box.cards.slice(0, 1).map((card) => card.stop),
];
const entered = (scene: Scene, hook: HookName): boolean => railOf(scene, headOf(hookOf(scene, hook))) === 'lit';

function Hook({ hook }: { readonly hook: HookName }) {
  const scene = useScene();
  const { walk, host } = scene;
  const box = hookOf(scene, hook);
  const [open, setOpen] = useState<boolean | null>(null);
  const passed = walk.entered.has(hook) && walk.currentHook !== hook && walk.here;
  const unfolded = open ?? !passed;
  const top = railOf(scene, headOf(box));
  const matched = box.cards.filter((c) => walk.cards.get(c.stop)?.state === 'matched');
  return (
    <section
      data-testid={`hook-${hook}`}
      data-state={
        walk.currentHook === hook ? 'current' : passed ? 'passed' : walk.way.length > 0 ? 'not-reached' : 'idle'
      }
      aria-label={`Hook ${hook}`}
    >
      <Row rail={top} station="none">
        <div className="flex h-11 items-center gap-2">
          <button
            type="button"
            className={cx(
              'flex min-h-11 items-center gap-2 font-[680] text-[16px]',
              top === 'lit' ? 'text-t1' : 'text-t2',
            )}
            aria-expanded={unfolded}
            onClick={() => setOpen(!unfolded)}
          >
            {hook}
            {passed && <Icon name={unfolded ? 'up' : 'down'} size={14} className="text-t3" />}
          </button>
          {!unfolded && (
            <span className="min-w-0 truncate text-[13.5px] text-t2">
              {matched.length === 0
                ? 'passed'
                : matched.map((c) => `${c.fn.table ?? c.fn.name} ${walk.cards.get(c.stop)?.text}`).join(', ')}
            </span>
          )}
          <span className="flex-1" />
          <SendButton host={host.name} place={{ at: 'hook', hook }} label={`Send a packet to ${hook}`} large />
        </div>
      </Row>
      {unfolded && box.cards.map((card) => <CardRow key={card.stop} card={card} />)}
    </section>
  );
}

function CardRow({ card }: { readonly card: CardBox }) {
  const scene = useScene();
  const { walk, host, layout } = scene;
  const known = walk.cards.get(card.stop);
  const state = known?.state ?? (walk.way.length > 0 ? 'not-reached' : 'idle');
  const { fn } = card;
  const here = walk.here && (walk.current === card.stop || card.chains.some((c) => c.stop === walk.current));
  return (
    <Row rail={railOf(scene, [card.stop])} station="dot" here={here}>
      <button
        type="button"
        className={cx('tcard vcard', `hue-${card.hue}`)}
        data-state={state}
        data-testid={`chain-${fn.table ?? fn.name}-${card.hook}`}
        {...(card.round ? { 'data-round': '' } : {})}
        onClick={() => {
          stores.view
            .getState()
            .select(
              fn.table === null
                ? { kind: 'function', host: host.name, family: layout.family, hook: card.hook, fn: fn.name }
                : { kind: 'chain', host: host.name, family: layout.family, table: fn.table, chain: card.hook },
              fn.table === null ? 'conntrack' : 'chain',
            );
          stores.view.getState().setDrawer('inspector');
        }}
      >
        <b>{fn.table ?? fn.name}</b>
        <i>{known?.text || quietText(fn)}</i>
        {known?.mark != null && state !== 'not-reached' && (
          <span className="tcard-mark" data-mark={known.mark}>
            <Glyph name={known.mark} size={17} />
          </span>
        )}
      </button>
    </Row>
  );
}

function quietText(fn: FunctionView): string {
  if (fn.table === null && fn.subsystem === 'user') return `priority ${String(fn.priority).replace('-', '−')}`;
  if (fn.table === null)
    return fn.subsystem === 'confirm' ? 'confirms flows' : fn.subsystem === 'conntrack' ? 'tracks flows' : '';
  const rules = fn.rules === 0 ? 'no rules' : counted(fn.rules, 'rule');
  return fn.policy === 'DROP' ? `${rules} · DROP` : rules;
}

/** A hook beside the packet's way. `next`: the hook below it, which the line goes on to. */
function Branch({
  hook,
  next,
  note,
}: {
  readonly hook: HookName;
  readonly next: HookName | null;
  readonly note: string;
}) {
  const scene = useScene();
  const [open, setOpen] = useState(false);
  const box = hookOf(scene, hook);
  return (
    <section data-testid={`branch-${hook}`}>
      <Row rail={next !== null && entered(scene, next) ? 'lit' : 'ahead'} station="none">
        <button
          type="button"
          className="flex h-12 w-full items-center gap-2 rounded-[12px] border border-line px-[14px]"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <b className="font-[650] text-[15.5px] text-t2">{hook}</b>
          <span className="flex-1" />
          <span className="truncate text-[13.5px] text-t2">{note}</span>
          <Icon name={open ? 'up' : 'down'} size={14} className="text-t3" />
        </button>
        {open && (
          <ul className="mb-2 grid gap-1 pl-[14px] text-[14px] text-t2">
            {box.cards.map((c) => (
              <li key={c.stop} className={`hue-${c.hue} flex justify-between`}>
                <span className="font-semibold text-(--c)">{c.fn.table ?? c.fn.name}</span>
                <span>{quietText(c.fn)}</span>
              </li>
            ))}
            {box.cards.length === 0 && <li>Nothing is registered here.</li>}
          </ul>
        )}
      </Row>
    </section>
  );
}

function Devices({ side }: { readonly side: 'in' | 'out' }) {
  const scene = useScene();
  const { walk, host, layout } = scene;
  const all = layout.devices.filter((d) => d.side === side);
  const used = all.filter((d) => walk.way.includes(`${d.stop}:top`) || walk.ahead.includes(`${d.stop}:top`));
  const shown = used.length > 0 ? used : all;
  return (
    <>
      {shown.map((d) => {
        const name = d.interface.name;
        const here = walk.here && (walk.current === d.stop || walk.current === stopOf.wireOut(name));
        return (
          <Row key={d.stop} rail={railOf(scene, [`${d.stop}:top`])} station="small" here={here}>
            <div
              className="flex h-12 items-center gap-2"
              data-testid={`${side === 'in' ? 'ingress' : 'egress'}-${name}`}
            >
              <b className="font-[680] text-[16px]">{name}</b>
              <TapMark host={host.name} dev={name} />
              <span className="flex-1" />
              <span className="mono truncate text-[13.5px] text-t2">{d.interface.addresses[0] ?? ''}</span>
              {side === 'in' && (
                <SendButton
                  host={host.name}
                  place={{ at: 'interface', interface: name }}
                  label={`Send a packet that arrives at ${name}`}
                  large
                />
              )}
            </div>
          </Row>
        );
      })}
    </>
  );
}

function Routing({ which }: { readonly which: 'input' | 'output' }) {
  const scene = useScene();
  const stop = which === 'input' ? stopOf.routeInput : stopOf.routeOutput;
  return (
    <Row rail={railOf(scene, [stop])} station="diamond" here={scene.walk.here && scene.walk.current === stop}>
      <button
        type="button"
        className="flex h-11 items-center font-[680] text-[16px] text-t2"
        onClick={() => {
          stores.view.getState().select({ kind: 'routing', host: scene.host.name }, 'routes');
          stores.view.getState().setDrawer('inspector');
        }}
      >
        {which === 'input' ? 'Routing' : 'Route lookup'}
      </button>
    </Row>
  );
}

function Local() {
  const scene = useScene();
  const { host, walk } = scene;
  const here = walk.here && (walk.current === 'local:in' || walk.current === 'local:out');
  return (
    <Row rail={railOf(scene, ['local:in', 'local:out'])} station="small" here={here}>
      <div className="flex h-12 items-center gap-2" data-testid="local-process">
        <b className="font-[680] text-[16px]">Local processes</b>
        <span className="flex-1" />
        <span className="mono truncate text-[13px] text-t2">
          {[...host.queues.map((q) => `queue ${q.number}`), ...host.listeners.map((l) => `${l.protocol} :${l.port}`)]
            .slice(0, 2)
            .join(' ')}
        </span>
        <SendButton host={host.name} place={{ at: 'local' }} label="Send a packet from a local process" large />
      </div>
    </Row>
  );
}
