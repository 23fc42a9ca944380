import { type CSSProperties, Suspense, useState } from 'react';
import type { ConnSnapshot } from '../../src/model';
import { stores, useHostState } from '../store';
import { Badge, Button, counted, cx, Empty, Glyph, Icon, later, thin } from '../ui';
import { FlowFlags, FlowLine, WhichFlows } from './ConntrackSummary';
import { Expected } from './Expected';
import { useFlowMotion, useFlowsAbout } from './flowMotion';
import type { Collision, Phase } from './flows';
import { Ring } from './Ring';
import { Scroll } from './Scroll';
import { useFlow } from './subject';
import { flowLines, lineText, shareLeft, timeText } from './tuples';

const ConntrackView = later(() => import('./ConntrackView').then((m) => m.ConntrackView));
/** Longer lists are for the full view, which puts only what is in view into the page. */
const LISTED = 100;

/** The flows that the host knows. */
export function ConntrackPanel({ host }: { readonly host: string }) {
  const state = useHostState(host)?.conntrack;
  const flow = useFlow(host);
  const { step, mine, moved } = useFlowsAbout(host, state?.entries ?? NO_FLOWS);
  const motion = useFlowMotion(host);
  const [full, setFull] = useState(false);
  const [own, setOwn] = useState(false);
  if (state === undefined) return <Empty text="Nothing is known about this host yet." />;
  const all: readonly ConnSnapshot[] = [...state.unconfirmed, ...state.entries];
  if (!state.active && all.length === 0) {
    return (
      <Empty text={`Conntrack is off on ${host}: no rule asks for it.`}>
        <Button size="sm" icon="edit" onClick={() => stores.view.getState().setOverlay('editor')}>
          Edit the rules
        </Button>
      </Empty>
    );
  }
  const current = flow?.entry.id;
  const rows = own ? all.filter((e) => mine.has(e.id)) : all;
  const gone = motion.gone.filter((e) => !all.some((other) => other.id === e.id));
  return (
    <div className="flex min-h-0 flex-1 flex-col" style={{ '--speed': motion.speed } as CSSProperties}>
      <header className="flex-none px-[14px] pt-[12px] pb-2">
        <div className="flex items-center gap-2">
          <h2 className="min-w-0 font-[670] text-[16.5px] leading-[1.2] wrap-anywhere">{host}</h2>
          <span className="num whitespace-nowrap text-[13px] text-t2" data-testid="flow-count">
            {counted(state.entries.length, 'flow')}
          </span>
          <span className="flex-1" />
          <Button size="sm" data-testid="conntrack-expand" disabled={all.length === 0} onClick={() => setFull(true)}>
            <Icon name="fit" size={15} />
            Expand
          </Button>
        </div>
        {all.length > 1 && step !== null && (
          <WhichFlows step={step} own={own} testid="flows" className="mt-2" onOwn={setOwn} />
        )}
      </header>
      <Scroll label="Flows" className="flex-1">
        {all.length === 0 && gone.length === 0 && <Empty text="No flows yet. They appear with the first packet." />}
        {rows.length === 0 && all.length > 0 && <Empty text="No packet of this step has had to do with a flow here." />}
        <ul className="m-0 list-none p-0">
          {gone.map((entry) => (
            <Row key={`gone/${entry.id}`} entry={entry} on={false} phase="gone" moved={undefined} />
          ))}
          {rows.slice(0, LISTED).map((entry) => (
            <Row
              key={`${entry.confirmed}/${entry.id}`}
              entry={entry}
              on={entry.id === current}
              phase={motion.phases.get(entry.id)}
              moved={moved.find((m) => m.id === entry.id)}
              holder={state.entries.find((e) => e.id === moved.find((m) => m.id === entry.id)?.holder)}
            />
          ))}
        </ul>
        {rows.length > LISTED && (
          <p className="px-[14px] py-3 text-[13px] text-t2">
            And {thin(rows.length - LISTED)} more: expand to see them.
          </p>
        )}
        {state.expectations.length > 0 && <Expected list={state.expectations} flows={state.entries} />}
      </Scroll>
      {full && (
        <Suspense fallback={null}>
          <ConntrackView host={host} onClose={() => setFull(false)} />
        </Suspense>
      )}
    </div>
  );
}

const NO_FLOWS: readonly ConnSnapshot[] = [];

function Row({
  entry,
  on,
  phase,
  moved,
  holder,
}: {
  readonly entry: ConnSnapshot;
  readonly on: boolean;
  readonly phase: Phase | undefined;
  readonly moved: Collision | undefined;
  readonly holder?: ConnSnapshot | undefined;
}) {
  const { original, reply } = flowLines(entry);
  return (
    <li
      className={cx(
        'border-line border-t px-[14px] py-[10px]',
        on && 'bg-conntrack-w shadow-[inset_4px_0_0_var(--conntrack)]',
        !entry.confirmed && 'border-dashed',
        phase === 'gone' ? 'flow-gone' : phase !== undefined && 'flow-changed',
      )}
      data-testid="ct-row"
      data-state={phase === 'gone' ? 'gone' : !entry.confirmed ? 'unconfirmed' : on ? 'current' : 'idle'}
    >
      <div className="flex items-center gap-2">
        <b className="font-[620] text-[14px]">{entry.protocol}</b>
        {entry.family === 6 && <span className="text-[12px] text-t3">v6</span>}
        {entry.state !== undefined && (
          <span className={`font-[650] text-[12.5px] ${entry.state === 'ESTABLISHED' ? 'text-ok' : 'text-t2'}`}>
            {entry.state}
          </span>
        )}
        <span className="flex-1" />
        <Ring share={shareLeft(entry)} size={18} unconfirmed={!entry.confirmed} phase={phase} />
        <span className="mono text-[12.5px]" title={`of ${timeText(entry.timeSpan)}`}>
          {timeText(entry.timeLeft)}
        </span>
      </div>
      <FlowLine line={original} className="mt-1 text-[13px]" />
      <FlowLine line={reply} className="text-[13px] text-t2" />
      <div className="mt-[6px] flex flex-wrap gap-[5px]">
        {!entry.confirmed && <Badge hue="conntrack">not confirmed yet</Badge>}
        <FlowFlags entry={entry} />
      </div>
      {entry.counters !== undefined && (
        <p className="num mt-1 text-[12.5px] text-t3">
          {countText(entry.counters, 0)} sent, {countText(entry.counters, 1)} back
        </p>
      )}
      {moved !== undefined && (
        <p className="mt-[6px] flex items-start gap-[6px] text-[12.5px] text-t2" data-testid="ct-collision">
          <Glyph name="nat" size={14} className="mt-[2px] text-nat" />
          <span>
            {portWord(entry)} <b className="mono font-semibold text-t1">{moved.given}</b>, because{' '}
            {holder === undefined ? 'another flow' : lineText(flowLines(holder).original)} already{' '}
            {holder === undefined ? 'held' : 'holds'} <span className="mono">{moved.wanted}</span> towards the same{' '}
            {moved.side === 'src' ? 'server' : 'client'}.
          </span>
        </p>
      )}
    </li>
  );
}

const portWord = (entry: ConnSnapshot): string => (entry.original.id === undefined ? 'Got port' : 'Got id');

function countText({ packets, bytes }: NonNullable<ConnSnapshot['counters']>, direction: 0 | 1): string {
  const n = packets[direction];
  return `${counted(n, 'pkt')}${n === 0 ? '' : ` · ${thin(bytes[direction])} B`}`;
}
