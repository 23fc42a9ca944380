import { everyAddress } from './context';
import type { Place } from './matches';
import { sides } from './sets';

/** What a rule does, and of which protocol it has to be for that. */
interface WideTarget {
  readonly text: string;
  readonly protocol?: string;
}
const to = (text: string): WideTarget => ({ text });
const value = ({ r }: Place) => r.pick(['0x0', '0x1', '0x2', '0x3', '0x10', '0xff', '7']);
const masked = (p: Place) => `${value(p)}${p.r.pick(['', '', '/0xff', '/0x1', '/0xf0'])}`;

export function wideTarget(p: Place, callable: readonly string[]): WideTarget {
  const { r, table } = p;
  if (callable.length > 0 && r.chance(55)) return to(`${r.chance(75) ? '-j' : '-g'} ${r.pick(callable)}`);
  if (r.chance(9)) return to('');
  if (r.chance(9)) return to('-j RETURN');
  if (r.chance(p.w.hosts[p.w.subject]?.queues ? 25 : 7)) return anywhere(p);
  switch (table) {
    case 'filter':
    case 'security':
      if (table === 'filter' && r.chance(25)) return reject(p);
      return r.chance(10) ? setTarget(p) : to(r.chance(60) ? '-j ACCEPT' : '-j DROP');
    case 'nat':
      return nat(p);
    case 'raw':
      return raw(p);
    default:
      return mangle(p);
  }
}

function anywhere(p: Place): WideTarget {
  const { r } = p;
  const queues = p.w.hosts[p.w.subject]?.queues;
  if (queues !== undefined && r.chance(60)) {
    return to(
      `-j NFQUEUE --queue-num ${r.pick([...queues.map(({ number }) => number), 3])}${r.pick(['', ' --queue-bypass'])}`,
    );
  }
  return to(
    r.pick([
      '-j LOG --log-prefix "seen "',
      '-j LOG --log-level 7 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid',
      '-j AUDIT --type accept',
      '-j ACCEPT',
      '-j MARK --set-mark 0x2',
      `-j MARK --${r.pick(['and', 'or', 'xor'])}-mark 0x3`,
      ...(p.hook === 'INPUT' || p.hook === 'FORWARD' || p.hook === 'PREROUTING'
        ? ['-j MARK --set-xmark 0x1/0xff']
        : []),
    ]),
  );
}

function reject({ r, family, protocol }: Place): WideTarget {
  if (protocol === 'tcp' && r.chance(50)) return { text: '-j REJECT --reject-with tcp-reset', protocol: 'tcp' };
  const kinds =
    family === 6
      ? ['no-route', 'adm-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'].map(
          (k) => `icmp6-${k}`,
        )
      : [
          'net-unreachable',
          'host-unreachable',
          'proto-unreachable',
          'port-unreachable',
          'net-prohibited',
          'host-prohibited',
          'admin-prohibited',
        ].map((k) => `icmp-${k}`);
  return to(r.chance(25) ? '-j REJECT' : `-j REJECT --reject-with ${r.pick(kinds)}`);
}

function setTarget(p: Place): WideTarget {
  const { r, w, family } = p;
  const sets = w.sets[family].filter(({ name }) => !name.endsWith('list'));
  if (sets.length === 0) return to('-j ACCEPT');
  const { name, dims } = r.pick(sets);
  return to(
    `-j SET --${r.pick(['add-set', 'add-set', 'del-set'])} ${name} ${sides(r, dims)}${r.pick(['', '', '', '', ' --exist', ' --timeout 100', ' --exist --timeout 100'])}`.replace(
      /(--del-set \S+ \S+).*/,
      '$1',
    ),
  );
}

function raw({ r, protocol, hook }: Place): WideTarget {
  if (protocol === 'tcp' && r.chance(25)) return { text: '-j CT --helper ftp', protocol: 'tcp' };
  if (protocol === 'udp' && r.chance(25)) return { text: '-j CT --helper tftp', protocol: 'udp' };
  return to(
    r.pick([
      '-j NOTRACK',
      '-j CT --notrack',
      '-j ACCEPT',
      '-j DROP',
      '-j TRACE',
      '-j CT --zone 1',
      '-j CT --zone-orig 2',
      '-j CT --zone-reply 3',
      '-j CT --ctevents new',
      '-j CT --ctevents new,destroy,mark',
      '-j CT --zone 1 --ctevents assured,reply',
      '-j CT --expevents new',
      ...(hook === 'PREROUTING' ? ['-j CT --zone mark', '-j CT --zone-orig mark'] : ['-j CT --zone mark']),
    ]),
  );
}

function nat(p: Place): WideTarget {
  const { r, w, family, hook, protocol } = p;
  if (r.chance(10)) return to('-j ACCEPT');
  const six = family === 6;
  const someone = r.pick(
    [...everyAddress(w, family), ...(r.chance(10) ? w.odd[family] : [])].filter(
      (a) => !a.startsWith('ff') && a !== '::' && a !== '0.0.0.0',
    ),
  );
  const range = six ? '2001:db8:aa::1-2001:db8:aa::4' : '192.0.2.1-192.0.2.4';
  const ported = ['tcp', 'udp', 'sctp', 'dccp'].includes(protocol);
  const ports = ported && r.chance(45) ? r.pick(['53', '80', '4000-4003', '4000-4000', '60100-60199', '5000']) : null;
  const fixed = ports === null ? {} : { protocol };
  const flags = r.weighted([
    [8, ''],
    [1, ' --persistent'],
    [1, ' --random'],
  ]);
  const source = hook === 'INPUT' || hook === 'POSTROUTING';
  const address = r.chance(25) ? range : someone;
  const withPort = ports === null ? address : six ? `[${address}]:${ports}` : `${address}:${ports}`;
  if (r.chance(12))
    return to(
      `-j NETMAP --to ${six ? r.pick(['2001:db8:aa::/64', '2001:db8:aa::/120']) : r.pick(['192.0.2.0/24', '10.0.0.0/28', '192.0.2.7'])}`,
    );
  if (source) {
    if (hook === 'POSTROUTING' && r.chance(45)) {
      return {
        text: `-j MASQUERADE${ports === null ? '' : ` --to-ports ${ports}`}${r.pick(['', '', ' --random', ' --random-fully'])}`,
        ...fixed,
      };
    }
    return { text: `-j SNAT --to-source ${withPort}${flags}`, ...fixed };
  }
  if (r.chance(25))
    return {
      text: `-j REDIRECT${ports === null ? '' : ` --to-ports ${ports}`}${r.pick(['', '', ' --random'])}`,
      ...fixed,
    };
  if (ported && !six && r.chance(10)) return { text: `-j DNAT --to-destination ${someone}:5000-5010/4000`, protocol };
  if (ported && r.chance(10))
    return { text: `-j DNAT --to-destination :${r.pick(['80', '4000-4002'])}${flags}`, protocol };
  return { text: `-j DNAT --to-destination ${withPort}${flags}`, ...fixed };
}

function mangle(p: Place): WideTarget {
  const { r, hook, family, protocol, w, names } = p;
  const choices: (() => WideTarget)[] = [
    () => to(`-j MARK --${r.pick(['set-xmark', 'set-mark'])} ${masked(p)}`),
    () => to(`-j MARK --${r.pick(['set-xmark', 'set-mark'])} ${masked(p)}`),
    () => to(`-j MARK --${r.pick(['and', 'or', 'xor'])}-mark ${value(p)}`),
    () => to(`-j CONNMARK --${r.pick(['set-xmark', 'set-mark'])} ${masked(p)}`),
    () => to(`-j CONNMARK --${r.pick(['and', 'or', 'xor'])}-mark ${value(p)}`),
    () =>
      to(
        `-j CONNMARK --${r.pick(['save', 'restore'])}-mark${r.pick(['', ' --nfmask 0xff --ctmask 0xf', ' --mask 0x3', ' --nfmask 0xffffffff --ctmask 0xffffffff'])}`,
      ),
    () => to('-j CONNMARK --restore-mark'),
    () =>
      to(
        `-j ${family === 6 ? 'HL --hl' : 'TTL --ttl'}-${r.pick(['set 5', 'dec 1', 'inc 1', 'set 64', 'set 1', 'dec 63', 'inc 255'])}`,
      ),
    () => to(`-j DSCP --set-dscp${r.pick([' 0x04', ' 0x2e', ' 0x00', '-class EF', '-class AF41'])}`),
    () =>
      to(
        `-j TOS --${r.pick(['set-tos 0x10/0xff', 'set-tos 0x08/0x0f', 'set-tos Minimize-Cost', 'and-tos 0xf0', 'or-tos 0x08', 'xor-tos 0x18'])}`,
      ),
    () => to('-j ACCEPT'),
    () => to('-j DROP'),
    () => ({ text: '-j TCPOPTSTRIP --strip-options mss,wscale,sack-permitted', protocol: 'tcp' }),
    () => ({
      text: `-j TCPOPTSTRIP --strip-options ${r.pick(['mss', 'wscale', 'sack-permitted', '8,2'])}`,
      protocol: 'tcp',
    }),
    () => to('-j CHECKSUM --checksum-fill'),
    () => setTarget(p),
    () => {
      const sets = w.sets[family].filter(({ name }) => !name.endsWith('list'));
      if (sets.length === 0) return to('-j ACCEPT');
      const { name, dims } = r.pick(sets);
      return ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].includes(hook) && r.chance(60)
        ? to(
            `-j SET --map-set ${name} ${sides(r, dims)} --map-mark${hook === 'FORWARD' || hook === 'OUTPUT' || hook === 'POSTROUTING' ? r.pick(['', ' --map-prio']) : ''}`,
          )
        : setTarget(p);
    },
    () =>
      to(
        `-j HMARK --hmark-tuple ${r.pick(['src', 'src,dst', 'src,dst,sport,dport', 'ct,src', 'dport'])} --hmark-mod ${r.pick([2, 100])} --hmark-offset ${r.pick([1, 10])} --hmark-rnd 0x${r.pick(['1', 'abcd'])}`,
      ),
    () => to(`-j IDLETIMER --timeout 600 --label t${family}${names.next++}`),
  ];
  if (family === 4) choices.push(() => ({ text: '-j ECN --ecn-tcp-remove', protocol: 'tcp' }));
  if (hook === 'INPUT' || hook === 'FORWARD') {
    const offers = [
      '',
      ' --mss 1400',
      ' --sack-perm --timestamp --wscale 7 --mss 1460',
      ' --timestamp --mss 536 --ecn',
    ];
    choices.push(() => ({ text: `-j SYNPROXY${r.pick(offers)}`, protocol: 'tcp' }));
  }
  if (family === 6 && hook !== 'FORWARD') {
    choices.push(() =>
      to(
        `-j ${hook === 'PREROUTING' || hook === 'OUTPUT' ? 'DNPT' : 'SNPT'} --src-pfx ${r.pick(['fd00::/64', '2001:db8::/48'])} --dst-pfx ${r.pick(['2001:db8:aa::/64', 'fd00:bb::/48'])}`,
      ),
    );
  }
  if (['FORWARD', 'OUTPUT', 'POSTROUTING'].includes(hook)) {
    choices.push(() => to('-j CLASSIFY --set-class 0001:0002'));
    const mss: () => WideTarget = () => ({
      text: `-m tcp --tcp-flags ${r.pick(['SYN,RST', 'FIN,SYN,RST,ACK'])} SYN -j TCPMSS ${r.pick(['--clamp-mss-to-pmtu', '--set-mss 1200', '--set-mss 500'])}`,
      protocol: 'tcp',
    });
    choices.push(mss);
    if (protocol === 'tcp') choices.push(mss, mss);
  }
  return r.pick(choices)();
}
