import { SET_TYPES } from '../../ipset';
import { serviceNames } from '../../wire';
import { addresses, bridges, interfaces, paths } from './common';
import { sets } from './iptables';
import { type Completer, type Offer, offers, type Place } from './types';

const CONNTRACK = offers(`
  -L List entries
  -E Listen to events
  -D Delete entries
  -F Delete all
  -C Count them
  -S Statistics
  -G Show one entry
  -I Make an entry
  -U Change entries
`);
const CONNTRACK_OPTIONS = offers(`
  -p Protocol
  -s Source of the first packet
  -d Destination of the first packet
  -r Source of replies
  -q Destination of replies
  -f Family: ipv4, ipv6
  -m Mark
  -w Zone
  -u Status
  -n Whose source is changed
  -g Whose destination is changed
  -j Whose source or destination is changed
  -o What is printed
`);
const PORTS = offers(
  '--sport Source port\n--dport Destination port\n--reply-port-src Source port of replies\n--reply-port-dst Destination port of replies',
);

const completeConntrack: Completer = ({ host, words, prev }) => {
  const verb = words.find((w) => CONNTRACK.some((c) => c.text === w));
  if (prev === '-p' || prev === '--protonum') return offers('tcp\nudp\nicmp\nicmpv6\nsctp\ngre\nudplite');
  if (prev === '-f') return offers('ipv4\nipv6');
  if (prev === '-e') return offers('NEW Flows that begin\nUPDATE Flows that change\nDESTROY Flows that end\nALL');
  if (prev === '-o') {
    return offers(
      'extended With the family\nid With the number\ntimestamp With the time of each event\nsave As -A reads it',
    );
  }
  if (prev === '-u') return offers('ASSURED\nSEEN_REPLY\nUNSET\nEXPECTED\nFIXED_TIMEOUT');
  if (prev === '--state')
    return offers('SYN_SENT\nSYN_RECV\nESTABLISHED\nFIN_WAIT\nCLOSE_WAIT\nLAST_ACK\nTIME_WAIT\nCLOSE');
  if (/^-[sdrqngj]$/.test(prev)) return addresses(host);
  if (verb === undefined) return CONNTRACK;
  const table = /^-[LFC]$/.test(prev) ? offers('expect What helpers wait for') : [];
  const protocol = words[words.indexOf('-p') + 1] ?? '';
  const more = words.includes('-p') ? [...PORTS, ...(protocol === 'tcp' ? offers('--state State of TCP') : [])] : [];
  const listens = verb === '-E' ? offers('-e Which events') : [];
  const sets = /^-[IU]$/.test(verb) ? offers('-t Seconds') : [];
  return [...table, ...listens, ...sets, ...more, ...CONNTRACK_OPTIONS];
};

const IPSET = offers(`
  create Make a set
  add Add an element
  del Delete an element
  test Ask for an element
  list Show sets
  save Show sets as commands
  flush Delete all elements
  destroy Delete a set
  rename Rename a set
  swap Swap two sets
  restore Read a text of commands
`);

const completeIpset: Completer = (place) => {
  const { words, prev } = place;
  if (words.length === 0) return IPSET;
  const [verb] = words;
  if (verb === 'create' || verb === '-N') {
    if (words.length === 2) return SET_TYPES.map((t) => ({ text: t.name, help: '' }));
    if (words.length < 2) return [];
    if (prev === 'family') return offers('inet IPv4\ninet6 IPv6');
    return offers(
      'family inet or inet6\ntimeout Seconds that an element stays\ncounters Count packets\ncomment With remarks\nskbinfo With marks\nhashsize Buckets\nmaxelem Most elements\nrange From and to',
    );
  }
  if (words.length === 1) return sets(place);
  if (words.length === 2) return addresses(place.host);
  return verb === 'add'
    ? offers('timeout Seconds\ncomment A remark\nnomatch An exception\npackets Counter\nbytes Counter')
    : [];
};

const SYSCTL = offers('-w Set a value\n-a All values\n-n The value alone\n-q Say nothing');

const completeSysctl: Completer = ({ host, word, words }) => {
  const slashes = word.includes('/');
  const names = host
    .sysctls()
    .map(([key, value]) => ({ text: slashes ? key.replaceAll('.', '/') : key, help: `now ${value}` }));
  if (word === '')
    return [
      ...SYSCTL.filter((o) => !words.includes(o.text)),
      ...offers('net.ipv4. IPv4\nnet.ipv6. IPv6\nnet.netfilter. Connections\nnet.bridge. Bridges'),
    ];
  return [...SYSCTL, ...names];
};

const FILTER = offers(`
  host From or to this address
  net From or to this network
  port From or to this port
  portrange From or to these ports
  src By the source
  dst By the destination
  tcp TCP
  udp UDP
  icmp ICMP
  icmp6 ICMPv6
  ip IPv4
  ip6 IPv6
  and Both
  or One of both
  not The others
  less Not longer than
  greater Not shorter than
  tcp[tcpflags] The flags of TCP: & tcp-syn != 0
  icmp[icmptype] The type of ICMP: = icmp-echo
`);
const TCPDUMP = offers(`
  -i Interface, or any
  -n Numbers instead of names
  -nn Numbers instead of names
  -c Stop after so many packets
  -e With MACs
  -v More of each packet
  -t Without the time
  -A With the contents as text
  -X With the contents in hexadecimal
  -q Less of each packet
  -S TCP's numbers as they are
  -Q in, out or inout
`);

const completeTcpdump: Completer = ({ host, prev, word, words }) => {
  if (prev === '-i') return interfaces(host, [{ text: 'any', help: 'all interfaces' }]);
  if (prev === '-Q') return offers('in What comes in\nout What goes out\ninout Both');
  if (prev === 'host') return addresses(host);
  if (prev === 'src' || prev === 'dst')
    return [...offers('host This address\nnet This network\nport This port'), ...addresses(host)];
  if (prev === 'port') return serviceNames.map((text) => ({ text, help: '' }));
  if (word.startsWith('-')) return TCPDUMP;
  return words.some((w) => !w.startsWith('-')) || word !== '' ? FILTER : [...TCPDUMP, ...FILTER];
};

const SS = offers(
  '-t TCP\n-u UDP\n-l That listen\n-a All\n-n Numbers\n-p With the program\n-4 IPv4\n-6 IPv6\n-H Without the head\nstate Of this state\nsport By the own port\ndport By the other port\nsrc By the own address\ndst By the other address',
);
const NETSTAT = offers(
  '-t TCP\n-u UDP\n-l That listen\n-a All\n-n Numbers\n-p With the program\n-r Routes\n-i Interfaces',
);

const bare = (lines: string): Completer => {
  const list = offers(lines);
  return () => list;
};
const modules = offers(
  'br_netfilter Bridged packets pass iptables\nnf_conntrack Tracking of connections\nnf_conntrack_ftp The helper of FTP\nnf_conntrack_tftp The helper of TFTP\nnf_nat Translation of addresses\niptable_nat The table nat\nip_set Sets',
);

const completeBridge: Completer = ({ host, words, prev }) => {
  if (prev === 'dev') return interfaces(host);
  if (prev === 'br' || prev === 'master') return bridges(host);
  if (words.length === 0) return offers('link Ports of bridges\nfdb Where MACs are\nvlan VLANs of ports');
  if (words.length === 1) return offers('show Show them');
  return words[0] === 'fdb' ? offers('br Of this bridge\ndev Of this port') : offers('dev Of this port');
};
const completeBrctl: Completer = ({ host, words }) => {
  if (words.length === 0) {
    return offers(
      'show Show bridges\nshowmacs Where MACs are\naddbr Make a bridge\ndelbr Delete a bridge\naddif Add a port\ndelif Take a port out\nstp Spanning tree\nhairpin Frames may go back',
    );
  }
  if (words.length === 1 && words[0] !== 'addbr') return bridges(host);
  return /^(addif|delif|hairpin)$/.test(words[0]!) ? interfaces(host) : [];
};
const completeIfconfig: Completer = ({ host, words }) =>
  words.length === 0
    ? [...interfaces(host), ...offers('-a Those that are down, too')]
    : offers('up Put it up\ndown Put it down\nnetmask Its mask\nmtu Largest packet\nhw Its MAC: hw ether …');
const completeRoute: Completer = ({ host, words, prev }) => {
  if (words.length === 0) return offers('-n Numbers instead of names\nadd Add a route\ndel Delete a route');
  if (prev === 'gw') return addresses(host);
  if (prev === 'dev') return interfaces(host);
  return offers(
    '-net A network\n-host One address\ndefault All else\ngw Gateway\nnetmask Mask\ndev Interface\nmetric The smaller the better\nreject Say that it is unreachable',
  );
};

const files = (options: string): Completer => {
  const list = offers(options);
  return (place) => (place.word.startsWith('-') ? list : [...(place.word === '' ? list : []), ...paths(place)]);
};

const SAVE = offers('-c With counters\n-t One table');

/** What each command may go on with. */
export const completers: Readonly<Record<string, Completer>> = {
  'iptables-save': () => SAVE,
  'ip6tables-save': () => SAVE,
  'iptables-restore': bare('-n Keep what is there\n-c With counters\n-t Only test'),
  'ip6tables-restore': bare('-n Keep what is there\n-c With counters\n-t Only test'),
  conntrack: completeConntrack,
  ipset: completeIpset,
  sysctl: completeSysctl,
  tcpdump: completeTcpdump,
  ss: ({ prev }) =>
    prev === 'state' ? offers('established\nlistening\nsyn-sent\ntime-wait\nclose-wait\nconnected\nall') : SS,
  netstat: () => NETSTAT,
  bridge: completeBridge,
  brctl: completeBrctl,
  ifconfig: completeIfconfig,
  route: completeRoute,
  arp: ({ host }) => [
    ...offers('-n Numbers instead of names\n-a Another form\n-d Delete one'),
    ...addresses(host).filter((o) => !o.text.includes(':')),
  ],
  modprobe: () => modules,
  uname: bare('-r Version of the kernel\n-a All'),
  grep: files(
    '-c How many\n-v The others\n-i Large and small letters alike\n-E Extended patterns\n-o The match alone\n-n With numbers of lines',
  ),
  cat: files(''),
  head: files('-n So many lines'),
  tail: files('-n So many lines'),
  wc: files('-l Lines\n-w Words\n-c Bytes'),
  ls: files(''),
  sort: bare('-r Backwards\n-n By numbers\n-u Each once'),
  uniq: bare('-c With how often\n-d Those that repeat'),
};

/** Commands that send packets are given addresses and names. */
export function completeHosts({ host }: Place): readonly Offer[] {
  return addresses(host, true);
}
