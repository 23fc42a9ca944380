import { Tabs } from 'radix-ui';
import { type ReactNode, Suspense, useEffect } from 'react';
import type { TraceEvent } from '../../src/model';
import { type InspectorTab, type Selection, stores, useMoment, usePlay, useRun, useView } from '../store';
import { cx, Guard, later } from '../ui';
import { ChainPanel } from './ChainPanel';
import { useInspectedHost } from './subject';

// Only the first tab is there from the start; the others come as soon as the page has nothing else to do.
const heavy = () => import('./lazy');
const ConntrackPanel = later(() => heavy().then((m) => m.ConntrackPanel));
const PacketPanel = later(() => heavy().then((m) => m.PacketPanel));
const RoutesPanel = later(() => heavy().then((m) => m.RoutesPanel));
const SelectionPanel = later(() => heavy().then((m) => m.SelectionPanel));
const SetsPanel = later(() => heavy().then((m) => m.SetsPanel));

const TITLES: Readonly<Record<InspectorTab, string>> = {
  chain: 'Chain',
  packet: 'Packet',
  conntrack: 'Conntrack',
  routes: 'Routes',
  sets: 'Sets',
};

/** The first tab tells of what is selected, if that is no chain. */
const SELECTED: Readonly<Record<Exclude<Selection['kind'], 'chain'>, string>> = {
  function: 'Hook',
  hook: 'Hook',
  interface: 'Interface',
  local: 'Sockets',
  routing: 'Routing',
  host: 'Host',
};

/** What an event of this type changes is told by the tab's dot. */
function tabOf(event: TraceEvent): InspectorTab | null {
  switch (event.type) {
    case 'nat':
    case 'change':
      return 'packet';
    case 'conntrack':
      return event.what === 'found' || event.what === 'untracked' || event.what === 'invalid' ? null : 'conntrack';
    case 'nat-setup':
      return 'conntrack';
    case 'route':
      return 'routes';
    case 'set':
      return 'sets';
    default:
      return null;
  }
}

/** What is known about the packet and the host on show: the chain, the packet, flows, routes, sets. */
export function Inspector() {
  const tab = useView((s) => s.tab);
  const ran = useRun((s) => s.result !== null);
  useEffect(() => {
    if (!ran) return;
    const timer = setTimeout(() => void heavy().catch(() => undefined), 2000);
    return () => clearTimeout(timer);
  }, [ran]);
  const selection = useView((s) => s.selection);
  const host = useInspectedHost();
  const sets = useMoment((s) => (s.world?.hosts.find((h) => h.name === host)?.ipset.length ?? 0) > 0);
  const tabs = (Object.keys(TITLES) as InspectorTab[]).filter((name) => name !== 'sets' || sets);
  const shown = tabs.includes(tab) ? tab : 'chain';
  const aboutSelection = selection !== null && selection.kind !== 'chain';
  return (
    <Tabs.Root
      value={shown}
      onValueChange={(value) => stores.view.getState().setTab(value as InspectorTab)}
      className="flex h-full min-h-0 flex-col"
      data-testid="inspector"
    >
      <Tabs.List
        aria-label="Inspector"
        className="flex h-[42px] flex-none items-stretch gap-[2px] overflow-x-auto overflow-y-hidden border-line border-b px-[6px] [scrollbar-width:none] wide:px-[10px] pointer-coarse:h-12 in-[dialog]:pr-12"
      >
        {tabs.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            data-testid={`tab-${name}`}
            // After a click → and ← are the packet's again: only who comes by keys goes from tab to tab with them.
            onClick={(e) => {
              if (e.detail > 0) e.currentTarget.blur();
            }}
            className={cx(
              '-mb-px flex items-center gap-[6px] whitespace-nowrap border-transparent border-b-[2.5px] px-[6px] wide:px-[9px] font-[550] text-[13.5px] text-t2 -outline-offset-2 hover:text-t1',
              'data-[state=active]:border-t1 data-[state=active]:font-[650] data-[state=active]:text-t1',
            )}
          >
            {name === 'chain' && aboutSelection ? SELECTED[selection.kind] : TITLES[name]}
            <ChangedDot tab={name} host={host} />
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Panel name="chain">
        {aboutSelection ? <SelectionPanel selection={selection} /> : <ChainPanel host={host} />}
      </Panel>
      <Panel name="packet">
        <PacketPanel />
      </Panel>
      <Panel name="conntrack">
        <ConntrackPanel host={host} />
      </Panel>
      <Panel name="routes">
        <RoutesPanel host={host} />
      </Panel>
      <Panel name="sets">
        <SetsPanel host={host} />
      </Panel>
    </Tabs.Root>
  );
}

/** On the tab of what the event on show has changed. */
function ChangedDot({ tab, host }: { readonly tab: InspectorTab; readonly host: string }) {
  const events = useRun((s) => s.result?.events);
  const changed = usePlay(({ beats, beat }) => {
    const { first, event } = beats[beat] ?? { first: 0, event: -1 };
    return events?.slice(first, event + 1).some((e) => tabOf(e) === tab && (e.host === host || e.type === 'nat'));
  });
  if (changed !== true) return null;
  return (
    <span
      className="size-[7px] rounded-full bg-packet shadow-[0_0_0_1px_var(--packet-case)]"
      data-testid={`changed-${tab}`}
    >
      <span className="sr-only">changed by this event</span>
    </span>
  );
}

function Panel({ name, children }: { readonly name: InspectorTab; readonly children: ReactNode }) {
  return (
    <Tabs.Content
      value={name}
      // What has no room below a list that scrolls by itself is scrolled to.
      className="relative flex min-h-0 flex-1 flex-col overflow-y-auto -outline-offset-2"
      data-testid={`panel-${name}`}
    >
      <Guard what={`The panel ${TITLES[name]}`}>
        <Suspense fallback={null}>{children}</Suspense>
      </Guard>
    </Tabs.Content>
  );
}
