import { type Node, type NodeProps, type NodeTypes, ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { createContext, memo, type RefObject, useContext, useLayoutEffect, useMemo, useRef } from 'react';
import type { Lab, RunResult } from '../../src/engine';
import { type Beat, hostSubtitle, labTitle, paceOf, stores, useBeat, useLab, useRun, viewOf } from '../store';
import { cx, Empty, Glyph, Icon, type IconName, type Layout, thin } from '../ui';
import { Camera } from './Camera';
import { type Point, pointAt, roundedPath, track } from './geometry';
import { MiniHooks, type MiniState } from './MiniHooks';
import { addressLines, type HostCard, type NetworkLayout, networkLayout } from './networkLayout';
import { type Hop, type NetworkState, networkState, type WireLine } from './networkState';
import type { PacketLens } from './PacketLayer';
import { PillBody } from './PillBody';
import { PILL_HEIGHT, pillText, pillWidth } from './pill';
import { SendButton } from './SendButton';

interface Net {
  readonly run: RunResult;
  readonly lab: Lab;
  readonly beat: Beat | undefined;
  readonly layout: NetworkLayout;
  readonly state: NetworkState;
}

const NetContext = createContext<Net | null>(null);

function useNet(): Net {
  const net = useContext(NetContext);
  if (net === null) throw new Error('outside a network view');
  return net;
}

/** All hosts and the segments between them, with the packet on its way from one to the next. */
export function NetworkGraph({ layout: pageLayout }: { readonly layout: Layout }) {
  const run = useRun((s) => s.result);
  const lab = useLab((s) => s.lab);
  const beat = useBeat();
  const { positions } = viewOf(lab);
  const layout = useMemo(() => (run === null ? null : networkLayout(run, positions)), [run, positions]);
  const state = useMemo(() => (run === null ? null : networkState(run, beat)), [run, beat]);
  return (
    <div className="absolute inset-0" data-testid="network-canvas" data-layout={pageLayout}>
      {run === null || layout === null || state === null ? null : run.hosts.length === 0 ? (
        <Empty text="Add a host, or paste an iptables-save dump." />
      ) : (
        <NetContext.Provider value={{ run, lab, beat, layout, state }}>
          <ReactFlowProvider>
            <Canvas layout={layout} title={labTitle(lab)} />
          </ReactFlowProvider>
        </NetContext.Provider>
      )}
    </div>
  );
}

type NetNode =
  | Node<{ readonly card: HostCard }, 'host'>
  | Node<Record<string, never>, 'heading'>
  | Node<Record<string, never>, 'wirelog'>;

const NO_EDGES: never[] = [];

function Canvas({ layout, title }: { readonly layout: NetworkLayout; readonly title: string }) {
  const lens = useRef<PacketLens | null>(null);
  const nodes = useMemo((): NetNode[] => {
    // React Flow takes the pointer away from nodes that it has nothing to do with.
    const fixed = {
      draggable: false,
      selectable: false,
      connectable: false,
      focusable: false,
      style: { pointerEvents: 'all' },
    } as const;
    return [
      { id: 'heading', type: 'heading', position: { x: 28, y: 20 }, width: 320, height: 70, data: {}, ...fixed },
      ...layout.cards.map(
        (card): NetNode => ({
          id: `host-${card.host.name}`,
          type: 'host',
          position: { x: card.x, y: card.y },
          width: card.w,
          height: card.h,
          data: { card },
          ...fixed,
        }),
      ),
      {
        id: 'wirelog',
        type: 'wirelog',
        position: { x: layout.table.x, y: layout.table.y },
        width: layout.table.w,
        height: layout.table.h,
        data: {},
        ...fixed,
      },
    ];
  }, [layout]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={NO_EDGES}
      nodeTypes={netNodeTypes}
      minZoom={0.3}
      maxZoom={2}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      zoomActivationKeyCode={null}
      zoomOnDoubleClick={false}
      proOptions={{ hideAttribution: true }}
    >
      <ViewportPortal>
        <Wires />
        <TravelLayer lens={lens} />
        <Ports />
      </ViewportPortal>
      <Camera bounds={layout.bounds} subject={title} lens={lens} smallest={0.8} side="right" />
    </ReactFlow>
  );
}

function Heading() {
  const { run } = useNet();
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const bridges = run.hosts.reduce((sum, h) => sum + h.interfaces.filter((i) => i.kind === 'bridge').length, 0);
  const words = [count(run.hosts.length, 'host'), count(run.segments.length, 'segment')];
  if (bridges > 0) words.push(count(bridges, 'bridge'));
  return (
    <header>
      <h2 className="text-[30px] leading-[1.3] tracking-[-0.025em]">Network</h2>
      <p className="mt-1 text-t2">{words.join(', ')}</p>
    </header>
  );
}

const ICONS: ReadonlySet<string> = new Set(['laptop', 'globe', 'cube', 'host']);

function iconOf(lab: Lab, card: HostCard): IconName {
  const view = lab.hosts[card.host.name]?.view;
  if (typeof view === 'object' && view !== null && 'icon' in view && ICONS.has(String(view.icon)))
    return view.icon as IconName;
  return 'host';
}

function HostNode({ data: { card } }: NodeProps<Extract<NetNode, { type?: 'host' }>>) {
  const { lab, state, beat, run } = useNet();
  const { host } = card;
  const { name } = host;
  const mini = state.mini.get(name);
  const here = !state.onWire && beat !== undefined && beat.packet !== '' && state.host === name;
  const rules = host.hooks.reduce((sum, h) => sum + h.functions.reduce((n, fn) => n + fn.rules, 0), 0);
  const lines = addressLines(host);
  const subtitle = hostSubtitle(lab.hosts[name]) || roleOf(card);
  const open = (): void => stores.view.getState().showHost(name);
  const starts = run.steps.findIndex(
    (s) => run.events.slice(s.from, s.to).find((e) => e.type === 'born')?.host === name,
  );
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one stop of Tab for each host; Enter opens it
      tabIndex={0}
      className={cx(
        'relative size-full rounded-[16px] border-[1.5px] bg-card p-[14px_16px] text-left',
        here ? 'border-(--packet-ring) shadow-[0_0_0_5px_var(--packet-halo)]' : 'border-line-2',
      )}
      aria-label={`Host ${name}${here ? ', the packet is here' : ''}`}
      data-testid={`host-${name}`}
      data-state={here ? 'current' : 'idle'}
      onDoubleClick={open}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && e.target === e.currentTarget) open();
      }}
    >
      <div className="flex items-center gap-[9px] pr-7">
        <Icon name={iconOf(lab, card)} size={20} className="text-t2" />
        <button
          type="button"
          tabIndex={-1}
          className="min-w-0 truncate font-[680] text-[18px] tracking-[-0.01em] hover:underline"
          onClick={open}
          title={`Open ${name}`}
        >
          {name}
        </button>
        <span className="flex-1" />
        {card.wide && lines[0] !== undefined && <span className="mono text-[14px]">{lines[0]}</span>}
      </div>
      <SendButton
        host={name}
        place={{ at: 'host' }}
        label={`Send a packet from ${name}`}
        className="absolute top-[10px] right-[10px]"
      />
      {!card.small && (
        <div className="mb-[6px] ml-[29px] flex justify-between gap-2 whitespace-nowrap text-[13px] text-t2">
          <span className="truncate">{subtitle}</span>
          {card.wide && rules > 0 && (
            <span>
              {thin(rules)} rule{rules === 1 ? '' : 's'}
            </span>
          )}
        </div>
      )}
      {card.wide ? (
        <div className="-mt-1 flex items-center gap-[18px]">
          <MiniHooks state={mini ?? QUIET} width={132} />
          <span className="text-[13px] text-t2 leading-[1.35]">
            {here ? (
              <>
                the {titleOf(run, beat)} is
                <br />
                here
              </>
            ) : state.onWire && state.hops.at(-1)?.to?.startsWith(`${name}/`) ? (
              <>
                the {titleOf(run, beat)} is
                <br />
                about to arrive
              </>
            ) : starts >= 0 ? (
              <>
                step {starts + 1}
                <br />
                starts here
              </>
            ) : null}
          </span>
        </div>
      ) : (
        <>
          {!card.small && <MiniHooks state={mini ?? QUIET} width={Math.min(162, card.w - 34)} />}
          {!card.small && (
            <div className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 text-[13px] leading-[21px]">
              {host.interfaces
                .filter((i) => i.kind !== 'loopback' && i.master === '')
                .flatMap((i) => i.addresses.map((a) => ({ i: i.name, a })))
                .slice(0, 4)
                .map(({ i, a }, k) => (
                  <div key={a} className="contents">
                    <b className="max-w-[64px] truncate font-semibold text-t2">{i}</b>
                    <span className="mono truncate" title={a}>
                      {lines[k]}
                    </span>
                  </div>
                ))}
            </div>
          )}
        </>
      )}
      {card.bridges.map((bridge, k) => (
        <div
          key={bridge.name}
          className="absolute right-3 left-3 flex h-[38px] items-center gap-2 rounded-card border-[1.5px] border-line-2 bg-well px-3"
          style={{ bottom: 12 + (card.bridges.length - 1 - k) * 46 }}
          title={`ports: ${bridge.ports.join(', ')}`}
        >
          <b className="font-[620]">{bridge.name}</b>
          <span className="text-t2">bridge</span>
          <span className="flex-1" />
          <span className="mono truncate text-[13px]">
            {bridge.addresses[0]?.replace(/\/\d+$/, '') ?? `${bridge.ports.length} ports`}
          </span>
        </div>
      ))}
    </section>
  );
}

const QUIET: MiniState = {
  input: false,
  forward: false,
  output: false,
  delivered: false,
  dropped: null,
  accepted: false,
};

function roleOf({ host }: HostCard): string {
  const forwards = host.forwarding.ip || host.forwarding.ip6;
  const functions = host.hooks.some((h) => h.functions.length > 0);
  if (forwards) return functions ? 'router with rules' : 'plain routing';
  const [first] = host.listeners;
  if (first !== undefined) return `${first.service === 'echo' ? first.protocol : first.service} on port ${first.port}`;
  return functions ? 'host with rules' : 'host';
}

function titleOf(run: RunResult, beat: Beat | undefined): string {
  return run.steps[beat?.userStep ?? -1]?.packets.find((p) => p.id === beat?.packet)?.title ?? 'packet';
}

/** Segments, as they lie there. */
const Wires = memo(function Wires() {
  const { layout } = useNet();
  return (
    <>
      <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
        {layout.wires.map((wire) => (
          <g key={wire.segment.name}>
            {wire.bus !== null && (
              <path
                d={`M${wire.bus.from[0]} ${wire.bus.from[1]}V${wire.bus.to[1]}`}
                stroke="var(--edge)"
                strokeWidth="9"
                strokeLinecap="round"
              />
            )}
            {[...wire.ports].map(([id, way]) => (
              <path key={id} className="e" d={roundedPath(way, 10)} />
            ))}
          </g>
        ))}
      </svg>
      {layout.wires.map((wire) => (
        <div
          key={wire.segment.name}
          className="absolute -translate-x-1/2 text-center leading-[1.3]"
          style={{ left: wire.label.at[0], top: wire.label.at[1] }}
          data-testid={`segment-${wire.segment.name}`}
        >
          <b className="rounded-[4px] bg-canvas px-1 font-semibold text-[14px] text-t2">{wire.segment.name}</b>
          <div className="mono text-[12.2px] tracking-[-0.03em]">
            {wire.segment.prefixes.slice(0, 2).map((p) => (
              <div key={p} className="rounded-[4px] bg-canvas px-1">
                {p}
              </div>
            ))}
          </div>
        </div>
      ))}
    </>
  );
});

const Ports = memo(function Ports() {
  const { layout, state } = useNet();
  const used = new Set(state.hops.flatMap((h) => [h.from, h.to]));
  const last = state.onWire ? state.hops.at(-1)?.to : null;
  return (
    <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
      {layout.ports.map(({ id, at }) => {
        const lit = used.has(id) && id !== last;
        return (
          <g key={id} transform={`translate(${at[0]} ${at[1]})`}>
            <rect
              x="-9"
              y="-9"
              width="18"
              height="18"
              rx="5"
              fill={lit ? 'var(--packet)' : 'var(--card)'}
              stroke={lit ? 'var(--packet-case)' : 'var(--line-2)'}
              strokeWidth="1.8"
            />
            <path
              d="M-3.5 3.5V-1H3.5V3.5"
              stroke={lit ? 'var(--packet-ink)' : 'var(--t2)'}
              strokeWidth="1.8"
              fill="none"
            />
          </g>
        );
      })}
    </svg>
  );
});

/** The way of one hop: from port to port, over the segment. */
function hopWay(layout: NetworkLayout, hop: Hop): readonly Point[] {
  const wire = layout.wires.find((w) => w.segment.name === hop.segment);
  if (wire === undefined) return [];
  const from = hop.from === null ? undefined : wire.ports.get(hop.from);
  const to = hop.to === null ? undefined : wire.ports.get(hop.to);
  return [
    ...(from?.toReversed() ?? []),
    ...(to ?? (from === undefined || wire.bus === null ? [] : [[wire.bus.from[0], wire.bus.from[1]] as Point])),
  ];
}

/** The packet between hosts: hops so far lit, the dot on the last one, the pill above it. */
function TravelLayer({ lens }: { readonly lens: RefObject<PacketLens | null> }) {
  const { run, beat, layout, state } = useNet();
  const dot = useRef<SVGGElement>(null);
  const lit = useRef<SVGPathElement>(null);
  const casing = useRef<SVGPathElement>(null);
  const pill = useRef<HTMLDivElement>(null);
  const stem = useRef<SVGPathElement>(null);
  const ways = state.hops.map((hop) => hopWay(layout, hop));
  const past = state.onWire ? ways.slice(0, -1) : ways;
  const now = state.onWire ? (ways.at(-1) ?? []) : [];
  const text = beat === undefined || beat.packet === '' ? null : pillText(run, beat);
  const card = layout.cards.find((c) => c.host.name === state.host);
  const arrives = state.hops.at(-1)?.to != null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the state says everything that has changed
  useLayoutEffect(() => {
    const way = track(now, 10);
    const { motion, speed, scrubbing } = stores.play.getState();
    const still = motion === 'jump' || scrubbing || matchMedia('(prefers-reduced-motion: reduce)').matches;
    const duration = still || beat === undefined || !state.onWire ? 0 : paceOf('wire').travel / speed;
    // It stops short of the next port: it is about to arrive.
    const stop = way.length === 0 ? 1 : Math.max(0.5, 1 - (arrives ? 30 : 0) / way.length);
    const w = text === null ? 0 : pillWidth(text, 0);
    const draw = (part: number): void => {
      const eased = (part < 0.5 ? 2 * part * part : 1 - (-2 * part + 2) ** 2 / 2) * stop;
      const at: Point = state.onWire ? pointAt(way, eased) : [(card?.x ?? 0) + (card?.w ?? 0) / 2, card?.y ?? 0];
      dot.current?.setAttribute('transform', `translate(${at[0]} ${at[1]})`);
      for (const path of [lit.current, casing.current]) {
        path?.setAttribute('pathLength', String(Math.max(1, way.length)));
        path?.setAttribute('stroke-dasharray', `${eased * way.length} ${way.length + 20}`);
      }
      const x = Math.max(360, Math.min(at[0] - w / 2, layout.bounds.w - w - 16));
      const y = 24;
      if (pill.current !== null) pill.current.style.transform = `translate(${x}px, ${y}px)`;
      const middle = y + PILL_HEIGHT / 2;
      const inside = at[0] > x + 24 && at[0] < x + w - 24;
      const edge = at[0] <= x + 24 ? x : x + w;
      stem.current?.setAttribute(
        'd',
        inside
          ? `M${at[0]} ${y + PILL_HEIGHT}V${at[1] - 9}`
          : roundedPath(
              [
                [edge, middle],
                [at[0], middle],
                [at[0], at[1] - 9],
              ],
              12,
            ),
      );
      lens.current?.look(at, { x, y, w, h: PILL_HEIGHT });
    };
    if (duration === 0) {
      draw(1);
      return;
    }
    let handle = 0;
    let start = Number.NaN;
    const frame = (t: number): void => {
      if (Number.isNaN(start)) start = t;
      const part = Math.min(1, (t - start) / duration);
      draw(part);
      if (part < 1) handle = requestAnimationFrame(frame);
    };
    draw(0);
    handle = requestAnimationFrame(frame);
    return () => cancelAnimationFrame(handle);
  }, [state, layout]);

  if (text === null) return null;
  const d = roundedPath(now, 10);
  return (
    <>
      <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
        <path ref={stem} fill="none" stroke="var(--packet)" strokeWidth="2.6" strokeLinecap="round" />
        {past.map((way, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hops only ever follow each other
          <g key={i}>
            <path className="e-case" d={roundedPath(way, 10)} />
            <path className="e-lit" d={roundedPath(way, 10)} />
          </g>
        ))}
        <path ref={casing} className="e-case" d={d} />
        <path ref={lit} className="e-lit" d={d} />
      </svg>
      <svg className="absolute top-0 left-0 z-3 overflow-visible" width="1" height="1" aria-hidden="true">
        <g ref={dot}>
          <circle r="15" fill="var(--packet)" opacity=".28" />
          <circle r="9.5" className="st-lit" />
          <circle r="3.2" fill="var(--packet-ink)" />
        </g>
      </svg>
      <PillBody element={pill} text={text} collapse={0} fresh={text.fresh} ended={beat?.kind === 'drop'} />
    </>
  );
}

function WireLog() {
  const { state } = useNet();
  if (state.wires.length === 0) {
    return (
      <p className="border-line border-t-[1.5px] pt-3 text-t2">
        {state.hops.length === 0
          ? 'Press Space to play. Each wire that the packet takes is listed here, with its addresses as they are on it.'
          : ''}
      </p>
    );
  }
  return (
    <section className="nowheel size-full overflow-y-auto border-line border-t-[1.5px]" data-testid="wire-log">
      <h3 className="pt-3 pb-[6px] text-[15px]">The same packet on each wire</h3>
      <table className="w-full text-[15px]">
        <thead className="sr-only">
          <tr>
            <th>Segment</th>
            <th>Source</th>
            <th>Destination</th>
            <th>TTL</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {state.wires.map((line) => (
            <WireRow key={line.event} line={line} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WireRow({ line }: { readonly line: WireLine }) {
  const value = (text: string, changed: boolean) =>
    changed ? <span className="-ml-2 rounded-[7px] bg-nat-w px-2 py-[3px] text-nat">{text}</span> : text;
  return (
    <tr className={cx('h-11 border-line border-t', line.here && 'font-semibold')}>
      <td className={cx('max-w-[110px] truncate pr-3', !line.here && 'text-t2')}>{line.segment}</td>
      <td className="mono whitespace-nowrap pr-3">{value(line.src, line.srcChanged)}</td>
      <td className="w-11 text-t3">
        <Icon name="arrow" size={16} />
      </td>
      <td className="mono whitespace-nowrap pr-3">{value(line.dst, line.dstChanged)}</td>
      <td className="mono whitespace-nowrap pr-3 text-t2">ttl {line.ttl}</td>
      <td className="whitespace-nowrap text-[13px] text-packet-text">
        {line.here && (
          <span className="flex items-center gap-[6px]">
            <Glyph name="here" size={12} />
            here now
          </span>
        )}
      </td>
    </tr>
  );
}

const netNodeTypes = { host: HostNode, heading: Heading, wirelog: WireLog } satisfies NodeTypes;
