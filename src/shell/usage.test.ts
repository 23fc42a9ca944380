import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine';

/** A host that has one of each thing that pages speak of, and another that answers. */
const lab = {
  format: 'lab/1',
  name: 'usage',
  start: '2025-01-01T00:00:00Z',
  hosts: {
    box: {
      interfaces: {
        eth0: { segment: 'lan', addresses: ['10.0.1.2/24', 'fd00:1::2/64'] },
        eth1: { segment: 'far', master: 'br0' },
        br0: { kind: 'bridge', addresses: ['10.0.2.1/24'] },
      },
      conntrack: true,
      iptables: '*filter\n:OWN - [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n',
      ip6tables: '*filter\n:OWN - [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n',
    },
    other: {
      interfaces: { eth0: { segment: 'lan', addresses: ['10.0.1.1/24', 'fd00:1::1/64'] } },
      listen: [
        { protocol: 'tcp', port: 80, serves: 'http' },
        { protocol: 'udp', port: 53, serves: 'dns' },
      ],
    },
  },
  steps: [],
};

/** What stands for the words in capitals, where a page does not say it itself. */
const VALUES: Readonly<Record<string, string>> = {
  ADDR: '10.0.1.1',
  BRIDGE: 'br0',
  BUILTIN: 'INPUT',
  BYTES: '1400',
  CHAIN: 'INPUT',
  COUNT: '2',
  DNSTYPE: 'AAAA',
  FILE: '/proc/net/route',
  FILTER: '',
  HOST: 'other',
  IF: 'eth0',
  KIND: 'tcp',
  LABEL: 'eth0:1',
  MAC: '02:00:00:00:00:09',
  MARK: '0x1',
  MASK: '255.255.255.255',
  NAME: 'other',
  NEW: 'new0',
  NUMBER: '1',
  OPTIONS: '',
  ORIGIN: 'static',
  OWN: 'OWN',
  OWNADDR: '10.0.1.2',
  PACKETS: '1',
  PATTERN: 'forward',
  PORT: '80',
  PREFIX: '10.0.1.77/32',
  PROTO: 'tcp',
  PROTOCOL: 'tcp',
  RANGE: '10-20',
  REALM: '1',
  RULE: '-j ACCEPT',
  SECONDS: '1',
  STATE: 'ESTABLISHED',
  STATUS: 'ASSURED',
  TABLE: 'filter',
  TARGET: '10.7.0.0/16',
  TIME: '20ms',
  TOS: '0x10',
  TTL: '3',
  TYPE: 'bridge',
  URL: 'http://other/',
  VALUE: '1',
};

interface Page {
  /** What prints it. */
  readonly ask: string;
  /** A call with an option in the place of `%`; without one the page has none. */
  readonly call?: string;
  readonly values?: Readonly<Record<string, string>>;
}

const IP = { TABLE: 'main' };
const PAGES: readonly Page[] = [
  { ask: 'ip help', call: 'ip % address show dev eth0', values: { COMMAND: 'show' } },
  { ask: 'ip address help' },
  { ask: 'ip link help' },
  { ask: 'ip neighbor help' },
  { ask: 'ip route help', values: IP },
  { ask: 'ip rule help', values: IP },
  { ask: 'ss -h', call: 'ss -t %' },
  { ask: 'arp -h', call: 'arp %' },
  { ask: 'netstat -h', call: 'netstat %' },
  { ask: 'route -h', call: 'route %' },
  { ask: 'iptables -h', call: 'iptables -A INPUT %' },
  { ask: 'ip6tables -h', call: 'ip6tables -A INPUT %', values: { PREFIX: 'fd00::/8' } },
  { ask: 'conntrack -h', call: 'conntrack -L -p tcp %' },
  { ask: 'sysctl -h', call: 'sysctl % NAME', values: { NAME: 'net.ipv4.ip_forward' } },
  { ask: 'brctl' },
  { ask: 'bridge help' },
  { ask: 'ping -h', call: 'ping -c1 % HOST' },
  { ask: 'traceroute', call: 'traceroute % HOST' },
  { ask: 'dig -?', call: 'dig @HOST other.lab %' },
  { ask: 'nc -h', call: 'nc % HOST PORT' },
  { ask: 'wget', call: 'wget -O - % URL' },
  { ask: 'grep', call: 'grep % a FILE' },
  { ask: 'tcpdump -h', call: 'tcpdump %' },
];

const engine = createEngine();
const end = engine.load(lab).events.length - 1;

function answer(line: string): string {
  const heard = engine.live('box', line, 0, end, true);
  const { output, error } = heard ?? engine.exec(end, 'box', line);
  return `${error}${output}`;
}

/** Words of their own where `|` stands between them, what may be left out in brackets. */
type Node = { readonly words: readonly string[] } | { readonly maybe: readonly Node[] };

function parse(words: string[]): readonly Node[] {
  const nodes: Node[] = [];
  for (let word = words.shift(); word !== undefined && word !== ']'; word = words.shift())
    nodes.push(word === '[' ? { maybe: parse(words) } : { words: word.split('|') });
  return nodes;
}

/** A call without what may be left out, then one with each, alternatives in turn. */
function calls(form: string, values: Readonly<Record<string, string>>, items: Items): readonly string[] {
  const nodes = parse(
    form
      .replaceAll(/([[\]])/g, ' $1 ')
      .trim()
      .split(/ +/),
  );
  const most = (list: readonly Node[]): number =>
    Math.max(1, ...list.map((n) => ('maybe' in n ? most(n.maybe) : Math.max(n.words.length, ...n.words.map(count)))));
  const count = (word: string): number => items[word]?.length ?? 1;
  const text = (list: readonly Node[], turn: number, keep: Node | null): string =>
    list
      .map((n) => {
        if ('maybe' in n) return n === keep ? text(n.maybe, turn, null) : '';
        const word = n.words[turn % n.words.length]!;
        const item = items[word];
        return fill(item === undefined ? word : item[turn % item.length]!, values, turn, items);
      })
      .join(' ');
  const optional = nodes.filter((n) => 'maybe' in n);
  const turns = Array.from({ length: most(nodes) }, (_, i) => i);
  return turns.flatMap((turn) =>
    [null, ...optional].map((keep) => text(nodes, turn, keep).replaceAll(/ +/g, ' ').trim()),
  );
}

/** Words in capitals that a page explains itself, in a line `WORD: this, that, …`. */
type Items = Readonly<Record<string, readonly string[]>>;

function itemsOf(page: string): Items {
  const found = page.replaceAll(/,\n +/g, ', ').matchAll(/^([A-Z]+): (.*)$/gm);
  return Object.fromEntries([...found].map(([, word, list]) => [word, list!.split(', ')]));
}

function fill(text: string, values: Readonly<Record<string, string>>, turn: number, items: Items): string {
  return text.replaceAll(/(?<![-\w])[A-Z]{2,}\b/g, (word) => {
    const item = items[word];
    return values[word] ?? (item === undefined ? word : fill(item[turn % item.length]!, values, 0, items));
  });
}

/** `-a, --all, -b, --best WHAT` are spellings, each with what follows. */
function optionsOf(page: string): readonly string[] {
  return [...page.matchAll(/^ {2}([-+].*?) {2,}/gm)].flatMap(([, spelled]) => {
    const words = spelled!.split(', ');
    const value = /^\S+( .*)?$/.exec(words.at(-1)!)?.[1] ?? '';
    return words.map((word) => (word.includes(' ') || word.includes('=') ? word : word + value));
  });
}

const WRONG =
  /not modelled|Hookline's own|invalid option|unrecognized|unknown option|garbage|is wrong|is unknown|Bad (option|argument|parameter)|Illegal option|[Ii]nvalid (command|value)|bellows|syntax error|expected/;

describe.each(PAGES)('$ask', ({ ask, call, values }) => {
  const page = answer(ask);
  const items = itemsOf(page);
  const words = { ...VALUES, ...values };
  const own = Object.fromEntries(Object.entries(words).filter(([word]) => items[word] === undefined));

  it('is a page of our own, and says so', () => {
    expect(page).toMatch(/^usage: /m);
    expect(page).toMatch(/The real \S+ knows more; this page is Hookline's own\.\n$/);
  });

  it('promises no form that is not understood', () => {
    const forms = [...page.matchAll(/^(?:usage: | {7})(\S.*)$/gm)]
      .map(([, form]) => form!)
      .filter((f) => !f.endsWith(' help'));
    expect(forms.length).toBeGreaterThan(0);
    const lines = forms.flatMap((form) => calls(form, own, items));
    for (const line of lines) expect(answer(line), line).not.toMatch(WRONG);
  });

  if (call === undefined) return;

  it('promises no option that is not understood', () => {
    const options = optionsOf(page);
    expect(options.length).toBeGreaterThan(4);
    for (const option of options) {
      if (/^(-h|--help|-V|-v|--version)$/.test(option)) continue;
      for (const line of calls(call.replace('%', option), own, items)) expect(answer(line), line).not.toMatch(WRONG);
    }
  });
});
