import { lazy, Suspense, useState } from 'react';
import type { ConnSnapshot } from '../../src/model';
import { stores, useHostState } from '../store';
import { Badge, Button, Empty, Icon, thin } from '../ui';
import { FlowLine } from './ConntrackSummary';
import { Ring } from './Ring';
import { Scroll } from './Scroll';
import { useFlow } from './subject';
import { flagsOf, flowLines, shareLeft, timeText } from './tuples';

const ConntrackView = lazy(() => import('./ConntrackView').then((m) => ({ default: m.ConntrackView })));
/** Longer lists are for the full view, which puts only what is in view into the page. */
const LISTED = 100;

/** The flows that the host knows. */
export function ConntrackPanel({ host }: { readonly host: string }) {
  const state = useHostState(host)?.conntrack;
  const flow = useFlow(host);
  const [full, setFull] = useState(false);
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
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-none items-center gap-2 px-[14px] pt-[12px] pb-2">
        <h2 className="font-[670] text-[16.5px]">{host}</h2>
        <span className="num text-[13px] text-t2" data-testid="flow-count">
          {thin(state.entries.length)} {state.entries.length === 1 ? 'flow' : 'flows'}
        </span>
        <span className="flex-1" />
        <Button size="sm" data-testid="conntrack-expand" disabled={all.length === 0} onClick={() => setFull(true)}>
          <Icon name="fit" size={15} />
          Expand
        </Button>
      </header>
      <Scroll label="Flows" className="flex-1">
        {all.length === 0 && <Empty text="No flows yet. They appear with the first packet." />}
        <ul className="m-0 list-none p-0">
          {all.slice(0, LISTED).map((entry) => (
            <Row key={`${entry.confirmed}/${entry.id}`} entry={entry} on={entry.id === current} />
          ))}
        </ul>
        {all.length > LISTED && (
          <p className="px-[14px] py-3 text-[13px] text-t2">
            And {thin(all.length - LISTED)} more: expand to see them.
          </p>
        )}
        {state.expectations.length > 0 && (
          <section className="px-[14px] py-3">
            <h3 className="font-[650] text-[13.5px]">Expected</h3>
            <p className="text-[12.5px] text-t3">A helper has read that these will come.</p>
            {state.expectations.map((e) => (
              <p key={e.id} className="mono mt-1 text-[12.5px] wrap-anywhere">
                {`${e.src ?? 'any'}${e.sport === null ? '' : `:${e.sport}`} → ${e.dst}:${e.dport}`}
              </p>
            ))}
          </section>
        )}
      </Scroll>
      {full && (
        <Suspense fallback={null}>
          <ConntrackView host={host} onClose={() => setFull(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Row({ entry, on }: { readonly entry: ConnSnapshot; readonly on: boolean }) {
  const { original, reply } = flowLines(entry);
  return (
    <li
      className={`border-line border-t px-[14px] py-[10px] ${on ? 'bg-conntrack-w shadow-[inset_4px_0_0_var(--conntrack)]' : ''} ${entry.confirmed ? '' : 'border-dashed'}`}
      data-testid="ct-row"
      data-state={on ? 'current' : entry.confirmed ? 'idle' : 'unconfirmed'}
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
        <Ring share={shareLeft(entry)} size={18} unconfirmed={!entry.confirmed} />
        <span className="mono text-[12.5px]">{timeText(entry.timeLeft)}</span>
      </div>
      <FlowLine line={original} className="mt-1 text-[13px]" />
      <FlowLine line={reply} className="text-[13px] text-t2" />
      <div className="mt-[6px] flex flex-wrap gap-[5px]">
        {!entry.confirmed && <Badge hue="conntrack">not confirmed yet</Badge>}
        {flagsOf(entry).map((flag) => (
          <Badge key={flag.text} {...(flag.hue === '' ? {} : { hue: flag.hue })}>
            {flag.text}
          </Badge>
        ))}
      </div>
    </li>
  );
}
