import { canonical, isObject, type Json, type JsonObject, listAt, objectAt } from './json';

const SCTP = 132;
/** Source and destination port, verification tag, checksum. RFC 9260 section 3.1 */
const HEADER = 12;

/**
 * A lab's recording without what chance brought along: ports and ids that were drawn, where no entry tells it, and the order in
 * which a command met the entries that it changed, which is that of a hash table.
 */
export function withoutChance(lab: object, recording: Json): Json {
  const numbers = new Set(JSON.stringify(lab).match(/\d+/g));
  return withoutDrawn(withoutDrawnSctpPorts(withUpdatesInOrder(recording)), numbers);
}

/**
 * A recording names a drawn port after the entry that has it. Of a packet that is dropped there is none: so every other port or
 * id that is no number of the lab is taken for drawn, as it is in entries.
 */
function withoutDrawn(value: Json, numbers: ReadonlySet<string>, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => withoutDrawn(item, numbers));
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name, withoutDrawn(member ?? null, numbers, name)]);
    return Object.fromEntries(members);
  }
  const port = key === 'sport' || key === 'dport' || key === 'id';
  return port && typeof value === 'number' && !numbers.has(String(value)) ? 'drawn' : value;
}

/** In steps without a packet a command changes entries, one after another. */
function withUpdatesInOrder(recording: Json): Json {
  if (!isObject(recording)) return recording;
  const steps = listAt(recording, 'steps').map((step) => {
    const hosts = Object.entries(objectAt(step, 'hosts')).map(([name, host]) => [name, updatesInOrder(host)] as const);
    return isObject(step) && hosts.length > 0 ? { ...step, hosts: Object.fromEntries(hosts) } : step;
  });
  return recording.steps === undefined ? recording : { ...recording, steps };
}

function updatesInOrder(host: Json | undefined): Json | undefined {
  const events = listAt(host, 'conntrack');
  const quiet = listAt(host, 'trace').length === 0 && listAt(host, 'wire').length === 0;
  if (!isObject(host) || !quiet || !events.every((event) => isObject(event) && event.event === 'UPDATE')) return host;
  const text = new Map(events.map((event) => [event, canonical(event)]));
  return { ...host, conntrack: [...events].sort((a, b) => ((text.get(a) ?? '') < (text.get(b) ?? '') ? -1 : 1)) };
}

/**
 * A recording names a port that NAT drew at random, but of SCTP it has the bytes of the packet, with that port and a checksum
 * over it. This gives the recording with both taken out, where an entry of SCTP has such a port and the port of the packet is
 * none that an entry names.
 */
function withoutDrawnSctpPorts(recording: Json): Json {
  const known = sctpPorts(recording);
  return known === null ? recording : masked(recording, known);
}

/** The ports of SCTP entries that were not drawn; null if none was. */
function sctpPorts(recording: Json): ReadonlySet<number> | null {
  const known = new Set<number>();
  let drawn = false;
  for (const entry of entriesOf(recording)) {
    if (entry.protocol !== 'sctp') continue;
    for (const tuple of [objectAt(entry, 'original'), objectAt(entry, 'reply')]) {
      for (const port of [tuple.sport, tuple.dport]) {
        if (typeof port === 'number') known.add(port);
        if (typeof port === 'string') drawn = true;
      }
    }
  }
  return drawn ? known : null;
}

function entriesOf(recording: Json): readonly JsonObject[] {
  const hosts = listAt(recording, 'steps').flatMap((step) => Object.values(objectAt(step, 'hosts')));
  const events = hosts.flatMap((host) => listAt(host, 'conntrack').map((event) => objectAt(event, 'entry')));
  const ends = Object.values(objectAt(recording, 'end')).flatMap((end) => listAt(end, 'conntrack'));
  return [...events, ...ends.filter(isObject)];
}

function masked(value: Json, known: ReadonlySet<number>): Json {
  if (Array.isArray(value)) return value.map((item) => masked(item, known));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, masked(member ?? null, known)] as const);
  const copy: Record<string, Json> = Object.fromEntries(members);
  const { protocol, payload, fragment } = value;
  const first = !isObject(fragment) || fragment.offset === 0;
  if (protocol === SCTP && typeof payload === 'string' && first) copy.payload = withoutPorts(payload, known);
  return copy;
}

function withoutPorts(payload: string, known: ReadonlySet<number>): string {
  const port = (at: number) => {
    const number = payload.charCodeAt(at) * 256 + payload.charCodeAt(at + 1);
    return known.has(number) ? payload.slice(at, at + 2) : '??';
  };
  const ports = port(0) + port(2);
  if (payload.length < HEADER || ports === payload.slice(0, 4)) return payload;
  return `${ports}${payload.slice(4, 8)}????${payload.slice(HEADER)}`;
}
