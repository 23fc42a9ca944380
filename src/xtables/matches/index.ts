import type { Match } from '../record';
import { addrtype } from './addrtype';
import { comment } from './comment';
import { connlimit } from './connlimit';
import { connmark } from './connmark';
import { conntrack } from './conntrack';
import { dscp } from './dscp';
import { hashlimit } from './hashlimit';
import { hl } from './hl';
import { icmp } from './icmp';
import { icmp6 } from './icmp6';
import { iprange } from './iprange';
import { length } from './length';
import { limit } from './limit';
import { mac } from './mac';
import { mark } from './mark';
import { multiport } from './multiport';
import { owner } from './owner';
import { physdev } from './physdev';
import { policy } from './policy';
import { recent } from './recent';
import { rpfilter } from './rpfilter';
import { set } from './set';
import { state } from './state';
import { statistic } from './statistic';
import { tcp } from './tcp';
import { tos } from './tos';
import { ttl } from './ttl';
import { udp } from './udp';

/** Every match, in the order of a catalogue: the common ones first. */
export const matches: readonly Match[] = [
  tcp,
  udp,
  conntrack,
  state,
  icmp,
  icmp6,
  multiport,
  limit,
  addrtype,
  comment,
  mark,
  mac,
  statistic,
  connmark,
  iprange,
  length,
  ttl,
  hl,
  tos,
  dscp,
  owner,
  recent,
  set,
  physdev,
  hashlimit,
  rpfilter,
  connlimit,
  policy,
];
