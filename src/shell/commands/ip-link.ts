import { unsigned } from '../../fib';
import type { Device, Host } from '../../host';
import { linkCommand } from '../../host/lazy';
import type { Family } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, INCOMPLETE, type IpInput, type IpOptions, listed, unknownVerb, verbOf } from './ip';
import { detailsBeyond, linkKind, linkObject } from './ip-link-fields';

const VERBS = [
  ['add'],
  ['set', 'change'],
  ['replace'],
  ['delete'],
  ['show', 'lst', 'list'],
  ['xstats'],
  ['afstats'],
  ['property'],
] as const;

export function ipLink({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'link');
    case 'set':
    case 'add': {
      const beyond = BEYOND[verb].find((word) => rest.includes(word));
      if (beyond !== undefined) return { notModelled: `ip link ${verb} … ${beyond}` };
      if (verb === 'set' && rest[0] === 'group') return { notModelled: 'ip link set group' };
      const kind = rest[rest.indexOf('type') + 1];
      if (verb === 'add' && rest.includes('type') && KINDS.includes(`${kind}`))
        return { notModelled: `ip link add … type ${kind}` };
      return changed(linkCommand(host, verb, rest));
    }
    case 'delete':
      return changed(linkCommand(host, 'del', rest));
    case 'show':
      return show(host, options, rest);
    default:
      return { notModelled: `ip link ${verb}` };
  }
}

/** Kinds of interface that Linux has and a host here has not. */
const KINDS =
  'vlan vxlan veth bond gre gretap ip6gre ipip sit vti wireguard macvlan macvtap ipvlan ifb vrf geneve team tun tap can'.split(
    ' ',
  );

/** What an interface may have that one here has not; bridges have neither a spanning tree nor VLANs. */
const BEYOND = {
  set: 'name alias netns vf xdp xdpgeneric carrier addrgenmode mode state protodown numtxqueues gso_max_size brd broadcast index dynamic trailers altname vrf stp_state vlan_filtering forward_delay hello_time max_age ageing_time priority mcast_snooping'.split(
    ' ',
  ),
  add: 'link peer netns stp_state vlan_filtering forward_delay hello_time max_age ageing_time priority mcast_snooping group_fwd_mask vlan_default_pvid nf_call_iptables nf_call_ip6tables'.split(
    ' ',
  ),
} as const;

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const chosen = selectLinks(host, args, 'link');
  if (!('rest' in chosen)) return chosen;
  if (chosen.rest.length > 0) return { notModelled: `ip link show ${chosen.rest.join(' ')}` };
  const beyond = detailsBeyond(chosen, options);
  if (beyond !== null) return { notModelled: `ip -d link show ${beyond}` };
  return listed(
    chosen.told.map((i) => (chosen.picks(i) ? linkObject(i, options) : [])),
    options,
  );
}

interface Links {
  /** What the kernel tells of; in JSON each has its braces. */
  readonly told: readonly Device[];
  /** Whether the tool shows what it was told. */
  readonly picks: (iface: Device) => boolean;
  /** Words that are none of a link's. */
  readonly rest: readonly string[];
  /** The one that was asked for by its name. */
  readonly dev: string | null;
}

/** The interfaces that `dev`, `up`, `master`, `type`, `group` and a bare name pick. */
export function selectLinks(
  host: Host,
  args: readonly string[],
  what: 'link' | 'addr',
  family: Family | null = null,
): Links | CommandOutput {
  let dev: string | null = null;
  const rest: string[] = [];
  const tests: ((i: Device) => boolean)[] = [];
  const asked: ((i: Device) => boolean)[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'up') tests.push((link) => link.up);
    else if (word === 'master' || word === 'vrf') {
      const master = args[++i];
      if (master === undefined) return INCOMPLETE;
      // No host has a VRF.
      const what = word === 'vrf' ? 'Not a valid VRF name' : 'Device does not exist';
      if (word === 'vrf' || !host.iface(master))
        return { stderr: `Error: argument "${master}" is wrong: ${what}\n\n`, exit: 255 };
      tests.push((link) => link.master === master);
      asked.push((link) => link.master === master);
    } else if (word === 'nomaster') {
      asked.push((link) => link.master === '');
    } else if (word === 'type') {
      const type = args[++i];
      if (type === undefined) return INCOMPLETE;
      if (/_slave$/.test(type)) return { notModelled: `ip ${what} show type ${type}` };
      tests.push((link) => linkKind(link) === type);
      const known =
        type === 'veth' || type === 'bridge' || [...host.devices.values()].some((i) => linkKind(i) === type);
      if (known) asked.push((link) => linkKind(link) === type);
    } else if (word === 'group') {
      const text = args[++i];
      if (text === undefined) return INCOMPLETE;
      const group = text === 'default' ? 0 : unsigned(text);
      if (group === null) return { stderr: `Error: argument "${text}" is wrong: Invalid "group" value\n\n`, exit: 255 };
      tests.push((link) => link.group === group);
    } else if (what === 'addr' && ADDRESS_WORDS.test(word)) {
      rest.push(word);
      if (/^(scope|to|label)$/.test(word)) {
        const value = args[++i];
        if (value === undefined) return INCOMPLETE;
        rest.push(value);
      }
    } else {
      const name = word === 'dev' ? args[++i] : word;
      if (name === undefined) return INCOMPLETE;
      if (dev !== null) return { stderr: `Error: either "dev" is duplicate, or "${name}" is a garbage.\n`, exit: 255 };
      dev = name;
    }
  }
  if (dev !== null && !host.iface(dev)) return { stderr: `Device "${dev}" does not exist.\n`, exit: 1 };
  // The kernel is asked for one by its name; or for all, of a master or a type that it knows, unless by a family.
  const all = [...host.devices.values()];
  const told =
    dev !== null ? all.filter((i) => i.name === dev) : all.filter((i) => family !== null || asked.every((t) => t(i)));
  return { told, picks: (i) => tests.every((test) => test(i)), rest, dev };
}

/** What picks addresses, not interfaces. */
export const ADDRESS_WORDS =
  /^-?(scope|to|label|dynamic|permanent|primary|secondary|tentative|deprecated|dadfailed|temporary|home|mngtmpaddr|nodad|optimistic|noprefixroute|autojoin)$/;
