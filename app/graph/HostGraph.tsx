import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { memo, Suspense, useMemo, useRef, useState } from 'react';
import { stores, useLab, usePlay, useView } from '../store';
import { Button, Chip, cx, Empty, type Layout, later } from '../ui';
import { Camera } from './Camera';
import { drawingOnly } from './flow';
import { hostNodeTypes, nodesOf } from './HostNodes';
import { LeftOut } from './LeftOut';
import { LineLayer, OverLayer } from './LineLayer';
import { Opening } from './Opening';
import { PacketLayer, type PacketLens } from './PacketLayer';
import { presenterNodeTypes } from './presenterNodeTypes';
import { MomentContext, type Place, PlaceContext, useHostScene, useScene } from './scene';

const VerticalHost = later(() => import('./VerticalHost').then((m) => m.VerticalHost));

/** One host: its hooks, and the packet on its way through them. */
export function HostGraph({ layout }: { readonly layout: Layout }) {
  const [all, setAll] = useState(false);
  const presented = useView((s) => s.presenter) && layout !== 'narrow';
  const { place, moment } = useHostScene(all, presented);
  const still = usePlay((s) => s.motion === 'jump' || s.scrubbing);
  const empty = useLab((s) => Object.keys(s.lab.hosts).length === 0);
  const narrow = layout === 'narrow';
  const chips = place !== null && (
    <>
      {place.layout.hidden.length > 0 && !presented && (
        <Chip onClick={() => setAll(true)}>+{place.layout.hidden.length} interfaces</Chip>
      )}
      {all && !presented && <Chip onClick={() => setAll(false)}>fewer interfaces</Chip>}
      <FamilySwitch place={place} />
    </>
  );
  return (
    <div
      className={cx('absolute inset-0 flex flex-col', still && 'still')}
      data-testid="host-canvas"
      data-layout={layout}
    >
      {place === null ? (
        empty ? (
          <Empty text="Add a host, or paste an iptables-save dump." />
        ) : (
          <Opening />
        )
      ) : (
        <PlaceContext value={place}>
          <MomentContext value={moment}>
            {/* Above the graph, not over it: it may be as wide as the graph. */}
            <div className="flex flex-none flex-wrap justify-end gap-2 px-3 pt-3 empty:hidden">
              {!narrow && <LeftOut host={place.host.name} />}
              {!presented && chips}
            </div>
            <div className="relative min-h-0 flex-1">
              {narrow ? (
                <Suspense fallback={null}>
                  <VerticalHost />
                </Suspense>
              ) : (
                <Canvas place={place} />
              )}
              {presented && (
                <div className="absolute top-3 right-3 left-3 z-5 flex flex-wrap justify-end gap-2 *:pointer-events-auto pointer-events-none">
                  {chips}
                </div>
              )}
              <Elsewhere />
            </div>
          </MomentContext>
        </PlaceContext>
      )}
    </div>
  );
}

/** What moves on it takes the moment from the context: React Flow itself is not asked at each beat. */
const Canvas = memo(function Canvas({ place: { layout, host } }: { readonly place: Place }) {
  const lens = useRef<PacketLens | null>(null);
  const nodes = useMemo(() => nodesOf(layout), [layout]);
  const corner = useMemo(
    () => ({
      left: Math.max(0, ...layout.devices.map((d) => (d.side === 'in' ? d.y + d.h : 0))),
      all: layout.rowBottom,
    }),
    [layout],
  );
  return (
    <ReactFlowProvider>
      <ReactFlow
        nodes={nodes}
        nodeTypes={layout.presented === true ? presenterNodeTypes : hostNodeTypes}
        className={layout.presented === true ? 'presented' : undefined}
        {...drawingOnly}
      >
        <Camera bounds={layout.bounds} subject={host.name} lens={lens} corner={corner} />
        <ViewportPortal>
          <LineLayer />
          <PacketLayer lens={lens} />
          <OverLayer />
        </ViewportPortal>
      </ReactFlow>
    </ReactFlowProvider>
  );
});

const FamilySwitch = memo(function FamilySwitch({ place: { host, layout } }: { readonly place: Place }) {
  const has = (family: string): boolean => host.hooks.some((h) => h.family === family && h.functions.length > 0);
  if (!has('ip') || !has('ip6')) return null;
  const { setFamily } = stores.view.getState();
  return (
    <>
      <Chip on={layout.family === 'ip'} onClick={() => setFamily('ip')}>
        IPv4
      </Chip>
      <Chip on={layout.family === 'ip6'} onClick={() => setFamily('ip6')}>
        IPv6
      </Chip>
    </>
  );
});

/** Says where the packet is when it is not on the host on show. */
function Elsewhere() {
  const { run, beat, walk } = useScene();
  const following = useView((s) => s.followHost);
  const playing = usePlay((s) => s.playing);
  if (beat === undefined || beat.packet === '' || walk.here) return null;
  const title = run.steps[beat.userStep]?.packets.find((p) => p.id === beat.packet)?.title ?? 'packet';
  const view = stores.view.getState();
  const goes = !following || !playing;
  return (
    <div
      className={cx(
        'absolute bottom-4 max-md:bottom-8 low:bottom-8 left-1/2 z-5 flex -translate-x-1/2 items-center gap-3 rounded-full border border-line-2 bg-panel py-1 pl-4 text-[13px] text-t2 shadow-lift',
        goes ? 'pr-1' : 'pr-4',
      )}
      data-testid="elsewhere"
    >
      <span>
        The {title} is at <b className="font-semibold text-t1">{beat.host}</b>
      </span>
      {goes && (
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
