import { type Conn, type ConnSnapshot, IPS, type TupleSnapshot } from '../../model';
import { protocolNumber } from '../../wire';
import { type Filter, parseFilters } from './conntrack-filter';

export const HEAD = 'conntrack v1.4.7 (conntrack-tools): ';
export const tryHelp = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

export const OUTPUTS = ['extended', 'xml', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace', 'save'] as const;

/** The kinds of output that are asked for, by the beginnings of their names; null if one is none. */
export function badOutput(words: readonly string[]): string | null {
  return words.find((word) => !OUTPUTS.some((name) => word !== '' && name.startsWith(word))) ?? null;
}

type EventName = 'NEW' | 'UPDATE' | 'DESTROY';

export type EventOptions =
  | {
      readonly events: ReadonlySet<EventName>;
      readonly output: ReadonlySet<string>;
      readonly test: (entry: ConnSnapshot) => boolean;
    }
  | { readonly wrong: string }
  | { readonly notModelled: string };

const EVENTS: Readonly<Record<string, readonly EventName[]>> = {
  ALL: ['NEW', 'UPDATE', 'DESTROY'],
  NEW: ['NEW'],
  UPDATE: ['UPDATE'],
  UPDATES: ['UPDATE'],
  DESTROY: ['DESTROY'],
};

/** What follows `conntrack -E`. */
export function parseEvents(args: readonly string[]): EventOptions {
  const events = new Set<EventName>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-E' || arg === '--event') continue;
    if (arg === 'conntrack' && i > 0 && /^(-E|--event)$/.test(args[i - 1]!)) continue;
    if (arg === 'expect' && i > 0 && /^(-E|--event)$/.test(args[i - 1]!)) return { notModelled: 'conntrack -E expect' };
    const mask = /^(?:-e|--event-mask=?)(.*)$/.exec(arg);
    if (mask && !arg.startsWith('--event-mask-')) {
      const value = mask[1] === '' ? (args[++i] ?? '') : mask[1]!;
      for (const word of value.split(',')) {
        const named = EVENTS[word.toUpperCase()];
        if (!named) return { wrong: `Bad parameter \`${word}'` };
        for (const name of named) events.add(name);
      }
    } else if (arg === '-b' || arg === '--buffer-size') i++;
    else rest.push(arg);
  }
  const filter = parseFilters(rest);
  if ('wrong' in filter) return { wrong: filter.wrong };
  if ('failed' in filter) return { wrong: filter.failed };
  if ('notModelled' in filter) return { notModelled: filter.notModelled };
  const bad = badOutput(filter.output);
  if (bad !== null) return { wrong: `Bad parameter \`${bad}'` };
  const odd = filter.output.find((o) => ['xml', 'save'].some((name) => name.startsWith(o)));
  if (odd !== undefined) return { notModelled: `conntrack -E -o ${odd}` };
  return {
    events: events.size === 0 ? new Set<EventName>(['NEW', 'UPDATE', 'DESTROY']) : events,
    output: new Set(filter.output.map((o) => OUTPUTS.find((name) => name.startsWith(o))!)),
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
