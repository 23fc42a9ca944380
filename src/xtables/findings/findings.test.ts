import { expect, test } from 'vitest';
import { findings } from '.';

const filter = (rules: string, head = ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]'): string =>
  `*filter\n${head}\n${rules}\nCOMMIT\n`;
/** `kind line because` of each finding; rules begin at line 5. */
const found = (text: string, family: 'ip' | 'ip6' = 'ip'): readonly string[] =>
  findings(text, family).map((f) => `${f.kind} ${f.line} ${f.because}`);

test.each([
  ['-A INPUT -j DROP\n-A INPUT -p tcp -j ACCEPT\n-A INPUT -j LOG', ['after-verdict 6 5']],
  ['-A INPUT -m comment --comment all -j ACCEPT\n-A INPUT -j DROP', ['after-verdict 6 5']],
  ['-A INPUT -j LOG\n-A INPUT -j DROP', []],
  ['-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.0.0/16 -p tcp -j DROP', ['shadowed 6 5']],
  ['-A INPUT -s 10.1.0.0/16 -j ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP', []],
  ['-A INPUT ! -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 11.0.0.1 -j DROP', []],
  ['-A INPUT -i eth+ -j ACCEPT\n-A INPUT -i eth0 -j DROP', ['shadowed 6 5']],
  ['-A INPUT -p tcp -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j DROP', ['shadowed 6 5']],
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -j DROP', []],
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -p udp -m udp --dport 22 -j ACCEPT', []],
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', ['duplicate 6 5']],
  ['-A INPUT -p tcp -j LOG\n-A INPUT -p tcp -j LOG', ['duplicate 6 5']],
  // Fragments have no header that -m udp could look at.
  ['-A INPUT -p udp -m udp -j ACCEPT\n-A INPUT -p udp -j DROP', []],
  ['-A INPUT -p udp -m udp -j ACCEPT\n-A INPUT -p udp -m multiport --dports 53 -j DROP', ['shadowed 6 5']],
  // What counts or remembers is another thing each time.
  ['-A INPUT -m limit --limit 5/min -j ACCEPT\n-A INPUT -m limit --limit 5/min -j ACCEPT', []],
  ['-A INPUT -m recent --set -j ACCEPT\n-A INPUT -s 10.0.0.1 -m recent --set -j DROP', []],
  ['-A INPUT -m mark --mark 0x1 -j ACCEPT\n-A INPUT -m mark --mark 0x1 -j ACCEPT', []],
  // Lists of addresses are several rules of one line.
  ['-A INPUT -s 10.0.0.0/8,10.1.0.0/16 -j DROP', []],
  [
    '-A INPUT -p tcp -m tcp --dport 22 -j REJECT\n-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j DROP',
    ['shadowed 6 5'],
  ],
  // Ports and states within those of an earlier rule.
  ['-A INPUT -p tcp -m tcp --dport 20:30 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j DROP', ['shadowed 6 5']],
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 20:30 -j DROP', []],
  [
    '-A INPUT -p tcp -m multiport --dports 22,80:90 -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 85 -j DROP',
    ['shadowed 6 5'],
  ],
  [
    '-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 80 -j DROP',
    ['shadowed 6 5'],
  ],
  ['-A INPUT -p tcp -m multiport --ports 22 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j DROP', []],
  ['-A INPUT -p tcp -m tcp ! --dport 22 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 80 -j DROP', []],
  [
    '-A INPUT -m conntrack --ctstate NEW,RELATED -j ACCEPT\n-A INPUT -m conntrack --ctstate NEW -j DROP',
    ['shadowed 6 5'],
  ],
  ['-A INPUT -m conntrack --ctstate NEW -j ACCEPT\n-A INPUT -m conntrack --ctstate NEW,RELATED -j DROP', []],
  ['-A INPUT -m state --state NEW -j ACCEPT\n-A INPUT -p tcp -m conntrack --ctstate NEW -j DROP', ['shadowed 6 5']],
  ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -m tcp --sport 22 -j DROP', []],
])('%j', (rules, expected) => {
  expect(found(filter(rules))).toEqual(expected);
});

test('what a target changes is no longer what an earlier rule saw', () => {
  const raw = (rules: string): string => `*raw\n:PREROUTING ACCEPT [0:0]\n${rules}\nCOMMIT\n`;
  const untracked = '-A PREROUTING -m conntrack --ctstate UNTRACKED -j ACCEPT';
  expect(found(raw(`${untracked}\n${untracked}`))).toEqual(['duplicate 4 3']);
  expect(found(raw(`${untracked}\n-A PREROUTING -p udp -j NOTRACK\n${untracked}`))).toEqual([]);
});

const CHAINS = ':INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:MINE - [0:0]';

test('chains that nobody calls, and jumps to empty ones', () => {
  expect(found(filter('-A MINE -j DROP', CHAINS))).toEqual(['uncalled 4 0']);
  expect(found(filter('-A INPUT -j MINE', CHAINS))).toEqual(['empty-jump 5 4']);
  expect(found(filter('-A INPUT -j MINE\n-A MINE -j DROP', CHAINS))).toEqual([]);
});

test('interfaces that packets in a user chain do not have', () => {
  expect(found(filter('-A INPUT -j MINE\n-A MINE -o eth0 -j DROP', CHAINS))).toEqual(['interface 6 0']);
  expect(found(filter('-A OUTPUT -j MINE\n-A MINE -i eth0 -j DROP', CHAINS))).toEqual(['interface 6 0']);
  expect(found(filter('-A INPUT -j MINE\n-A OUTPUT -j MINE\n-A MINE -i eth0 -j DROP', CHAINS))).toEqual([]);
  expect(found(filter('-A INPUT -j MINE\n-A MINE ! -o eth0 -j DROP', CHAINS))).toEqual([]);
});

const DROPS = ':INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]';

test.each([
  ['-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', ['replies 2 0']],
  ['-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT\n-A INPUT -p icmp -j ACCEPT', ['replies 2 0']],
  ['-A INPUT -m conntrack --ctstate NEW -p tcp --dport 22 -j ACCEPT', ['replies 2 0']],
  ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT', []],
  ['-A INPUT -m state --state ESTABLISHED -j ACCEPT', []],
  ['-A INPUT -p tcp ! --syn -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT', []],
  ['-A INPUT -p udp --sport 53 -j ACCEPT', []],
  ['-A INPUT -s 10.0.0.0/8 -j ACCEPT', []],
  ['-A INPUT -p tcp --dport 1024:65535 -j ACCEPT', []],
  // Nothing is let in at all: that is what is wanted.
  ['-A INPUT -j LOG', []],
])('a DROP policy and answers: %j', (rules, expected) => {
  expect(found(filter(rules, DROPS))).toEqual(expected);
});

test('a host that opens no connections misses no answers', () => {
  const head = ':INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT DROP [0:0]';
  expect(found(filter('-A INPUT -p tcp --dport 22 -j ACCEPT', head))).toEqual([]);
});

test('a DROP policy in nat', () => {
  expect(found('*nat\n:PREROUTING DROP [0:0]\nCOMMIT\n')).toEqual(['nat-policy 2 0']);
});

test('neighbour discovery', () => {
  const state = '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  expect(found(filter(state, DROPS), 'ip6')).toEqual(['neighbours 2 0']);
  expect(found(filter(`${state}\n-A INPUT -p ipv6-icmp -j ACCEPT`, DROPS), 'ip6')).toEqual([]);
  expect(found(filter(`${state}\n-A INPUT -s fe80::/10 -j ACCEPT`, DROPS), 'ip6')).toEqual([]);
});

test('a table that cannot run and no text are no ground for findings', () => {
  expect(found('')).toEqual([]);
  const rules = '-A INPUT -j DROP\n-A INPUT -j DROP\n';
  expect(found(`*filter\n:A -\n-A INPUT -j A\n${rules}-A A -j A\nCOMMIT\n`)).toEqual([]);
  expect(found(`*filter\n${rules}`)).not.toEqual([]);
});

test('a shadowed rule comes with a packet that shows it', () => {
  const said = (rules: string): string => findings(filter(rules), 'ip')[0]!.message;
  expect(
    said('-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.0.0/16 -i eth+ -p tcp -m tcp --dport 20:30 -j DROP'),
  ).toMatch(/ For instance: TCP from 10\.1\.0\.1 to port 20 in by eth0\.$/);
  // Nothing is said of what would take more words.
  expect(said('-A INPUT -p tcp -j ACCEPT\n-A INPUT ! -s 10.0.0.1 -p tcp -j DROP')).not.toContain('instance');
});
