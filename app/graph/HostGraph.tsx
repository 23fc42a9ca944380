import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { stores, useBeat, useLab, usePlay, useView } from '../store';
import { Button, Chip, Empty, type Layout } from '../ui';
import { Camera } from './Camera';
import { type HostNode, hostNodeTypes } from './HostNodes';
import { LeftOut } from './LeftOut';
import { LineLayer, OverLayer } from './LineLayer';
import type { HostLayout } from './layout';
import { PacketLayer, type PacketLens } from './PacketLayer';
import { presenterNodeTypes } from './PresenterNodes';
import { type Scene, SceneContext, useHostScene } from './scene';

const VerticalHost = lazy(() => import('./VerticalHost').then((m) => ({ default: m.VerticalHost })));

/** One host: its hooks, and the packet on its way through them. */
export function HostGraph({ layout }: { readonly layout: Layout }) {
  const [all, setAll] = useState(false);
  const presented = useView((s) => s.presenter) && layout !== 'narrow';
  const scene = useHostScene(all, presented);
  const still = usePlay((s) => s.motion === 'jump' || s.scrubbing);
  const empty = useLab((s) => Object.keys(s.lab.hosts).length === 0);
  return (
    <div
      className={still ? 'still absolute inset-0' : 'absolute inset-0'}
      data-testid="host-canvas"
      data-layout={layout}
    >
      {scene === null ? (
        empty && <Empty text="Add a host, or paste an iptables-save dump." />
      ) : (
        <SceneContext.Provider value={scene}>
          {layout === 'narrow' ? (
            <Suspense fallback={null}>
              <VerticalHost />
            </Suspense>
          ) : (
            <ReactFlowProvider>
              <Canvas scene={scene} />
            </ReactFlowProvider>
          )}
          <div className="absolute top-3 right-3 left-3 z-5 flex flex-wrap justify-end gap-2 *:pointer-events-auto pointer-events-none">
            {layout !== 'narrow' && <LeftOut host={scene.host.name} />}
            {scene.layout.hidden.length > 0 && !presented && (
              <Chip onClick={() => setAll(true)}>+{scene.layout.hidden.length} interfaces</Chip>
            )}
            {all && !presented && <Chip onClick={() => setAll(false)}>fewer interfaces</Chip>}
            <FamilySwitch scene={scene} />
          </div>
          <Elsewhere scene={scene} />
        </SceneContext.Provider>
      )}
    </div>
  );
}

/** For a room: the name of an interface on either side, instead of a box for each. */
function labelsOf(layout: HostLayout, fixed: object): HostNode[] {
  return (['in', 'out'] as const).flatMap((side) => {
    const first = layout.devices.find((d) => d.side === side);
    if (first === undefined) return [];
    return [
      {
        id: `device-${side}`,
        type: 'device',
        position: { x: first.x, y: first.y },
        width: first.w,
        height: first.h,
        data: { side, box: first },
        ...fixed,
      } as HostNode,
    ];
  });
}

function nodesOf(layout: HostLayout): HostNode[] {
  // React Flow takes the pointer away from nodes that it has nothing to do with.
  const fixed = {
    draggable: false,
    selectable: false,
    connectable: false,
    focusable: false,
    style: { pointerEvents: 'all' },
  } as const;
  const [x, y] = layout.routeInput;
  const [ox, oy] = layout.routeOutput;
  return [
    {
      id: 'title',
      type: 'title',
      position: layout.title,
      width: layout.title.w,
      height: layout.title.h,
      data: {},
      ...fixed,
    },
    ...(layout.presented === true
      ? labelsOf(layout, fixed)
      : layout.devices.map(
          (box): HostNode => ({
            id: box.stop,
            type: 'device',
            position: { x: box.x, y: box.y },
            width: box.w,
            height: box.h,
            data: { box },
            ...fixed,
          }),
        )),
    ...layout.hooks.map(
      (box): HostNode => ({
        id: `hook-${box.hook}`,
        type: 'hook',
        position: { x: box.x, y: box.y },
        width: box.w,
        height: box.h,
        data: { box },
        ...fixed,
      }),
    ),
    {
      id: 'local',
      type: 'local',
      position: layout.local,
      width: layout.local.w,
      height: layout.local.h,
      data: {},
      ...fixed,
    },
    {
      id: 'routing-input',
      type: 'routing',
      position: { x: x - 25, y: y - 25 },
      width: 50,
      height: 50,
      data: { which: 'input' },
      ...fixed,
    },
    {
      id: 'routing-output',
      type: 'routing',
      position: { x: ox - 14, y: oy - 14 },
      width: 28,
      height: 28,
      data: { which: 'output' },
      ...fixed,
    },
  ];
}

const NO_EDGES: never[] = [];

function Canvas({ scene }: { readonly scene: Scene }) {
  const lens = useRef<PacketLens | null>(null);
  const nodes = useMemo(() => nodesOf(scene.layout), [scene.layout]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={NO_EDGES}
      nodeTypes={scene.layout.presented === true ? presenterNodeTypes : hostNodeTypes}
      className={scene.layout.presented === true ? 'presented' : undefined}
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
        <LineLayer layout={scene.layout} walk={scene.walk} />
        <PacketLayer scene={scene} lens={lens} />
        <OverLayer layout={scene.layout} walk={scene.walk} />
      </ViewportPortal>
      <Camera bounds={scene.layout.bounds} subject={scene.host.name} lens={lens} />
    </ReactFlow>
  );
}

function FamilySwitch({ scene }: { readonly scene: Scene }) {
  const has = (family: string): boolean => scene.host.hooks.some((h) => h.family === family && h.functions.length > 0);
  if (!has('ip') || !has('ip6')) return null;
  const { setFamily } = stores.view.getState();
  return (
    <>
      <Chip on={scene.layout.family === 'ip'} onClick={() => setFamily('ip')}>
        IPv4
      </Chip>
      <Chip on={scene.layout.family === 'ip6'} onClick={() => setFamily('ip6')}>
        IPv6
      </Chip>
    </>
  );
}

/** Says where the packet is when it is not on the host on show. */
function Elsewhere({ scene }: { readonly scene: Scene }) {
  const beat = useBeat();
  const following = useView((s) => s.followHost);
  const playing = usePlay((s) => s.playing);
  const title = scene.run.steps[beat?.userStep ?? -1]?.packets.find((p) => p.id === beat?.packet)?.title ?? 'packet';
  if (beat === undefined || beat.packet === '' || scene.walk.here) return null;
  const view = stores.view.getState();
  return (
    <div
      className="absolute bottom-4 left-1/2 z-5 flex -translate-x-1/2 items-center gap-3 rounded-full border border-line-2 bg-panel py-1 pr-1 pl-4 text-[13px] text-t2 shadow-lift"
      data-testid="elsewhere"
    >
      <span>
        The {title} is at <b className="font-semibold text-t1">{beat.host}</b>
      </span>
      {(!following || !playing) && (
        <Button
          size="sm"
          className="rounded-full"
          onClick={() => {
            view.showHost(beat.host);
            view.setFollowHost(true);
          }}
        >
          Go there
        </Button>
      )}
    </div>
  );
}
