import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { useMemo, useRef, useState } from 'react';
import type { Lab, RunResult } from '../../src/engine';
import { addedSegments, NetworkPane } from '../setup/lazy';
import { type Beat, labTitle, stores, useBeat, useLab, useRun, useView, viewOf } from '../store';
import { Button, cx, Empty, type Layout } from '../ui';
import { Camera } from './Camera';
import type { Point } from './geometry';
import { DrawnWire, useDrawing } from './NetworkConnect';
import { type NetNode, netNodeTypes } from './NetworkNodes';
import { Ports, TravelLayer, Wires } from './NetworkWires';
import { NetContext } from './net';
import { type NetworkLayout, networkLayout } from './networkLayout';
import { type NetworkState, networkState } from './networkState';
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
  const layout = useMemo(() => (run === null ? null : networkLayout(run, positions, empty)), [run, positions, empty]);
  const state = useMemo(() => (run === null ? null : networkState(run, beat)), [run, beat]);
  const editing = useView((s) => s.networkEdit !== null && !s.presenter);
  const narrow = pageLayout === 'narrow';
  return (
    <div className={cx('absolute inset-0 flex', narrow && 'flex-col')}>
      <div
        className={cx('relative min-h-0 min-w-0', narrow && editing ? 'h-[34%] flex-none' : 'flex-1')}
        data-testid="network-canvas"
        data-layout={pageLayout}
        {...(editing ? { 'data-editing': '' } : {})}
      >
        {run === null || layout === null || state === null ? null : run.hosts.length === 0 ? (
          <Empty text="Add a host, or paste an iptables-save dump.">
            <Button icon="plus" onClick={() => stores.view.getState().editNetwork({ adding: 'host' })}>
              Add a host
            </Button>
          </Empty>
        ) : (
          <ReactFlowProvider>
            <Drawing
              run={run}
              lab={lab}
              beat={beat}
              layout={layout}
              state={state}
              editing={editing}
              draggable={!narrow}
              onHold={setHeld}
              onDrop={({ host, at }) => {
                setHeld(null);
                place(host, at);
              }}
            />
          </ReactFlowProvider>
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

/** Segments that were added, and that nobody is on yet. */
function emptySegments(lab: Lab, run: RunResult): readonly RunResult['segments'][number][] {
  return Object.entries(addedSegments(lab))
    .filter(([name]) => !run.segments.some((s) => s.name === name))
    .map(([name, { prefix }]) => ({ name, prefixes: prefix === undefined ? [] : [prefix], ports: [] }));
}

/** The drawing, with what is held over it. */
function Drawing({
  run,
  lab,
  beat,
  layout,
  state,
  editing,
  ...canvas
}: {
  readonly run: RunResult;
  readonly lab: Lab;
  readonly beat: Beat | undefined;
  readonly layout: NetworkLayout;
  readonly state: NetworkState;
  readonly editing: boolean;
  readonly draggable: boolean;
  readonly onHold: (held: Held) => void;
  readonly onDrop: (held: Held) => void;
}) {
  const { drawn, begin } = useDrawing(layout);
  return (
    <NetContext.Provider value={{ run, lab, beat, layout, state, editing, drawn, begin }}>
      <Canvas layout={layout} title={labTitle(lab)} editing={editing} {...canvas} />
    </NetContext.Provider>
  );
}

/** A host that is being dragged. */
interface Held {
  readonly host: string;
  readonly at: Point;
}

/** Where a host lies is kept in the lab. */
function place(host: string, [x, y]: Point): void {
  const { lab, setLab } = stores.lab.getState();
  const view = viewOf(lab);
  setLab({
    ...lab,
    view: { ...view, positions: { ...view.positions, [host]: [Math.round(x), Math.round(y)] } },
  });
}

const NO_EDGES: never[] = [];

function Canvas({
  layout,
  title,
  editing,
  draggable,
  onHold,
  onDrop,
}: {
  readonly layout: NetworkLayout;
  readonly title: string;
  readonly editing: boolean;
  readonly draggable: boolean;
  readonly onHold: (held: Held) => void;
  readonly onDrop: (held: Held) => void;
}) {
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
      { id: 'heading', type: 'heading', position: { x: 28, y: 20 }, width: 480, height: 70, data: {}, ...fixed },
      ...layout.cards.map(
        (card): NetNode => ({
          id: `host-${card.host.name}`,
          type: 'host',
          position: { x: card.x, y: card.y },
          width: card.w,
          height: card.h,
          data: { card },
          ...fixed,
          draggable,
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
  }, [layout, draggable]);
  const heldOf = (node: NetNode): Held => ({
    host: node.id.replace(/^host-/, ''),
    at: [node.position.x, node.position.y],
  });
  return (
    <ReactFlow<NetNode>
      nodes={nodes}
      edges={NO_EDGES}
      nodeTypes={netNodeTypes}
      minZoom={0.3}
      maxZoom={2}
      nodeDragThreshold={4}
      onNodeDrag={(_, node) => onHold(heldOf(node))}
      onNodeDragStop={(_, node) => onDrop(heldOf(node))}
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
        <DrawnWire />
      </ViewportPortal>
      <Camera bounds={layout.bounds} subject={title} lens={lens} smallest={editing ? 0.45 : 0.8} side="right" />
    </ReactFlow>
  );
}
