import type { Random } from './random';
import { maybeNot, type Target } from './rules';
import type { Topology } from './topology';

/** Extensions beyond the usual ones, and the sets that some of them ask. */

export function makeSets(six: boolean): string {
  const family = six ? 'inet6' : 'inet';
  const [one, net] = six ? ['fd00::2', 'fd00::/64'] : ['10.0.0.2', '10.0.0.0/28'];
  const size = `family ${family} hashsize 1024 maxelem 65536`;
  return [
    `create hosts hash:ip ${size}`,
    `add hosts ${one}`,
    `create nets hash:net ${size}`,
    `add nets ${net}`,
    `create services hash:ip,port ${size}`,
    `add services ${one},udp:53`,
    `add services ${one},tcp:80`,
    '',
  ].join('\n');
}

const side = (r: Random) => r.pick(['src', 'dst']);

export function rareMatch(r: Random, t: Topology, table: string, hook: string): string {
  const choices: (() => string)[] = [
    () => `-m set ${maybeNot(r)}--match-set ${r.pick(['hosts', 'nets'])} ${side(r)}`,
    () => `-m set ${maybeNot(r)}--match-set services ${side(r)},${side(r)}`,
    () => `-m recent --set --name R${r.int(2)} --${r.pick(['rsource', 'rdest'])}`,
    () => `-m recent ${maybeNot(r)}--rcheck --name R${r.int(2)} --${r.pick(['rsource', 'rdest'])}`,
    () => `-m recent --update --hitcount ${1 + r.int(3)} --name R${r.int(2)} --rsource`,
    () => {
      const how = r.pick(['srcip', 'dstip', 'srcip,dstip', 'srcip,dstport']);
      const name = `h${r.int(1_000_000)}`; // a table of its own
      return `-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst ${1 + r.int(3)} --hashlimit-mode ${how} --hashlimit-name ${name}`;
    },
    () => `-m quota ${maybeNot(r)}--quota ${50 + r.int(200)}`,
    () => `-m string ${maybeNot(r)}--string "hello" --algo ${r.pick(['bm', 'kmp'])} --to 65535`,
    () => `-m pkttype ${maybeNot(r)}--pkt-type ${r.pick(['unicast', 'broadcast', 'multicast'])}`,
    () => `-m ecn ${maybeNot(r)}--ecn-ip-ect ${r.int(4)}`,
    () => `-m conntrack ${maybeNot(r)}--ctorigdstport ${r.pick([53, 80, 4000])}`,
    () => `-m conntrack ${maybeNot(r)}--ctproto ${r.pick([6, 17, t.six ? 58 : 1])}`,
    () => '-m conntrack --ctexpire 0:1000',
    () =>
      `-m connlimit --connlimit-${r.pick(['above', 'upto'])} ${1 + r.int(2)} --connlimit-mask ${t.six ? 128 : 32} --connlimit-${r.pick(['saddr', 'daddr'])}`,
    () => `-m connlabel ${maybeNot(r)}--label 1${r.chance(40) ? ' --set' : ''}`,
    () => '-m policy --dir in --pol none',
  ];
  if (!t.six) choices.push(() => `-m u32 ${maybeNot(r)}--u32 "0x6&0xff=0x${r.pick(['1', '6', '11'])}"`);
  if (hook === 'OUTPUT' || hook === 'POSTROUTING') choices.push(() => `-m owner ${maybeNot(r)}--uid-owner 0`);
  if (hook === 'PREROUTING' && (table === 'raw' || table === 'mangle'))
    choices.push(() => `-m rpfilter${r.pick(['', ' --loose', ' --invert'])}`);
  if (['PREROUTING', 'INPUT', 'FORWARD'].includes(hook)) {
    choices.push(() => `-m mac ${maybeNot(r)}--mac-source 02:ff:ff:ff:ff:fe`);
    choices.push(() => `-m physdev ${maybeNot(r)}--physdev-in p1`);
  }
  const text = r.pick(choices)();
  // policy --dir in is for the chains of arriving packets
  return text.startsWith('-m policy') && ['OUTPUT', 'POSTROUTING'].includes(hook) ? '' : text;
}

/** One that this table has, or null. */
export function rareTarget(r: Random, t: Topology, table: string, hook: string): Target | null {
  if (table === 'filter') return { text: `-j SET --${r.pick(['add-set', 'del-set'])} hosts ${side(r)}` };
  if (table === 'raw') {
    return { text: `-j CT ${r.pick(['--zone 1', '--zone-orig 2', '--ctevents new', '--zone 0'])}` };
  }
  if (table === 'mangle') {
    const choices: Target[] = [
      { text: '-j TCPOPTSTRIP --strip-options mss', protocol: 'tcp' },
      { text: `-j CONNMARK --${r.pick(['and', 'or', 'xor'])}-mark 0x3` },
      { text: `-j MARK --${r.pick(['and', 'or', 'xor'])}-mark 0x3` },
    ];
    if (!t.six) choices.push({ text: '-j ECN --ecn-tcp-remove', protocol: 'tcp' });
    if (hook === 'POSTROUTING') choices.push({ text: '-j CLASSIFY --set-class 0001:0002' });
    return r.pick(choices);
  }
  if (table === 'nat') {
    const net = t.six ? '2001:db8:aa::/64' : '192.0.2.0/24';
    const range = t.six ? '2001:db8:aa::1-2001:db8:aa::4' : '192.0.2.1-192.0.2.4';
    const source = hook === 'INPUT' || hook === 'POSTROUTING';
    return r.chance(50)
      ? { text: `-j NETMAP --to ${net}` }
      : { text: `-j ${source ? 'SNAT --to-source' : 'DNAT --to-destination'} ${range} --persistent` };
  }
  return null;
}
