import { ReactFlow, ReactFlowProvider, useStore, ViewportPortal } from '@xyflow/react';
import { memo, useMemo, useRef, useState } from 'react';
import type { Lab, RunResult } from '../../src/engine';
import { addedSegments, NetworkPane } from '../setup/lazy';
import { hostSubtitle, labTitle, stores, useBeat, useLab, useRun, useView, viewOf } from '../store';
import { Button, cx, Empty, type Layout } from '../ui';
import { Beyond } from './Beyond';
import { Camera, wantsBar } from './Camera';
import { drawingOnly, nodeAt } from './flow';
import type { Point } from './geometry';
import { DrawnWire, useDrawing } from './NetworkConnect';
import { type NetNode, netNodeTypes } from './NetworkNodes';
import { Ports, TravelLayer, Wires } from './NetworkWires';
import { type Net, NetContext, NetMomentContext } from './net';
import { hostWords } from './networkCards';
import { networkLayout } from './networkLayout';
import { endsOf, networkState } from './networkState';
import { Opening } from './Opening';
import type { PacketLens } from './PacketLayer';

/** All hosts and the segments between them, with the packet on its way from one to the next. */
export function NetworkGraph({ layout: pageLayout }: { readonly layout: Layout }) {
  const run = useRun((s) => s.result);
  const lab = useLab((s) => s.lab);
  const beat = useBeat();
  const { positions: kept } = viewOf(lab);
  const [held, setHeld] = useState<Held | null>(null);
  const positions = useMemo(() => (held === null ? kept : { ...kept, [held.host]: held.at }), [kept, held]);
  const empty = useMemo(() => (run === null ? [] : emptySegments(lab, run)), [lab, run]);
  const presented = useView((s) => s.presenter);
  const words = useMemo(() => (run === null ? {} : wordsOf(lab, run)), [lab, run]);
  const layout = useMemo(
    () => (run === null ? null : networkLayout(run, positions, empty, words, presented)),
    [run, positions, empty, words, presented],
  );
  const ends = useMemo(() => (run === null ? undefined : endsOf(run)), [run]);
  const moment = useMemo(
    () => (run === null ? null : { beat, state: networkState(run, beat, ends) }),
    [run, beat, ends],
  );
  const starts = useMemo(() => startsOf(run), [run]);
  const editing = useView((s) => s.networkEdit !== null) && !presented;
  const narrow = pageLayout === 'narrow';
  return (
    <div className={cx('absolute inset-0 flex', narrow && 'flex-col')}>
      <div
        className={cx('relative min-h-0 min-w-0', narrow && editing ? 'h-[34%] flex-none' : 'flex-1')}
        data-testid="network-canvas"
        data-layout={pageLayout}
        {...(editing ? { 'data-editing': '' } : {})}
      >
        {run === null || layout === null || moment === null ? (
          <Opening />
        ) : run.hosts.length === 0 ? (
          <Empty text="Add a host, or paste an iptables-save dump.">
            <Button icon="plus" onClick={() => stores.view.getState().editNetwork({ adding: 'host' })}>
              Add a host
            </Button>
          </Empty>
        ) : (
          <NetMomentContext value={moment}>
            <Drawing
              run={run}
              lab={lab}
              layout={layout}
              starts={starts}
              editing={editing}
              draggable={!narrow}
              onHold={setHeld}
            />
          </NetMomentContext>
        )}
      </div>
      {editing && (
        <div className={cx('min-h-0 border-line', narrow ? 'flex-1 border-t' : 'w-[344px] flex-none border-l')}>
          <NetworkPane />
        </div>
      )}
    </div>
  );
}

/** The first step that begins on each host. */
function startsOf(run: RunResult | null): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  run?.steps.forEach(({ from, to }, i) => {
    const host = run.events.slice(from, to).find((e) => e.type === 'born')?.host;
    if (host !== undefined && !starts.has(host)) starts.set(host, i);
  });
  return starts;
}

/** Segments that were added, and that nobody is on yet. */
function emptySegments(lab: Lab, run: RunResult): readonly RunResult['segments'][number][] {
  return Object.entries(addedSegments(lab))
    .filter(([name]) => !run.segments.some((s) => s.name === name))
    .map(([name, { prefix }]) => ({ name, prefixes: prefix === undefined ? [] : [prefix], ports: [] }));
}

function wordsOf(lab: Lab, run: RunResult): Readonly<Record<string, string>> {
  return Object.fromEntries(run.hosts.map((h) => [h.name, hostWords(h, hostSubtitle(lab.hosts[h.name]))]));
}

interface DrawingProps extends Omit<Net, 'drawn' | 'begin'> {
  readonly draggable: boolean;
  readonly onHold: (held: Held | null) => void;
}

/** What the packet moves takes the moment from the context: React Flow itself is not asked at each beat. */
const Drawing = memo(function Drawing(props: DrawingProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
});

/** A host that is being dragged. */
interface Held {
  readonly host: string;
  readonly at: Point;
}

/** How far the view is shrunk to show all: names alone are read in less room. */
const SMALLEST = { cards: 0.8, names: 0.66, editing: 0.55 };

/** Where a host lies is kept in the lab. */
function place({ host, at: [x, y] }: Held): void {
  const { lab, setLab } = stores.lab.getState();
  const view = viewOf(lab);
  setLab({
    ...lab,
    view: { ...view, positions: { ...view.positions, [host]: [Math.round(x), Math.round(y)] } },
  });
}

function Canvas({ draggable, onHold, ...net }: DrawingProps) {
  const { layout, editing } = net;
  const { drawn, begin } = useDrawing(layout);
  const lens = useRef<PacketLens | null>(null);
  const smallest = editing
    ? SMALLEST.editing
    : layout.cards.every((card) => card.small)
      ? SMALLEST.names
      : SMALLEST.cards;
  const frame = useRef<HTMLDivElement>(null);
  const [bar, setBar] = useState<HTMLElement | null>(null);
  // By the room for both: the graph alone is lower while there is a bar.
  const barred = useStore(
    ({ width }) => width > 0 && wantsBar(layout.bounds, width, frame.current?.clientHeight ?? 0, smallest),
  );
  const nodes = useMemo<NetNode[]>(
    () => [
      nodeAt('heading', 'heading', { x: 28, y: 20, w: 480, h: 70 }, {}),
      ...layout.cards.map((card) => ({ ...nodeAt(`host-${card.host.name}`, 'host', card, { card }), draggable })),
      ...(layout.table === null ? [] : [nodeAt('wirelog', 'wirelog', layout.table, {})]),
    ],
    [layout, draggable],
  );
  const heldOf = (node: NetNode): Held => ({
    host: node.id.replace(/^host-/, ''),
    at: [node.position.x, node.position.y],
  });
  return (
    <NetContext value={{ ...net, drawn, begin }}>
      <div ref={frame} className="flex h-full flex-col">
        <div className="min-h-0 flex-1">
          <ReactFlow<NetNode>
            nodes={nodes}
            nodeTypes={netNodeTypes}
            {...drawingOnly}
            nodeDragThreshold={4}
            onNodeDrag={(_, node) => onHold(heldOf(node))}
            onNodeDragStop={(_, node) => {
              onHold(null);
              place(heldOf(node));
            }}
          >
            <Camera
              bounds={layout.bounds}
              subject={labTitle(net.lab)}
              lens={lens}
              smallest={smallest}
              {...(barred ? { bar } : { hosts: layout.cards })}
              beyond={(taken) => <Beyond boxes={layout.cards} barred={barred && bar !== null} onGo={taken} />}
            />
            <ViewportPortal>
              <Wires />
              <TravelLayer lens={lens} />
              <Ports />
              <DrawnWire />
            </ViewportPortal>
          </ReactFlow>
        </div>
        {barred && (
          <div
            ref={setBar}
            className={cx(
              'flex min-h-[38px] flex-none items-center gap-2 border-line border-t px-3 py-[3px]',
              // The sheet below rounds its corners over it.
              !draggable && !editing && 'pb-[22px]',
            )}
            data-testid="camera-bar"
          />
        )}
      </div>
    </NetContext>
  );
}
