import { assertNever } from '../base';
import type { ConnSnapshot, Endpoint, EventOf, TraceEvent } from '../model';
import { summarize } from '../wire';
import { sentences } from './english';
import type { ExplainContext, Explanation, Params, RuleEvent } from './types';

type Said = readonly [key: string, params: Params];

/** One plain sentence for an event, as a key and what goes into it. */
export function explain(event: TraceEvent, context: ExplainContext): Explanation {
  const [key, params] = say(event, context);
  return { key, params: { host: event.host, ...params }, link: linkOf(event, context) };
}

function say(event: TraceEvent, at: ExplainContext): Said {
  switch (event.type) {
    case 'step':
      return [`step.${event.kind}`, {}];
    case 'born':
      return [`born.${event.how}`, { packet: at.packet ? summarize(at.packet) : 'a packet' }];
    case 'wire':
      return [wireKey(event), { interface: event.interface }];
    case 'loopback':
      return ['loopback', { lo: 'lo' }];
    case 'bridge':
      return sayBridge(event);
    case 'hook-enter':
      return [`hook-enter.${event.hook}`, { hook: event.hook, in: event.in, out: event.out }];
    case 'hook-leave':
      return [`hook-leave.${event.verdict}`, { hook: event.hook }];
    case 'function-enter':
      return [`function-enter.${event.subsystem}`, { name: event.name, priority: event.priority }];
    case 'function-leave':
      return event.skipped
        ? [`skipped.${event.skipped}`, { name: event.name }]
        : [`function-leave.${event.verdict}`, { name: event.name }];
    case 'rule':
      return sayRule(event);
    case 'route':
      return sayRoute(event);
    case 'nat':
      return sayNat(event, at);
    case 'nat-setup':
      return saySetup(event);
    case 'conntrack':
      return sayConntrack(event);
    case 'change':
      return [changeKey(event), { by: event.by, before: event.before, after: event.after }];
    case 'log':
      return ['log', { target: event.target, text: event.text }];
    case 'set':
      return saySet(event);
    case 'drop':
      return event.reason === 'NOT_SPECIFIED'
        ? known(`drop.in.${event.by}`, 'drop.NOT_SPECIFIED', { by: event.by, reason: event.reason })
        : known(`drop.${event.reason}`, 'drop.other', { by: event.by, reason: event.reason });
    case 'deliver':
      return sayDeliver(event);
    case 'neighbour':
      return event.mac === null
        ? [event.waits ? 'neighbour.waits' : 'neighbour.failed', { dev: event.dev, addr: event.addr }]
        : ['neighbour.known', { dev: event.dev, addr: event.addr, mac: event.mac }];
    case 'fragment':
      return [`fragment.${event.what}`, { pieces: event.pieces }];
    case 'queue':
      return sayQueue(event);
    case 'command':
      return sayCommand(event);
    case 'wait':
      return ['wait', { seconds: event.seconds }];
    case 'send-error':
      return known(`send-error.${event.errno}`, 'send-error.other', { errno: event.errno });
    case 'not-modelled':
      return ['not-modelled', { what: event.what }];
    case 'note':
      return known(`note.${event.note}`, 'note.other', { note: event.note.replaceAll('-', ' '), ...event.params });
    case 'stopped':
      return [`stopped.${event.why}`, {}];
    default:
      return assertNever(event);
  }
}

function known(key: string, otherwise: string, params: Params): Said {
  return [Object.hasOwn(sentences, key) ? key : otherwise, params];
}

function wireKey(event: EventOf<'wire'>): string {
  if (event.direction === 'out') return 'wire.out';
  return event.otherhost ? 'wire.in.otherhost' : 'wire.in';
}

function sayBridge(event: EventOf<'bridge'>): Said {
  const params = { bridge: event.bridge, ports: event.to.join(', ') };
  if (event.to.length === 0) return [event.local ? 'bridge.local' : 'bridge.none', params];
  if (event.local) return ['bridge.both', params];
  return [event.to.length === 1 ? 'bridge.forward' : 'bridge.flood', params];
}

const DST_TARGETS = ['DNAT', 'REDIRECT'];
const SRC_TARGETS = ['SNAT', 'MASQUERADE'];

function sayRule(event: RuleEvent): Said {
  const { rule, table, chain, target } = event;
  const params = { rule, table, chain, target: target || 'no target', count: event.to - 1 };
  if (event.tool === 'nft') {
    const kind = rule === 'policy' ? 'policy' : rule === 'return' ? 'end' : 'rule';
    return [
      `nft.${kind}`,
      { ...params, table: `${event.family} ${table}`, verdict: event.nftVerdict ?? event.verdict },
    ];
  }
  if (rule === 'return') return ['end.return', params];
  if (rule === 'policy') {
    const verdict = event.verdict === 'drop' ? 'drop' : 'accept';
    return [`policy.${verdict}${event.to <= 1 ? '.empty' : event.to === 2 ? '.one' : ''}`, params];
  }
  return [`rule.${ruleKey(event)}`, params];
}

function ruleKey({ verdict, target, depth, hook }: RuleEvent): string {
  const dst = DST_TARGETS.includes(target) || (target === 'NETMAP' && hook !== 'POSTROUTING' && hook !== 'INPUT');
  const src = SRC_TARGETS.includes(target) || (target === 'NETMAP' && !dst);
  if (target === 'REJECT') return 'reject';
  if (dst) return 'nat.dst';
  if (src) return 'nat.src';
  if (target === 'NOTRACK') return 'notrack';
  if (verdict === 'return') return depth === 0 ? 'return.builtin' : 'return';
  if (verdict === 'continue' && target === '') return 'count';
  return verdict;
}

function sayRoute(event: EventOf<'route'>): Said {
  const { dst, src, iif, dev, gateway, kind } = event;
  const result = event.result === 'unicast' && gateway !== null ? 'gateway' : event.result;
  return [`route.${kind}.${result}`, { dst, src, iif, dev, gateway: gateway ?? '' }];
}

/** `10.0.0.5:8080`, `[2001:db8::5]:8080`, or the address alone. */
function endpointWords({ addr, port }: Endpoint): string {
  if (port === null) return addr;
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`;
}

function sayNat(event: EventOf<'nat'>, at: ExplainContext): Said {
  const { manip, hook } = event;
  const params = {
    before: endpointWords(event.before),
    after: endpointWords(event.after),
    rule: at.lastRule?.rule ?? 0,
  };
  if (event.inner) return [`nat.${manip}.inner`, params];
  if (event.undo) return [`nat.${manip}.undo`, params];
  const key = `nat.${manip}.rule.${hook}`;
  if (event.by === 'rule' && typeof at.lastRule?.rule === 'number' && Object.hasOwn(sentences, key))
    return [key, params];
  return [`nat.${manip}.entry`, params];
}

function saySetup(event: EventOf<'nat-setup'>): Said {
  const { manip, target, portChosen } = event;
  const [before, after] = [endpointWords(event.before), endpointWords(event.after)];
  const params = { target: target || 'NAT', before, after, side: manip === 'dst' ? 'destination' : 'source' };
  if (event.failed) return ['nat-setup.failed', params];
  if (before === after) return ['nat-setup.same', params];
  return [portChosen ? `nat-setup.${portChosen}.${manip}` : `nat-setup.${manip}`, params];
}

/** `tcp 10.0.0.2:40000 → 203.0.113.1:80` */
function flowWords(entry: ConnSnapshot | undefined): string {
  if (!entry) return 'a flow';
  const { original: o, protocol } = entry;
  const end = (addr: string, port: number | undefined) => endpointWords({ addr, port: port ?? null });
  const id = o.id === undefined ? '' : ` id ${o.id}`;
  return `${protocol} ${end(o.src, o.sport)} → ${end(o.dst, o.dport)}${id}`;
}

/** What a command printed is told if it is one short line. */
function sayCommand({ command, exit, output }: EventOf<'command'>): Said {
  const printed = output.trim();
  const brief = printed !== '' && printed.length <= 60 && !printed.includes('\n');
  const key = exit !== 0 ? 'command.failed' : brief ? 'command.printed' : 'command';
  return [key, { command, exit, output: brief ? printed : '' }];
}

function sayConntrack(event: EventOf<'conntrack'>): Said {
  const { what, reason, entry, ctinfo } = event;
  const params = { flow: flowWords(entry), state: entry?.state ?? '', reason: reason ?? '', expected: reason ?? '' };
  if (what === 'found') return [`conntrack.found.${ctinfo ?? 'ESTABLISHED'}`, params];
  if (what === 'update') {
    if (reason && Object.hasOwn(sentences, `conntrack.update.${reason}`)) return [`conntrack.update.${reason}`, params];
    return [event.stateChanged && entry?.state ? 'conntrack.update' : 'conntrack.update.plain', params];
  }
  if (what === 'invalid' && reason) {
    // `tcp-ack-in-SYN_SENT`: which flags, and in which state, is of no use to a reader.
    const why = reason.replace(/-\w+-in-\w+$/, '-state');
    return known(`conntrack.invalid.${why}`, 'conntrack.invalid.other', params);
  }
  return known(`conntrack.${what}.${reason ?? ''}`, `conntrack.${what}`, params);
}

/** Forwarding takes one off; targets set what they like. */
function changeKey(event: EventOf<'change'>): string {
  if (event.field !== 'ttl' && event.field !== 'hoplimit') return `change.${event.field}`;
  return Number(event.after) === Number(event.before) - 1 ? `change.${event.field}` : `change.${event.field}.set`;
}

function saySet(event: EventOf<'set'>): Said {
  const { set, element, probes, size } = event;
  const key = event.what === 'test' ? (event.matched ? 'set.yes' : 'set.no') : `set.${event.what}`;
  return [key, { set, element, probes, size }];
}

function sayQueue({ queue, answer, program, rule, changed, to }: EventOf<'queue'>): Said {
  const back = answer === 'accept' || answer === 'repeat' ? answer : null;
  const key = answer === 'nobody listens' ? 'nobody' : back && changed ? `${back}.changed` : answer;
  const by = program === undefined ? 'The program' : rule ? `Rule ${rule} of ${program}` : program;
  return [`queue.${key}`, { queue, by, to: to ?? 0 }];
}

function sayDeliver(event: EventOf<'deliver'>): Said {
  const params = { port: event.port ?? 0, service: event.service ?? 'local' };
  if (event.to === 'closed' && event.port === null) return ['deliver.none', params];
  return [`deliver.${event.to}`, params];
}

/** The line that is the cause: of the rule that matched. */
function linkOf(event: TraceEvent, at: ExplainContext): Explanation['link'] {
  const rule = event.type === 'rule' ? event : event.type === 'nat' && event.by === 'rule' ? at.lastRule : null;
  if (rule?.tool !== 'iptables') return null;
  const line = at.lineOf(rule);
  return line === 0 ? null : { host: event.host, member: rule.family === 'ip6' ? 'ip6tables' : 'iptables', line };
}
