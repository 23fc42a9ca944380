import { useMemo } from 'react';
import type { RouteLine } from '../../src/engine';
import type { ConsideredRoute } from '../../src/model';
import { stores, useBeat, useHostState, usePlay, useRun } from '../store';
import { Button, cx, Empty, Glyph } from '../ui';
import { Scroll } from './Scroll';
import { type EventOf, eventsBack } from './subject';

const WHY: Readonly<Record<ConsideredRoute['outcome'], string>> = {
  chosen: 'chosen',
  'rule-no-match': 'the rule is not for this packet',
  'no-prefix-match': 'not this network',
  'shorter-prefix': 'fits, but another is longer',
  'higher-metric': 'fits, but its metric is higher',
  'tos-differs': 'for another TOS',
  'oif-differs': 'for another interface',
  throw: 'ends this table, the next rule is asked',
  dead: 'its interface is down',
  'table-empty': 'the table is empty',
};
const RESULT: Readonly<Record<EventOf<'route'>['result'], string>> = {
  local: 'The destination is this host: the packet goes up to INPUT.',
  unicast: 'The packet goes on.',
  broadcast: 'The destination is a broadcast address.',
  multicast: 'The destination is a multicast group.',
  unreachable: 'The route says unreachable: the packet is dropped, and the sender is told.',
  prohibit: 'The route says prohibit: the packet is dropped, and the sender is told.',
  blackhole: 'The route is a black hole: the packet is dropped in silence.',
  throw: 'A throw route ended the last table: there is no route.',
  'no-route': 'No route fits: the packet is dropped.',
  'martian-source': 'The source can not be: the packet is dropped.',
  'martian-destination': 'The destination can not be: the packet is dropped.',
  'rp-filter': 'The source would not be reached by where it came from (rp_filter): the packet is dropped.',
};
const KIND = {
  input: 'for a packet that arrived',
  output: 'for a packet made here',
  reroute: 'again, because NAT or a mark changed it',
} as const;

function grouped<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The last route lookup of the packet on this host, in the order in which rules and routes were asked; then all routes. */
export function RoutesPanel({ host }: { readonly host: string }) {
  const state = useHostState(host);
  const events = useRun((s) => s.result?.events);
  const cursor = usePlay((s) => s.cursor);
  const beat = useBeat();
  const lookup = useMemo((): EventOf<'route'> | null => {
    if (events === undefined || beat === undefined) return null;
    for (const event of eventsBack(events, cursor, beat.userStep)) {
      if (event.type === 'route' && event.host === host && event.packet === beat.packet) return event;
    }
    return null;
  }, [events, cursor, beat, host]);
  const tables = useMemo(() => grouped(state?.routes ?? [], (r) => `${r.family} ${r.table}`), [state]);
  const now = beat?.event !== undefined && lookup !== null && beat.first <= lookup.id && lookup.id <= beat.event;
  return (
    <Scroll label="Routes" className="flex-1 px-[14px] pt-[14px] pb-4">
      {lookup !== null && <Lookup event={lookup} now={now} />}
      {lookup === null && <p className="pb-3 text-[13px] text-t2">This packet has not been looked up on {host} yet.</p>}
      {tables.size === 0 && (
        <Empty text={`${host} has no routes.`}>
          <Button size="sm" icon="edit" onClick={() => stores.view.getState().setOverlay('editor')}>
            Edit the routes
          </Button>
        </Empty>
      )}
      {(state?.rules.length ?? 0) > 0 && (
        <section className="border-line border-t pt-3 pb-3">
          <h2 className="text-[14.5px]">Rules</h2>
          <p className="pb-1 text-[12.5px] text-t3">Asked from the top. Each names a table.</p>
          {state?.rules.map((rule) => (
            <p
              key={`${rule.family} ${rule.priority} ${rule.text}`}
              className="mono py-[2px] text-[12.5px] wrap-anywhere"
            >
              {`${rule.priority}: ${rule.text}`}
            </p>
          ))}
        </section>
      )}
      {[...tables].map(([key, routes]) => (
        <Table key={key} routes={routes} chosen={lookup?.route ?? ''} />
      ))}
    </Scroll>
  );
}

function Lookup({ event, now }: { readonly event: EventOf<'route'>; readonly now: boolean }) {
  const found =
    event.result === 'local' ||
    event.result === 'unicast' ||
    event.result === 'broadcast' ||
    event.result === 'multicast';
  const groups = [...grouped(event.considered, (c) => `${c.rule} ${c.table}`)];
  return (
    <section
      className="pb-4"
      aria-label="Route lookup"
      data-testid="route-lookup"
      data-state={now ? 'current' : 'passed'}
    >
      <div className="flex items-center gap-2">
        <Glyph name="route" size={18} className={found ? 'text-routing' : 'text-bad'} />
        <h2 className="text-[16.5px]">
          To <span className="mono">{event.dst}</span>
        </h2>
      </div>
      <p className="mt-1 text-[13px] text-t2">
        Looked up {KIND[event.kind]}. {RESULT[event.result]}
      </p>
      {groups.length === 0 && event.route !== '' && <Considered route={event.route} outcome="chosen" />}
      {groups.map(([key, list]) => (
        <div key={key} className="mt-3">
          <p className="text-[12.5px] text-t3">
            rule {list[0]?.rule}, table <span className="mono text-t2">{list[0]?.table}</span>
          </p>
          {list.map((c) => (
            <Considered key={c.route + c.outcome} route={c.route} outcome={c.outcome} />
          ))}
        </div>
      ))}
      {found && event.result === 'unicast' && (
        <p className="mt-3 text-[13px] text-t2">
          Leaves by <span className="mono text-t1">{event.dev}</span>, next{' '}
          <span className="mono text-t1">{event.gateway ?? event.dst}</span>
          {event.gateway === null ? ', the destination itself' : ', the gateway'}.
        </p>
      )}
    </section>
  );
}

function Considered({ route, outcome }: Pick<ConsideredRoute, 'route' | 'outcome'>) {
  const won = outcome === 'chosen';
  return (
    <div
      className={cx(
        'mt-1 rounded-card border px-[10px] py-[7px]',
        won ? 'hue-routing border-(--c) bg-(--w)' : 'border-line',
      )}
      data-testid="considered"
      data-state={won ? 'matched' : 'passed'}
    >
      {route !== '' && (
        <p className={cx('mono text-[12.5px] wrap-anywhere', won ? 'font-semibold text-t1' : 'text-t2')}>{route}</p>
      )}
      <p className={cx('flex items-center gap-[6px] text-[12.5px]', won ? 'text-t1' : 'text-t3')}>
        {won && <Glyph name="pass" size={13} className="text-ok" />}
        {WHY[outcome]}
      </p>
    </div>
  );
}

function Table({ routes, chosen }: { readonly routes: readonly RouteLine[]; readonly chosen: string }) {
  const first = routes[0];
  if (first === undefined) return null;
  return (
    <section className="border-line border-t pt-3 pb-3" data-testid={`routes-${first.table}`}>
      <h2 className="text-[14.5px]">
        Table {first.table} {first.family === 'ip6' && <span className="font-normal text-[12.5px] text-t3">IPv6</span>}
      </h2>
      {routes.map((route) => (
        <p
          key={route.text}
          className={cx(
            'mono -mx-[6px] mt-[2px] rounded-[6px] px-[6px] py-[3px] text-[12.5px] wrap-anywhere',
            route.text === chosen && 'hue-routing bg-(--w) font-semibold',
          )}
        >
          {route.text}
        </p>
      ))}
    </section>
  );
}
