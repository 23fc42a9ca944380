import { isObject, type Json, type JsonObject, listAt, objectAt } from './json';

/** Parts of a recording in one short line each, for reading differences. */

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

function showPacket(packet: Json | undefined): string {
  if (!isObject(packet)) return '?';
  const { src, dst } = packet;
  let line = `${text(src)} > ${text(dst)}`;
  for (const name of ['tcp', 'udp']) {
    const part = packet[name];
    if (!isObject(part)) continue;
    line = `${name} ${text(src)}:${text(part.sport)} > ${text(dst)}:${text(part.dport)}`;
    if (name === 'tcp') line += ` [${text(part.flags ?? '')}]`;
    if (part.mss !== undefined) line += ` mss ${text(part.mss)}`;
    if (part.payload !== undefined) line += ` payload ${JSON.stringify(part.payload).slice(0, 40)}`;
  }
  for (const name of ['icmp', 'icmpv6']) {
    const part = packet[name];
    if (!isObject(part)) continue;
    line += ` ${name} ${text(part.type)}/${text(part.code)}`;
    if (part.id !== undefined) line += ` id ${text(part.id)} seq ${text(part.seq)}`;
    if (part.mtu !== undefined) line += ` mtu ${text(part.mtu)}`;
    if (part.payload !== undefined) line += ` payload ${JSON.stringify(part.payload).slice(0, 40)}`;
    if (part.inner !== undefined) line += ` about (${showPacket(part.inner)})`;
  }
  if (packet.protocol !== undefined) line += ` protocol ${text(packet.protocol)}`;
  line += ` ttl ${text(packet.ttl)}`;
  if (packet.tos) line += ` tos ${text(packet.tos)}`;
  if (packet.df) line += ' df';
  if (packet.fragment !== undefined) line += ` fragment ${JSON.stringify(packet.fragment)}`;
  return line;
}

export function showTrace(entry: Json): string {
  const t = isObject(entry) ? entry : {};
  const at = [t.family, t.table, t.chain, t.rule].map(text).join(' ');
  const verdict = t.verdict === undefined ? '' : `-> ${text(t.verdict)}  `;
  return `${at} in=${text(t.in)} out=${text(t.out)} mark=${text(t.mark)}  ${verdict}${showPacket(t.packet)}`;
}

export function showWire(entry: Json): string {
  const w = isObject(entry) ? entry : {};
  return `${text(w.interface)} ${text(w.direction)}  ${showPacket(w.packet)}`;
}

const showTuple = (t: JsonObject): string =>
  `${text(t.src)}:${text(t.sport ?? t.type)}>${text(t.dst)}:${text(t.dport ?? t.id)}`;

export function showEntry(entry: Json): string {
  const e = isObject(entry) ? entry : {};
  const more = ['mark', 'zone', 'helper', 'zoneOriginal', 'zoneReply'].filter((key) => e[key]);
  const head = `${text(e.protocol)} ${text(e.state ?? '-')}`;
  const tuples = `${showTuple(objectAt(e, 'original'))} reply ${showTuple(objectAt(e, 'reply'))}`;
  const status = `[${listAt(e, 'status').map(text).join(',')}]`;
  return [head, tuples, status, ...more.map((key) => `${key} ${text(e[key])}`)].join(' ');
}

export function showEvent(event: Json): string {
  return isObject(event) ? `${text(event.event)} ${showEntry(event.entry ?? null)}` : text(event);
}
