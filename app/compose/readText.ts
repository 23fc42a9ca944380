/** What a pasted or dropped text is made of. Lines are those of the text, from 1. */
export interface Parts {
  readonly iptables: string;
  readonly ip6tables: string;
  readonly ipset: string;
  readonly nftables: string;
  readonly routes: string;
  readonly routes6: string;
  readonly rules: string;
  readonly rules6: string;
  readonly interfaces: readonly Device[];
  readonly sysctl: Readonly<Record<string, string>>;
}

/** An interface of `ip addr`. */
interface Device {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly mac: string;
  readonly mtu: number;
  readonly master: string;
  readonly up: boolean;
}

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Read =
  /** Looks like a lab, or means to be one: the engine is to judge. */
  | { readonly kind: 'json' }
  | { readonly kind: 'parts'; readonly parts: Parts; readonly strange: readonly Problem[] }
  | { readonly kind: 'unknown'; readonly problems: readonly Problem[] };

const ROUTE =
  /^(default|local|broadcast|multicast|unreachable|blackhole|prohibit|throw|anycast|unicast|[0-9a-f]*:[0-9a-f:.]*(\/\d+)?|\d+\.\d+\.\d+\.\d+(\/\d+)?)\s+(\S+\s+)?(via|dev|proto|scope|metric|src|table|nexthop|linkdown|onlink|nhid)\b/i;
const BARE_ROUTE = /^(unreachable|blackhole|prohibit|throw)\s+(default|[0-9a-f:.]+(\/\d+)?)/i;
const PROMPT =
  /^(\[?[\w.@~:/ -]+\]?[#$>]\s+)?(sudo\s+)?(ip6?tables-save|iptables-legacy-save|ip6tables-legacy-save|ip6?tables(\s+-\S+|\s+\w+)*\s+(-S|--list-rules)\b.*|ip(\s+-\S+)*\s+(a|addr|address|r|route|ru|rule)\b.*|ipset save|nft list ruleset|sysctl .*|cat .*)$/;

type Where = 'none' | 'xtables' | 'device' | 'nft';

/** Sorts the lines of a text into the outputs that they belong to. */
export function readText(text: string): Read {
  if (/^\s*[{[]/.test(text)) return { kind: 'json' };
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const out = { iptables: '', ip6tables: '', ipset: '', nftables: '', routes: '', routes6: '', rules: '', rules6: '' };
  const sysctl: Record<string, string> = {};
  const devices: Device[] = [];
  const strange: Problem[] = [];
  let where: Where = 'none';
  let block: string[] = [];
  let indent = '';
  // Tables that one command printed: a rule in one of them tells the family of all.
  let dump: string[][] = [];
  let stated: 'iptables' | 'ip6tables' | null = null;
  let depth = 0;
  let blockLine = 0;
  let seenRoute = false;

  const endDump = (): void => {
    const member = stated ?? (dump.some(looksSix) ? 'ip6tables' : 'iptables');
    for (const table of dump) out[member] += `${table.join('\n')}\n`;
    dump = [];
  };
  const endBlock = (): void => {
    if (block.length > 0) dump.push(block);
    block = [];
  };
  // What `iptables -S` prints of one table.
  let listing: string[] = [];
  const endListing = (): void => {
    if (listing.length === 0) return;
    const head = `*${tableOfListing(listing)}`;
    if (dump.some(([first]) => first === head)) endDump();
    dump.push([head, ...listing, 'COMMIT']);
    listing = [];
  };
  const state = (family: 'iptables' | 'ip6tables' | null): void => {
    if (family !== stated) endDump();
    stated = family;
  };

  for (const [i, raw] of lines.entries()) {
    const line = raw.trimEnd();
    const trimmed = line.trim();
    const number = i + 1;
    if (where === 'nft') {
      out.nftables += `${line}\n`;
      depth += count(line, '{') - count(line, '}');
      if (depth <= 0) where = 'none';
      continue;
    }
    const policy = /^-P (\S+)/.exec(trimmed)?.[1];
    if (where !== 'xtables' && (policy !== undefined || (listing.length > 0 && /^(-N \S+$|-A \S)/.test(trimmed)))) {
      // Policies stand first, in the order of the hooks.
      const before = /^-P (\S+)/.exec(listing.at(-1) ?? '')?.[1];
      const goesOn = before !== undefined && BUILT_IN.indexOf(policy ?? '') > BUILT_IN.indexOf(before);
      if (policy !== undefined && !goesOn) endListing();
      listing.push(trimmed);
      where = 'none';
      continue;
    }
    const by = /^#.*\b(ip6?tables)-save/.exec(trimmed)?.[1];
    // A warning or an empty line within a listing ends nothing.
    if (listing.length > 0 && by === undefined && (trimmed === '' || trimmed.startsWith('#'))) continue;
    endListing();
    if (by !== undefined) state(by === 'ip6tables' ? by : 'iptables');
    if (where === 'xtables' && !trimmed.startsWith('*')) {
      block.push(line.startsWith(indent) ? line.slice(indent.length) : line);
      if (trimmed === 'COMMIT') {
        endBlock();
        where = 'none';
      }
      continue;
    }
    if (trimmed.startsWith('*')) {
      if (where === 'xtables') endBlock();
      if (!/^\*[\w-]+$/.test(trimmed)) {
        strange.push({ line: number, column: 1, message: `“${trimmed.slice(0, 40)}” names no table.` });
        continue;
      }
      if (dump.some(([head]) => head?.trim() === trimmed)) endDump();
      where = 'xtables';
      blockLine = number;
      // A dump out of a document may be indented as a whole.
      indent = line.slice(0, line.indexOf('*'));
      block.push(line.slice(indent.length));
      continue;
    }
    if (trimmed === '' || trimmed.startsWith('#') || PROMPT.test(trimmed)) {
      if (PROMPT.test(trimmed)) {
        endDump();
        stated = /ip6tables/.test(trimmed) ? 'ip6tables' : null;
        where = 'none';
      }
      continue;
    }
    const device = /^\d+:\s+([^\s:@]+)(@\S+)?:\s+<([^>]*)>(.*)$/.exec(line);
    if (device !== null) {
      const rest = device[4] ?? '';
      devices.push({
        name: device[1] ?? '',
        addresses: [],
        mac: '',
        mtu: Number(/\bmtu (\d+)/.exec(rest)?.[1] ?? 1500),
        master: /\bmaster (\S+)/.exec(rest)?.[1] ?? '',
        up: /\bUP\b/.test(device[3] ?? ''),
      });
      where = 'device';
      continue;
    }
    if (where === 'device' && /^\s/.test(line)) {
      const last = devices.at(-1);
      if (last === undefined) continue;
      const address = /^inet6?\s+(\S+)/.exec(trimmed)?.[1];
      const mac = /^link\/ether\s+(\S+)/.exec(trimmed)?.[1];
      const written =
        address === undefined
          ? undefined
          : address.includes('/')
            ? address
            : `${address}/${address.includes(':') ? 128 : 32}`;
      // Link-local IPv6 addresses are made by the system; the lab has only what is listed, so they are kept out.
      const keep = written !== undefined && !written.startsWith('fe80:');
      devices[devices.length - 1] = {
        ...last,
        addresses: keep ? [...last.addresses, written] : last.addresses,
        mac: mac ?? last.mac,
      };
      continue;
    }
    where = 'none';
    const rule = /^(\d+):\s+(not\s+)?from\s/.exec(trimmed);
    if (rule !== null) {
      if (!/^(0|32766|32767):\s+from all lookup (local|main|default)\s*$/.test(trimmed)) {
        out[trimmed.includes(':', trimmed.indexOf(':') + 1) ? 'rules6' : 'rules'] += `${trimmed}\n`;
      }
      continue;
    }
    if (ROUTE.test(trimmed) || BARE_ROUTE.test(trimmed)) {
      const six6 = /^(\w+\s+)?[0-9a-f]*:[0-9a-f:]*/i.test(trimmed) || /\bvia (inet6 )?[0-9a-f]*:/i.test(trimmed);
      const generated =
        /\bproto kernel\b/.test(trimmed) ||
        /^(local|broadcast|multicast|anycast)\s/.test(trimmed) ||
        trimmed.startsWith('fe80::/');
      if (!generated) out[six6 ? 'routes6' : 'routes'] += `${trimmed.replace(/\s+(linkdown|dead|offload)\b/g, '')}\n`;
      seenRoute = true;
      continue;
    }
    if (/^(create|add|-N|-A)\s+\S+\s+\S+/.test(trimmed) && !trimmed.startsWith('-A ')) {
      out.ipset += `${trimmed}\n`;
      continue;
    }
    const table = /^(table\s+(ip|ip6|inet|arp|bridge|netdev)\s+\S+|flush ruleset)/.exec(trimmed);
    if (table !== null) {
      out.nftables += `${line}\n`;
      depth = count(line, '{') - count(line, '}');
      where = depth > 0 ? 'nft' : 'none';
      continue;
    }
    const setting = /^(net\.[\w.-]+)\s*=\s*(\S.*)$/.exec(trimmed);
    if (setting?.[1] !== undefined) {
      sysctl[setting[1]] = setting[2] ?? '';
      continue;
    }
    if (/^(-A|-I|-P|-N|:)\s*\S+/.test(trimmed)) {
      strange.push({
        line: number,
        column: 1,
        message: `This rule is in no table: a line such as *filter is missing before it.`,
      });
      continue;
    }
    strange.push({
      line: number,
      column: line.length - line.trimStart().length + 1,
      message: `“${trimmed.slice(0, 50)}” is not known here.`,
    });
  }
  if ((where as Where) === 'xtables') {
    strange.push({ line: blockLine, column: 1, message: `The table ${block[0] ?? ''} has no COMMIT at its end.` });
    endBlock();
  }
  endListing();
  endDump();
  const found =
    Object.values(out).some((t) => t !== '') || devices.length > 0 || Object.keys(sysctl).length > 0 || seenRoute;
  if (!found) {
    const none: Problem = {
      line: 1,
      column: 1,
      message:
        text.trim() === ''
          ? 'There is no text.'
          : 'This is no lab, no iptables-save dump, and no output of ip addr or ip route.',
    };
    return { kind: 'unknown', problems: [none, ...strange.slice(0, 5)] };
  }
  return { kind: 'parts', parts: { ...out, interfaces: devices, sysctl }, strange };
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;

const BUILT_IN = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** The table whose built-in chains `iptables -S` has printed; `security` has the same as `filter`. */
function tableOfListing(lines: readonly string[]): string {
  const has = (chain: string): boolean => lines.some((line) => line.startsWith(`-P ${chain} `));
  if (!has('PREROUTING')) return 'filter';
  if (!has('POSTROUTING')) return 'raw';
  return has('FORWARD') ? 'mangle' : 'nat';
}

/** Rules that only ip6tables knows, or IPv6 addresses in them. */
function looksSix(block: readonly string[]): boolean {
  return block.some(
    (line) =>
      / (-s|-d|--src|--dst|--source|--destination|--to-destination|--to-source|--to) \[?[0-9a-f]*:[0-9a-f]*:/i.test(
        line,
      ) ||
      / -p (icmpv6|ipv6-icmp)\b/.test(line) ||
      / -m (frag|hbh|hl|icmp6|ipv6header|mh|rt)\b/.test(line) ||
      /icmp6-/.test(line),
  );
}
