import { useMemo } from 'react';
import type { RouteLine, RouteRule } from '../../src/engine';
import type { ConsideredRoute, EventOf } from '../../src/model';
import { stores, useBeat, useHostState, useMoment, usePlay, useRun } from '../store';
import { Button, cx, Empty, Glyph, Sentence, sentenceOf } from '../ui';
import { type AskedRule, askedRules, type RuleOutcome, sourceCheck, whyChosen } from './lookup';
import { Scroll } from './Scroll';
import { eventsBack } from './subject';

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
const RULE: Readonly<Record<RuleOutcome, string>> = {
  chosen: 'decides',
  'not-for-it': 'not for this packet',
  'no-route': 'no route fits, the next rule is asked',
  'table-empty': 'the table is empty, the next rule is asked',
  'passed-over': 'looked at, does not decide',
  'not-asked': 'not asked any more',
};
const RESULT: Readonly<Record<EventOf<'route'>['result'], string>> = {
  local: 'The destination is this host: the packet goes up to INPUT.',
  unicast: 'The packet goes on.',
  broadcast: 'The destination is a broadcast address: the packet is for this host, too.',
  multicast: 'The destination is a multicast group.',
  unreachable: 'The route says unreachable: the packet is dropped, and the sender is told.',
  prohibit: 'The route says prohibit: the packet is dropped, and the sender is told.',
  blackhole: 'The route is a black hole: the packet is dropped in silence.',
  throw: 'A throw route ended the last table: there is no route.',
  'no-route': 'No route leads there.',
  'martian-source': 'A martian: the source cannot come from there.',
  'martian-destination': 'A martian: the destination must not be on a wire.',
  'rp-filter': 'rp_filter: the source would not be reached by where the packet came from.',
};
const KIND = {
  input: 'for a packet that arrived',
  output: 'for a packet made here',
  reroute: 'again, because NAT or a mark changed it',
} as const;
const REFUSED: ReadonlySet<string> = new Set(['unreachable', 'prohibit', 'blackhole']);
const FOUND: ReadonlySet<string> = new Set(['local', 'unicast', 'broadcast', 'multicast']);

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
  // What came of a lookup without a way: the packet's next event on this host.
  const drop = useMemo((): EventOf<'drop'> | EventOf<'send-error'> | null => {
    if (events === undefined || lookup === null || FOUND.has(lookup.result)) return null;
    for (let i = lookup.id + 1; i < events.length; i++) {
      const event = events[i];
      if (event === undefined || event.userStep !== lookup.userStep) return null;
      if (event.packet !== lookup.packet || event.host !== host) continue;
      if (event.type === 'route') return null;
      if (event.type === 'drop' || event.type === 'send-error') return event;
    }
    return null;
  }, [events, lookup, host]);
  const tables = useMemo(() => grouped(state?.routes ?? [], (r) => `${r.family} ${r.table}`), [state]);
  const now = beat?.event !== undefined && lookup !== null && beat.first <= lookup.id && lookup.id <= beat.event;
  const rules = state?.rules ?? [];
  return (
    <Scroll label="Routes" className="flex-1 px-[14px] pt-[14px] pb-4">
      {lookup !== null && <Lookup event={lookup} drop={drop} now={now} rules={rules} />}
      {lookup === null && beat !== undefined && (
        <p className="pb-3 text-[13px] text-t2">{host} has looked up no route for this packet yet.</p>
      )}
      {tables.size === 0 && (
        <Empty text={`${host} has no routes.`}>
          <Button size="sm" icon="edit" onClick={() => stores.view.getState().setOverlay('editor')}>
            Edit the routes
          </Button>
        </Empty>
      )}
      {(['ip', 'ip6'] as const).map((family) => {
        const own = rules.filter((rule) => rule.family === family);
        // Those of the lookup are above already.
        if (own.length === 0 || (lookup !== null && lookup.family === family && lookup.considered.length > 0))
          return null;
        return <Rules key={family} title={family === 'ip6' ? 'Rules, IPv6' : 'Rules'} rules={own} />;
      })}
      {[...tables].map(([key, routes]) => (
        <Table
          key={key}
          routes={routes}
          chosen={
            lookup !== null && lookup.family === routes[0]?.family && lookup.table === routes[0]?.table
              ? lookup.route
              : ''
          }
        />
      ))}
    </Scroll>
  );
}

function Rules({ title, rules }: { readonly title: string; readonly rules: readonly RouteRule[] }) {
  return (
    <section className="border-line border-t pt-3 pb-3">
      <h2 className="text-[14.5px]">{title}</h2>
      <p className="pb-1 text-[12.5px] text-t3">Asked from the top. Each names a table.</p>
      {rules.map((rule) => (
        <p key={`${rule.priority} ${rule.text}`} className="mono py-[2px] text-[12.5px] wrap-anywhere">
          {rule.priority}: {rule.text}
        </p>
      ))}
    </section>
  );
}

function Lookup({
  event,
  drop,
  now,
  rules,
}: {
  readonly event: EventOf<'route'>;
  readonly drop: EventOf<'drop'> | EventOf<'send-error'> | null;
  readonly now: boolean;
  readonly rules: readonly RouteRule[];
}) {
  const found = FOUND.has(event.result);
  // A rule that leads nowhere by itself has looked at no route.
  const byRule = event.route === '' && REFUSED.has(event.result);
  const asked = event.considered.length > 0 || byRule ? askedRules(rules, event.considered, event.family) : [];
  const check = sourceCheck(event);
  return (
    <section
      className="pb-4"
      aria-label="Route lookup"
      data-testid="route-lookup"
      data-state={now ? 'current' : 'passed'}
    >
      <div className="flex items-start gap-2">
        <Glyph name="route" size={18} className={cx('mt-[3px]', found ? 'text-routing' : 'text-bad')} />
        <h2 className="min-w-0 text-[16.5px] wrap-anywhere">
          To <span className="mono">{event.dst}</span>
        </h2>
      </div>
      <p className="mt-1 text-[13px] text-t2">
        Looked up {KIND[event.kind]}
        {event.iif !== '' && event.kind === 'input' && (
          <>
            {' '}
            by <span className="mono text-t1">{event.iif}</span>
          </>
        )}
        {event.src !== '' && (
          <>
            {' '}
            from <span className="mono text-t1 wrap-anywhere">{event.src}</span>
          </>
        )}
        {event.mark !== 0 && (
          <>
            , mark <span className="mono text-t1">0x{event.mark.toString(16)}</span>
          </>
        )}
        .
      </p>
      <div
        className={cx('mt-2 rounded-card p-[10px] text-[13px]', found ? 'bg-raised' : 'bg-bad-w')}
        data-testid="route-result"
        data-state={event.result}
      >
        <p>
          {byRule ? (
            `A rule says ${event.result}: the packet is dropped${event.result === 'blackhole' ? ' in silence' : ', and the sender is told'}.`
          ) : event.result === 'unicast' ? (
            <>
              Leaves by <b className="mono font-semibold">{event.dev}</b>, next{' '}
              <b className="mono font-semibold wrap-anywhere">{event.gateway ?? event.dst}</b>
              {event.gateway === null ? ', the destination itself.' : ', the gateway.'}
            </>
          ) : (
            RESULT[event.result]
          )}
        </p>
        {drop !== null && <Dropped event={drop} />}
      </div>
      {check !== null && (
        <div className="mt-3" data-testid="source-check" data-state={check.ok ? 'ok' : 'failed'}>
          <h3 className="font-[650] text-[13.5px]">Check of the source</h3>
          <p className="mt-1 flex items-start gap-[6px] text-[13px] text-t2">
            <Glyph
              name={check.ok ? 'pass' : 'bad'}
              size={14}
              className={cx('mt-[3px]', check.ok ? 'text-ok' : 'text-bad')}
            />
            <span className="min-w-0 wrap-anywhere">{check.text}</span>
          </p>
          {event.back?.route !== undefined && event.back.route !== '' && (
            <p className="mono mt-1 ml-5 text-[12.5px] text-t2 wrap-anywhere">{event.back.route}</p>
          )}
        </div>
      )}
      {asked.length > 0 && (
        <>
          <h3 className="mt-4 font-[650] text-[13.5px]">
            Rules, in the order in which they are asked
            {event.family === 'ip6' && <span className="font-normal text-t3"> IPv6</span>}
          </h3>
          <ol className="m-0 list-none p-0">
            {asked.map((rule) => (
              <Asked key={`${rule.priority} ${rule.text}`} rule={rule} all={event.considered} />
            ))}
          </ol>
        </>
      )}
      {asked.length === 0 && event.route !== '' && <Considered route={event.route} outcome="chosen" why="" />}
      {asked.length === 0 && event.route === '' && !found && (
        <p className="mt-3 text-[13px] text-t2">No rule and no route was asked: the addresses alone decide.</p>
      )}
    </section>
  );
}

/** The reason by its name in the kernel, and in words. */
function Dropped({ event }: { readonly event: EventOf<'drop'> | EventOf<'send-error'> }) {
  const told = useMoment((s) => s.explanations?.list[event.id - s.explanations.from]);
  return (
    <p className="mt-[6px]" data-testid="route-drop">
      {told === undefined ? '' : <Sentence parts={sentenceOf(told)} />}
    </p>
  );
}

function Asked({ rule, all }: { readonly rule: AskedRule; readonly all: readonly ConsideredRoute[] }) {
  const won = rule.outcome === 'chosen';
  const quiet = rule.outcome === 'not-asked' || rule.outcome === 'not-for-it';
  return (
    <li
      className="border-line border-t py-2 first:border-t-0"
      data-testid={`route-rule-${rule.priority}`}
      data-state={rule.outcome}
    >
      <p
        className={cx(
          'mono text-[12.5px] wrap-anywhere',
          quiet ? 'text-t3' : won ? 'font-semibold text-t1' : 'text-t2',
        )}
      >
        {rule.priority}: {rule.text}
      </p>
      <p className={cx('flex items-center gap-[6px] text-[12.5px]', won ? 'text-t1' : 'text-t3')}>
        {won && <Glyph name="pass" size={13} className="text-ok" />}
        {RULE[rule.outcome]}
      </p>
      {rule.routes.map((c) => (
        <Considered
          key={c.route + c.outcome}
          route={c.route}
          outcome={c.outcome}
          why={won && c.outcome === 'chosen' ? whyChosen(all) : ''}
        />
      ))}
    </li>
  );
}

function Considered({
  route,
  outcome,
  why,
}: Pick<ConsideredRoute, 'route' | 'outcome'> & {
  /** Why the winner won. */
  readonly why: string;
}) {
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
      <p className={cx('mono text-[12.5px] wrap-anywhere', won ? 'font-semibold text-t1' : 'text-t2')}>{route}</p>
      <p className={cx('flex items-center gap-[6px] text-[12.5px]', won ? 'text-t1' : 'text-t3')}>
        {won && <Glyph name="pass" size={13} className="text-ok" />}
        {WHY[outcome]}
        {why !== '' && `: ${why}`}
      </p>
    </div>
  );
}

function Table({ routes, chosen }: { readonly routes: readonly RouteLine[]; readonly chosen: string }) {
  const first = routes[0];
  if (first === undefined) return null;
  return (
    <section
      className="border-line border-t pt-3 pb-3"
      data-testid={`routes-${first.table}${first.family === 'ip6' ? '-ip6' : ''}`}
    >
      <h2 className="text-[14.5px]">
        Table {first.table} {first.family === 'ip6' && <span className="font-normal text-[12.5px] text-t3">IPv6</span>}
      </h2>
      {routes.map((route) => (
        <p
          key={route.text}
          className={cx(
            'mono mt-[2px] rounded-[6px] px-[6px] py-[3px] text-[12.5px] wrap-anywhere',
            route.text === chosen && 'hue-routing bg-(--w) font-semibold',
          )}
        >
          {route.text}
        </p>
      ))}
    </section>
  );
}
