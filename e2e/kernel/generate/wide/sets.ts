import type { Random } from '../random';

/** Sets of every type, and how many of `src` and `dst` a rule names of each. */
interface Made {
  readonly text: string;
  readonly sets: { name: string; dims: number }[];
}

export function makeWideSets(r: Random, family: 4 | 6): Made {
  const six = family === 6;
  const prefix = six ? 's6' : 's4';
  const size = `family ${six ? 'inet6' : 'inet'} hashsize 1024 maxelem 65536`;
  const one = () =>
    r.pick(
      six ? ['fd00::2', 'fd00::3', '2001:db8:1::1', 'fd00::1'] : ['10.0.0.2', '10.0.0.3', '198.51.100.1', '10.0.0.1'],
    );
  const net = () =>
    r.pick(
      six
        ? ['fd00::/64', 'fd00::2', '2001:db8::/32', '::/1']
        : ['10.0.0.0/24', '10.0.0.2', '198.51.100.0/25', '128.0.0.0/1', '10.0.0.0/29'],
    );
  const port = () =>
    r.pick([
      'udp:53',
      'tcp:80',
      'udp:4000',
      'tcp:4001',
      'sctp:80',
      six ? 'icmpv6:128/0' : 'icmp:8/0',
      'udplite:53',
      '47:0',
    ]);
  const nomatch = () => (r.chance(25) ? ' nomatch' : '');
  const more = () =>
    r.weighted([
      [5, ''],
      [1, ' timeout 300'],
      [0.5, ' timeout 2'],
      [1, ' counters'],
      [1, ' comment'],
      [1, ' skbinfo'],
      [1, ' counters comment'],
    ]);
  const types: Record<string, readonly [number, string, () => string]> = {
    ip: [1, `hash:ip ${size}`, one],
    masked: [1, `hash:ip ${size} netmask ${six ? 64 : 24}`, () => (six ? 'fd00::' : '10.0.0.0')],
    net: [1, `hash:net ${size}`, () => net() + nomatch()],
    ipport: [2, `hash:ip,port ${size}`, () => `${one()},${port()}`],
    netport: [2, `hash:net,port ${size}`, () => `${net()},${port()}${nomatch()}`],
    ipportip: [3, `hash:ip,port,ip ${size}`, () => `${one()},${port()},${one()}`],
    ipportnet: [3, `hash:ip,port,net ${size}`, () => `${one()},${port()},${net()}${nomatch()}`],
    netiface: [
      2,
      `hash:net,iface ${size}`,
      () => `${net()},${r.pick(['eth0', 'eth1', 'lo', 'physdev:p1', 'br0'])}${nomatch()}`,
    ],
    bports: [1, 'bitmap:port range 0-8191', () => r.pick(['53', '80', '4000-4001'])],
    ...(six ? {} : { bips: [1, 'bitmap:ip range 10.0.0.0/24', () => r.pick(['10.0.0.2', '10.0.0.16/28'])] as const }),
  };
  const sets: { name: string; dims: number }[] = [];
  const lines: string[] = [];
  for (const [kind, [dims, create, member]] of Object.entries(types)) {
    if (!r.chance(35)) continue;
    const name = `${prefix}${kind}`;
    const options = more();
    lines.push(`create ${name} ${create}${options}`);
    const members = new Set<string>();
    for (let i = r.int(4); i > 0; i--) members.add(member());
    const seen = new Set<string>();
    for (const m of members) {
      const key = m.replace(' nomatch', '');
      if (seen.has(key) || (key.includes('-') && kind !== 'bports') || (key === '128.0.0.0/1' && kind === 'masked'))
        continue;
      seen.add(key);
      const [bare, flag = ''] = [key, m.endsWith('nomatch') ? ' nomatch' : ''];
      const extra =
        options.includes('skbinfo') && r.chance(60)
          ? ' skbmark 0x2/0xff skbprio 1:2'
          : options.includes('comment')
            ? ' comment "x y"'
            : '';
      lines.push(`add ${name} ${bare}${extra}${flag}`);
    }
    sets.push({ name, dims });
  }
  if (sets.length > 0 && r.chance(40)) {
    const name = `${prefix}list`;
    lines.push(`create ${name} list:set size 8${r.chance(30) ? ' counters' : ''}`);
    const inside = r.some(sets, 50);
    for (const { name: member } of inside) lines.push(`add ${name} ${member}`);
    sets.push({ name, dims: 3 });
  }
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, sets };
}

export const sides = (r: Random, dims: number) => Array.from({ length: dims }, () => r.pick(['src', 'dst'])).join(',');
