import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { useMemo, useRef, useState } from 'react';
import { labTitle, stores, useBeat, useLab, useRun, viewOf } from '../store';
import { Empty, type Layout } from '../ui';
import { Camera } from './Camera';
import type { Point } from './geometry';
import { type NetNode, netNodeTypes } from './NetworkNodes';
import { Ports, TravelLayer, Wires } from './NetworkWires';
import { NetContext } from './net';
import { type NetworkLayout, networkLayout } from './networkLayout';
import { networkState } from './networkState';
import type { PacketLens } from './PacketLayer';

/** All hosts and the segments between them, with the packet on its way from one to the next. */
export function NetworkGraph({ layout: pageLayout }: { readonly layout: Layout }) {
  const run = useRun((s) => s.result);
  const lab = useLab((s) => s.lab);
  const beat = useBeat();
  const { positions: kept } = viewOf(lab);
  const [held, setHeld] = useState<Held | null>(null);
  const positions = useMemo(() => (held === null ? kept : { ...kept, [held.host]: held.at }), [kept, held]);
  const layout = useMemo(() => (run === null ? null : networkLayout(run, positions)), [run, positions]);
  const state = useMemo(() => (run === null ? null : networkState(run, beat)), [run, beat]);
  return (
    <div className="absolute inset-0" data-testid="network-canvas" data-layout={pageLayout}>
      {run === null || layout === null || state === null ? null : run.hosts.length === 0 ? (
        <Empty text="Add a host, or paste an iptables-save dump." />
      ) : (
        <NetContext.Provider value={{ run, lab, beat, layout, state }}>
          <ReactFlowProvider>
            <Canvas
              layout={layout}
              title={labTitle(lab)}
              draggable={pageLayout !== 'narrow'}
              onHold={setHeld}
              onDrop={({ host, at }) => {
                setHeld(null);
                place(host, at);
              }}
            />
          </ReactFlowProvider>
        </NetContext.Provider>
      )}
    </div>
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
  draggable,
  onHold,
  onDrop,
}: {
  readonly layout: NetworkLayout;
  readonly title: string;
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
      </ViewportPortal>
      <Camera bounds={layout.bounds} subject={title} lens={lens} smallest={0.8} side="right" />
    </ReactFlow>
  );
}
