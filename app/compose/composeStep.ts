import type { Lab, LabStep, SendStep } from '../../src/engine';
import { addressesOf, freeAddress, parseAddress, parseTarget, type Target } from './addresses';
import { DNS_QUERY, type Draft, defaultPort, HTTP_QUERY, type Problems, type Protocol } from './draft';
import { type ReadFields, readFields } from './readFields';

type LabPacket = SendStep['packet'];
type Composed = { readonly ok: true; readonly step: LabStep } | { readonly ok: false; readonly problems: Problems };

/** The step that the fields describe, or what is wrong with which of them. */
export function composeStep(draft: Draft, lab: Lab): Composed {
  const fields = readFields(draft);
  const step = stepOf(draft, lab, fields);
  const { problems } = fields;
  return step === null || Object.keys(problems).length > 0
    ? { ok: false, problems }
    : { ok: true, step: withHead(step, draft) };
}

/** The step, as far as the fields can be read; null if not even where it goes is known. */
function stepOf(draft: Draft, lab: Lab, fields: ReadFields): LabStep | null {
  const { bad } = fields;
  const { preset, base } = draft;
  if (preset === 'wait') {
    const seconds = Number(draft.seconds);
    if (draft.seconds.trim() === '' || !(seconds >= 0)) bad('seconds', 'A number of seconds is wanted.');
    else if (seconds > 1e9) bad('seconds', 'That is more than thirty years.');
    return { wait: { seconds } };
  }
  const host = lab.hosts[draft.host];
  if (host === undefined) bad('host', 'Choose the host that sends it.');
  if (preset === 'command') {
    if (draft.command.trim() === '') bad('command', 'Write a command, such as iptables -D FORWARD 1.');
    const before = base !== null && 'run' in base ? base.run : null;
    return { run: { ...before, host: draft.host, command: draft.command } };
  }
  if (host !== undefined && draft.interface !== '') {
    const device = host.interfaces?.[draft.interface];
    if (device === undefined) bad('host', `${draft.host} has no interface ${draft.interface}.`);
    else if ((device.kind ?? 'segment') !== 'segment')
      bad('host', `Nothing can arrive on ${draft.interface}: it is on no segment.`);
  }
  const target = parseTarget(draft.to, lab);
  if (typeof target === 'string') {
    bad('to', target);
    return null;
  }
  const src = draft.src.trim();
  if (fields.shown('src') && src !== '') {
    const address = parseAddress(src);
    if (address === null) bad('src', `“${src}” is not an address.`);
    else if (address.family !== target.family) bad('src', 'Source and destination must both be IPv4 or both be IPv6.');
  }
  if (preset === 'ping' && target.port !== null) bad('to', 'A ping has no port.');

  if (draft.interface === '' && preset !== 'custom') return socketStep(draft, target, fields);
  const packet = packetOf(draft, lab, target, fields);
  if (draft.interface === '') {
    const before = base !== null && 'send' in base ? base.send : {};
    return { send: { ...before, host: draft.host, packet } };
  }
  const before = base !== null && 'receive' in base ? base.receive : {};
  return { receive: { ...before, host: draft.host, interface: draft.interface, packet } };
}

const portOf = (target: Target, draft: Draft): number => target.port ?? defaultPort(draft.preset) ?? 80;

/** A step of the lab's own client sockets. */
function socketStep(draft: Draft, target: Target, fields: ReadFields): LabStep {
  const { whole } = fields;
  const src = draft.src.trim();
  const head = { host: draft.host, to: target.address, ...(fields.shown('src') && src !== '' ? { src } : {}) };
  if (draft.preset === 'ping') {
    return {
      ping: clean({
        ...head,
        ttl: whole('ttl', 1, 255, 'A TTL'),
        count: whole('count', 1, 100, 'The count'),
        size: whole('size', 0, 65507, 'The size'),
        id: whole('icmpId', 0, 65535, 'An ICMP id'),
      }),
    };
  }
  const payload = fields.payload();
  const data =
    typeof payload === 'object'
      ? payload.repeat.repeat(Math.ceil(payload.count / payload.repeat.length)).slice(0, payload.count)
      : payload;
  const port = portOf(target, draft);
  const sport = whole('sport', 1, 65535, 'A port');
  if (draft.preset === 'dns') return { udp: clean({ ...head, port, sport, data: data ?? DNS_QUERY }) };
  if (draft.preset === 'http')
    return { connect: clean({ ...head, port, sport, data: data ?? HTTP_QUERY, close: true }) };
  return { connect: clean({ ...head, port, sport, data, close: draft.close ? true : undefined }) };
}

/** A packet of one's own, with all its headers. */
function packetOf(draft: Draft, lab: Lab, target: Target, fields: ReadFields): LabPacket {
  const { bad, shown, whole } = fields;
  const { family } = target;
  const old = oldPacket(draft.base);
  const payload = fields.payload();
  const offset = whole('offset', 0, 65528, 'The offset');
  const length = whole('length', 0, 65535, 'The length');
  if (offset !== undefined && offset % 8 !== 0) bad('offset', 'The offset of a fragment is a multiple of 8.');
  const fragment = offset === undefined && length === undefined ? undefined : clean({ offset: offset ?? 0, length });
  const source = draft.src.trim() || sourceFor(draft, lab, target);
  if (source === null) bad('src', 'No source address can be guessed here. Write one.');
  const ip = {
    src: source ?? '',
    dst: target.address,
    ttl: whole('ttl', 0, 255, family === 4 ? 'A TTL' : 'A hop limit'),
    tos: whole('tos', 0, 255, 'A TOS'),
    id: whole('id', 0, family === 4 ? 65535 : 0xffffffff, 'An id'),
    df: family === 6 || draft.df === (fragment === undefined) ? undefined : draft.df,
    fragment,
    badChecksum: shown('badChecksum') && draft.badChecksum ? true : undefined,
  };
  const sport = whole('sport', 0, 65535, 'A port') ?? 40000 + lab.steps.length;
  const dport = portOf(target, draft);
  switch (protocolOf(draft, family)) {
    case 'tcp':
      if (!/^(?!.*(.).*\1)[FSRPAUEC]*$/.test(draft.flags))
        bad('flags', 'Flags are letters of F S R P A U E C, each once.');
      return clean({
        ...ip,
        tcp: clean({
          ...old?.tcp,
          sport,
          dport,
          flags: 'FSRPAUEC'
            .split('')
            .filter((f) => draft.flags.includes(f))
            .join(''),
          seq: whole('seq', 0, 0xffffffff, 'A sequence number'),
          ack: whole('ack', 0, 0xffffffff, 'An acknowledgement number'),
          window: whole('window', 0, 65535, 'A window'),
          mss: whole('mss', 0, 65535, 'An MSS'),
          payload,
        }),
      });
    case 'udp': {
      const query = draft.preset === 'dns' ? DNS_QUERY : undefined;
      return clean({ ...ip, udp: clean({ sport, dport, payload: payload ?? query }) });
    }
    case 'icmp':
    case 'icmpv6': {
      const ping = draft.preset === 'ping';
      const six = family === 6;
      if (draft.protocol === 'icmpv6' && !six && !ping) bad('protocol', 'ICMPv6 goes to IPv6 addresses.');
      if (draft.protocol === 'icmp' && six && draft.preset === 'custom')
        bad('protocol', 'To an IPv6 address goes ICMPv6.');
      const message = clean({
        ...(six ? old?.icmpv6 : old?.icmp),
        type: ping ? (six ? 128 : 8) : (whole('type', 0, 255, 'A type') ?? 8),
        code: ping ? 0 : (whole('code', 0, 255, 'A code') ?? 0),
        id: whole('icmpId', 0, 65535, 'An ICMP id') ?? (ping ? 1 : undefined),
        seq: whole('icmpSeq', 0, 65535, 'A sequence number') ?? (ping ? 1 : undefined),
        payload,
      });
      return clean(six ? { ...ip, icmpv6: message } : { ...ip, icmp: message });
    }
    case 'other': {
      const protocol = whole('number', 0, 255, 'A protocol number') ?? 47;
      return clean({ ...ip, badChecksum: undefined, protocol, payload });
    }
  }
}

function protocolOf(draft: Draft, family: 4 | 6): Protocol {
  if (draft.preset === 'custom') return draft.protocol;
  if (draft.preset === 'ping') return family === 6 ? 'icmpv6' : 'icmp';
  return draft.preset === 'dns' ? 'udp' : 'tcp';
}

/** The source that a packet gets if none is written: the host's own, or that of a machine on the wire. */
export function sourceFor(
  draft: Pick<Draft, 'host' | 'interface'>,
  lab: Lab,
  target: Pick<Target, 'family'>,
): string | null {
  const host = lab.hosts[draft.host];
  if (host === undefined) return null;
  const fitting = addressesOf(host).filter((a) => a.net.family === target.family);
  if (draft.interface === '') return fitting[0]?.text ?? null;
  const here = fitting.find((a) => a.interface === draft.interface) ?? fitting[0];
  return here === undefined ? null : freeAddress(lab, here.net);
}

/** Title and notes of the step that is edited stay with it. */
function withHead(step: LabStep, { base }: Draft): LabStep {
  if (base === null) return step;
  return {
    ...step,
    ...(base.title === undefined ? {} : { title: base.title }),
    ...(base.notes === undefined ? {} : { notes: base.notes }),
  };
}

function oldPacket(base: LabStep | null): LabPacket | null {
  if (base === null) return null;
  if ('send' in base) return base.send.packet;
  return 'receive' in base ? base.receive.packet : null;
}

/** Without the members that are undefined. */
function clean<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
