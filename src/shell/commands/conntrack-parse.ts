import { type Conn, type ConnSnapshot, IPS, type TupleSnapshot } from '../../model';
import { protocolNumber } from '../../wire';
import { type Fault, type Filter, parseFilters } from './conntrack-filter';
import { EVENTS, readConntrackWords, readOutput } from './conntrack-options';
import { readWords } from './conntrack-words';

export const HEAD = 'conntrack v1.4.7 (conntrack-tools): ';
export const tryHelp = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

type EventName = 'NEW' | 'UPDATE' | 'DESTROY';

interface EventOptions {
  readonly events: ReadonlySet<EventName>;
  readonly output: ReadonlySet<string>;
  readonly test: (entry: ConnSnapshot) => boolean;
}

const ALL = ['NEW', 'UPDATE', 'DESTROY'] as const;

/** What `conntrack -E` was asked for. */
export function parseEvents(args: readonly string[]): EventOptions | Fault {
  const read = readConntrackWords(args);
  if (!('options' in read)) return read;
  if (read.table === 'expect') return { notModelled: 'conntrack -E expect' };
  const events = new Set<EventName>();
  for (const { name, value } of read.options) {
    if (name !== 'event-mask') continue;
    const words = readWords(value ?? '', EVENTS);
    if (typeof words === 'string') return { wrong: words };
    for (const { name: event } of words.words)
      for (const one of ALL) if (event === 'ALL' || event.startsWith(one)) events.add(one);
  }
  const filter = parseFilters(read.options.filter(({ name }) => name !== 'event-mask' && name !== 'buffer-size'));
  if (!('test' in filter)) return filter;
  const output = readOutput(read.options);
  if (!('kinds' in output)) return output;
  const odd = (['xml', 'save'] as const).find((kind) => output.kinds.has(kind));
  if (odd !== undefined) return { notModelled: `conntrack -E -o ${odd}` };
  return {
    events: events.size === 0 ? new Set<EventName>(ALL) : events,
    output: output.kinds,
    test: (entry) => testEntry(filter, entry),
  };
}

/** The filters look at flows; an event carries how one stood. */
function testEntry(filter: Filter, entry: ConnSnapshot): boolean {
  const protocol = typeof entry.protocol === 'number' ? entry.protocol : (protocolNumber(entry.protocol) ?? 0);
  const tuple = (t: TupleSnapshot) => ({
    family: entry.family,
    protocol,
    src: t.src,
    dst: t.dst,
    sport: t.type === undefined ? (t.sport ?? 0) : (t.id ?? 0),
    dport: t.type === undefined ? (t.dport ?? 0) : t.type * 256 + (t.code ?? 0),
  });
  const { zoneOriginal, zoneReply } = entry;
  const direction = zoneOriginal !== undefined ? 'original' : zoneReply !== undefined ? 'reply' : 'both';
  const status =
    (entry.status.includes('ASSURED') ? IPS.ASSURED : 0) |
    (entry.seenReply ? IPS.SEEN_REPLY : 0) |
    (entry.srcNat ? IPS.SRC_NAT : 0) |
    (entry.dstNat ? IPS.DST_NAT : 0);
  const flow = {
    original: tuple(entry.original),
    reply: tuple(entry.reply),
    mark: entry.mark,
    zone: { id: zoneOriginal ?? zoneReply ?? entry.zone, direction },
    status,
    proto: { kind: 'generic', state: entry.state ?? '' },
  };
  return filter.test(flow as unknown as Conn);
}
