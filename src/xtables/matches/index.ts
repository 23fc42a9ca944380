import type { Match } from '../record';
import { addrtype } from './addrtype';
import { ah, ah6 } from './ah';
import { bpf } from './bpf';
import { cgroup } from './cgroup';
import { cluster } from './cluster';
import { comment } from './comment';
import { connbytes } from './connbytes';
import { connlabel } from './connlabel';
import { connlimit } from './connlimit';
import { connmark } from './connmark';
import { conntrack } from './conntrack';
import { cpu } from './cpu';
import { dccp } from './dccp';
import { devgroup } from './devgroup';
import { dscp } from './dscp';
import { ecn } from './ecn';
import { esp } from './esp';
import { eui64 } from './eui64';
import { frag } from './frag';
import { hashlimit } from './hashlimit';
import { helper } from './helper';
import { hl } from './hl';
import { icmp } from './icmp';
import { icmp6 } from './icmp6';
import { ipcomp } from './ipcomp';
import { iprange } from './iprange';
import { ipv6header } from './ipv6header';
import { ipvs } from './ipvs';
import { length } from './length';
import { limit } from './limit';
import { mac } from './mac';
import { mark } from './mark';
import { mh } from './mh';
import { multiport } from './multiport';
import { nfacct } from './nfacct';
import { dst, hbh } from './options6';
import { osf } from './osf';
import { owner } from './owner';
import { physdev } from './physdev';
import { pkttype } from './pkttype';
import { policy } from './policy';
import { quota } from './quota';
import { rateest } from './rateest';
import { realm } from './realm';
import { recent } from './recent';
import { rpfilter } from './rpfilter';
import { rt } from './rt';
import { sctp } from './sctp';
import { set } from './set';
import { socket } from './socket';
import { srh } from './srh';
import { state } from './state';
import { statistic } from './statistic';
import { string } from './string';
import { tcp } from './tcp';
import { tcpmss } from './tcpmss';
import { time } from './time';
import { tos } from './tos';
import { ttl } from './ttl';
import { u32 } from './u32';
import { udp } from './udp';

/** Every match, in the order of a catalogue: the most used first. */
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
  pkttype,
  string,
  tcpmss,
  ecn,
  sctp,
  realm,
  helper,
  connbytes,
  connlabel,
  time,
  quota,
  socket,
  devgroup,
  u32,
  esp,
  ah,
  ah6,
  dccp,
  ipcomp,
  frag,
  rt,
  hbh,
  dst,
  ipv6header,
  mh,
  srh,
  eui64,
  cluster,
  nfacct,
  cgroup,
  cpu,
  bpf,
  osf,
  rateest,
  ipvs,
];
