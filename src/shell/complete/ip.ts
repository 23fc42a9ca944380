import { addresses, bridges, interfaces } from './common';
import { type Offer, offers, type Place } from './types';

const OPTIONS = offers(`
  -4 IPv4 alone
  -6 IPv6 alone
  -br Short lines
  -o One line each
  -s With counters
  -d With all that goes without saying
`);
const OBJECTS = offers(`
  addr Addresses of interfaces
  link Interfaces
  route Routes
  rule Which table is asked for which packets
  neigh Neighbours and their MACs
`);
const VERBS: Readonly<Record<string, readonly Offer[]>> = {
  addr: offers(
    'show Show addresses\nadd Give an address\ndel Take an address away\nreplace Give or change\nflush Take all away',
  ),
  link: offers('show Show interfaces\nset Change an interface\nadd Make a bridge or a dummy\ndelete Delete it'),
  route: offers(
    'show Show routes\nget Ask for the way to an address\nadd Add a route\ndel Delete a route\nreplace Add or change a route\nchange Change a route\nappend Add behind\nflush Delete many',
  ),
  rule: offers('show Show rules\nadd Add a rule\ndelete Delete a rule\nflush Delete all but the first'),
  neigh: offers('show Show neighbours\nadd Add one\nreplace Add or change one\ndel Delete one\nget Ask for one'),
};
const WORDS: Readonly<Record<string, readonly Offer[]>> = {
  'addr show': offers('dev Of this interface\nup That are up\nscope global, link or host\nto Within a network'),
  'addr add': offers('dev To this interface\nbrd Its broadcast address; + for the usual one'),
  'addr del': offers('dev Of this interface'),
  'link show': offers('dev This interface\nup That are up\nmaster Ports of a bridge\ntype bridge or dummy'),
  'link set': offers(
    'dev This interface\nup Put it up\ndown Put it down\nmtu Largest packet\naddress Its MAC\nmaster Make it a port of a bridge\nnomaster Take it out of its bridge',
  ),
  'link add': offers('name Its name\ntype bridge or dummy'),
  'route show': offers(
    'table Of this table; all for every one\ndev By this interface\nvia By this gateway\nproto kernel, boot, static\nmatch That this address falls into\nroot Within this network',
  ),
  'route get': offers(
    'from As if it came from there\niif As if it came in by this interface\noif Out of this interface\nmark With this mark\ntos With this type of service\nfibmatch The route itself',
  ),
  'route add': offers(
    'default All that has no other route\nvia Gateway\ndev Interface\nmetric The smaller the better\ntable Into this table\nsrc Source address that it prefers\nonlink The gateway is a neighbour\nmtu Largest packet\nblackhole Drop in silence\nunreachable Drop, and say so\nprohibit Drop, and say that it is forbidden',
  ),
  'rule add': offers(
    'from Source\nto Destination\nfwmark Mark\niif Came in by\noif Goes out by\nlookup This table\npref Its number\ntos Type of service\nipproto Protocol\ndport Destination port\nsport Source port',
  ),
  'neigh show': offers('dev On this interface\nnud Of this state'),
  'neigh add': offers('lladdr Its MAC\ndev On this interface\nnud State'),
};
const ALIASES: Readonly<Record<string, string>> = {
  'route del': 'route add',
  'route replace': 'route add',
  'route change': 'route add',
  'route append': 'route add',
  'route flush': 'route show',
  'rule delete': 'rule add',
  'rule del': 'rule add',
  'addr replace': 'addr add',
  'addr flush': 'addr show',
  'neigh replace': 'neigh add',
  'neigh del': 'neigh show',
  'neigh get': 'neigh show',
};
/** As ip itself reads abbreviations. */
const FULL: readonly (readonly [RegExp, string])[] = [
  [/^a(d(d(r(e(s(s)?)?)?)?)?)?$/, 'addr'],
  [/^l(i(n(k)?)?)?$/, 'link'],
  [/^r(o(u(t(e)?)?)?)?$/, 'route'],
  [/^ru(l(e)?)?$/, 'rule'],
  [/^n(e(i(g(h(b(o(u?r)?)?)?)?)?)?)?$/, 'neigh'],
];

export function completeIp({ host, words, prev }: Place): readonly Offer[] {
  const plain = words.filter((w) => !w.startsWith('-'));
  const object = FULL.find(([abbreviation]) => abbreviation.test(plain[0] ?? ''))?.[1];
  if (plain.length === 0) return [...OPTIONS, ...OBJECTS];
  if (object === undefined) return [];
  if (plain.length === 1) return VERBS[object]!;
  const verb = VERBS[object]!.find((v) => v.text.startsWith(plain[1]!))?.text ?? '';
  const asked = `${object} ${verb}`;
  if (prev === 'dev' || prev === 'iif' || prev === 'oif') return interfaces(host);
  if (prev === 'master') return bridges(host);
  if (prev === 'type') return offers('bridge A bridge\ndummy An interface that leads nowhere');
  if (prev === 'table' || prev === 'lookup')
    return offers('main The usual one\nlocal Own addresses\ndefault After main\nall Every table');
  if (prev === 'scope') return offers('global Everywhere\nlink On this link\nhost On this host');
  if (prev === 'proto') return offers('kernel Made by the kernel\nboot Made by a command\nstatic Made by hand');
  if (prev === 'nud') return offers('permanent Stays\nreachable Answered lately');
  if (prev === 'via' || prev === 'from' || prev === 'to' || prev === 'get' || prev === 'match') return addresses(host);
  const more = WORDS[asked] ?? WORDS[ALIASES[asked] ?? ''] ?? [];
  const names = /^(addr|link) (show|set|delete)$/.test(asked) ? interfaces(host) : [];
  const targets = asked === 'neigh show' || asked === 'neigh get' ? addresses(host) : [];
  return [...more.filter((o) => !words.includes(o.text)), ...names, ...targets];
}
