import { ports as portsOf } from '../../wire';
import { serviceByPort } from '../read/names';
import { oldPort } from '../read/port-kinds';
import { defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';

interface MultiportConfig {
  readonly side: 'sports' | 'dports' | 'ports';
  /** `[min, max]`; alone the two are equal. */
  readonly ports: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 136: 'udplite', 132: 'sctp', 33: 'dccp' };
/** Longest list; a range counts twice. Kernel: XT_MULTI_PORTS */
const MOST = 15;

const portList: Kind<readonly (readonly [number, number])[]> = {
  name: 'port-list',
  read: (text, { protocol, protocolNegated }) => {
    const name = PROTOCOLS[protocol];
    if (name === undefined || protocolNegated) {
      const message =
        protocol === 0 && !protocolNegated
          ? "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'"
          : 'multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP';
      return new Refusal('protocol-missing', message, { protocol: protocol === 0 ? 'tcp' : undefined });
    }
    return readPorts(text, name);
  },
};

function readPorts(text: string, protocol: string): Read<readonly (readonly [number, number])[]> {
  const found: (readonly [number, number])[] = [];
  let used = 0;
  for (const part of text.split(',')) {
    if (used >= MOST) return new Refusal('bad-value', 'too many ports specified');
    const colon = part.indexOf(':');
    if (colon >= 0 && used === MOST - 1) return new Refusal('bad-value', 'too many ports specified');
    const min = oldPort(colon < 0 ? part : part.slice(0, colon), protocol);
    if (min instanceof Refusal) return min;
    if (colon < 0) {
      found.push([min, min]);
      used++;
      continue;
    }
    const max = oldPort(part.slice(colon + 1), protocol);
    if (max instanceof Refusal) return max;
    if (min >= max) return new Refusal('bad-value', 'invalid portrange specified');
    found.push([min, max]);
    used += 2;
  }
  return found;
}

const ANY = ['sports', 'dports', 'ports'];

export const multiport = defineMatch({
  name: 'multiport',
  title: 'Several ports',
  help: 'Up to 15 ports; a range counts as two.',
  options: {
    sports: option(portList, 'Source ports', {
      aliases: ['source-ports'],
      negatable: true,
      excludes: ANY,
      spoken: 'source-ports',
    }),
    dports: option(portList, 'Destination ports', {
      aliases: ['destination-ports'],
      negatable: true,
      excludes: ANY,
      spoken: 'destination-ports',
    }),
    ports: option(portList, 'Ports that either side may have', { negatable: true, excludes: ANY }),
  },
  parse: (uses): Read<MultiportConfig> => {
    for (const side of ['sports', 'dports', 'ports'] as const) {
      const use = uses[side];
      if (use !== undefined) return { side, ports: use.value, negated: use.negated };
    }
    return new Refusal('option-missing', 'multiport expection an option');
  },
  print: (c) => `${not(c.negated)} --${c.side} ${c.ports.map(rangeText).join(',')}`,
  list: (c, { numeric, protocol }) => {
    const show = (port: number): string =>
      (numeric ? null : serviceByPort(port, PROTOCOLS[protocol] ?? '')) ?? port.toString();
    const list = c.ports.map(([min, max]) => (min === max ? show(min) : `${show(min)}:${show(max)}`));
    return ` multiport ${c.side} ${c.negated ? ' !' : ''}${list.join(',')}`;
  },
  // Kernel: check(), net/netfilter/xt_multiport.c
  check: (_, { protocol, protocolNegated }) => (protocolNegated || PROTOCOLS[protocol] === undefined ? 'EINVAL' : null),
  // Kernel: multiport_mt()
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const pair = portsOf(action.skb.packet);
    if (pair === null) {
      action.hotdrop = true;
      return false;
    }
    const within = (port: number): boolean => c.ports.some(([min, max]) => port >= min && port <= max);
    const found =
      c.side === 'sports'
        ? within(pair.sport)
        : c.side === 'dports'
          ? within(pair.dport)
          : within(pair.sport) || within(pair.dport);
    return found !== c.negated;
  },
  because: (c, { skb }) => {
    const pair = portsOf(skb.packet);
    if (pair === null) return 'there are no ports here';
    if (c.side === 'sports') return `the source port is ${pair.sport}`;
    if (c.side === 'dports') return `the destination port is ${pair.dport}`;
    return `the ports are ${pair.sport} and ${pair.dport}`;
  },
});

function rangeText([min, max]: readonly [number, number]): string {
  return min === max ? `${min}` : `${min}:${max}`;
}
