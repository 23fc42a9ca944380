import { TableDumps } from './tableDumps';

/** What a pasted or dropped text is made of. Lines are those of the text, from 1. */
export interface Parts {
  readonly iptables: string;
  readonly ip6tables: string;
  readonly ipset: string;
  readonly nftables: string;
  /** What `ipvsadm` prints, as a listing or as its own options. */
  readonly ipvs: string;
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
  /^(\[?[\w.@~:/ -]*\]?[#$>]\s+)?(sudo\s+)?(ip6?tables-save|iptables-legacy-save|ip6tables-legacy-save|ip6?tables(\s+-\S+|\s+\w+)*\s+(-S|--list-rules)\b.*|ip(\s+-\S+)*\s+(a|addr|address|r|route|ru|rule)\b.*|ipset save|nft list ruleset|ipvsadm\b.*|sysctl .*|cat .*)$/;

/** Sorts the lines of a text into the outputs that they belong to. */
export function readText(text: string): Read {
  if (/^\s*[{[]/.test(text)) return { kind: 'json' };
  const sorter = new Sorter();
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  for (const [i, line] of lines.entries()) sorter.take(line.trimEnd(), i + 1);
  const { parts, strange, isEmpty } = sorter.end();
  if (!isEmpty) return { kind: 'parts', parts, strange };
  const message =
    text.trim() === ''
      ? 'There is no text.'
      : 'This is no lab, no iptables-save dump, and no output of ip addr or ip route.';
  return { kind: 'unknown', problems: [{ line: 1, column: 1, message }, ...strange.slice(0, 5)] };
}

/** Takes line after line; each method takes a line of one tool, and says whether it was one. */
class Sorter {
  private readonly tables = new TableDumps();
  private readonly texts = { ipset: '', nftables: '', ipvs: '', routes: '', routes6: '', rules: '', rules6: '' };
  private readonly sysctl: Record<string, string> = {};
  private readonly devices: Device[] = [];
  private readonly strange: Problem[] = [];
  /** What the lines belong to that do not say so themselves. */
  private where: 'none' | 'device' | 'nft' | 'ipvs' = 'none';
  /** Braces of nft that are open. */
  private depth = 0;
  private seenRoute = false;

  take(line: string, number: number): void {
    const trimmed = line.trim();
    if (this.where === 'nft') {
      this.nftables(line);
      return;
    }
    if (this.virtualServer(line, trimmed)) return;
    if (this.xtables(line, trimmed, number) || this.silent(trimmed) || this.device(line, trimmed)) return;
    this.where = 'none';
    if (this.policyRule(trimmed) || this.route(trimmed) || this.set(trimmed) || this.setting(trimmed)) return;
    if (/^(table\s+(ip|ip6|inet|arp|bridge|netdev)\s+\S+|flush ruleset)/.test(trimmed)) this.nftables(line);
    else if (/^(-A|-I|-P|-N|:)\s*\S+/.test(trimmed))
      this.complain(number, 1, 'This rule is in no table: a line such as *filter is missing before it.');
    else
      this.complain(number, line.length - line.trimStart().length + 1, `“${trimmed.slice(0, 50)}” is not known here.`);
  }

  end(): { readonly parts: Parts; readonly strange: readonly Problem[]; readonly isEmpty: boolean } {
    const texts = { ...this.tables.end(), ...this.texts };
    const { devices: interfaces, sysctl, strange, seenRoute } = this;
    const isEmpty =
      Object.values(texts).every((t) => t === '') &&
      interfaces.length === 0 &&
      Object.keys(sysctl).length === 0 &&
      !seenRoute;
    return { parts: { ...texts, interfaces, sysctl }, strange, isEmpty };
  }

  private complain(line: number, column: number, message: string): void {
    this.strange.push({ line, column, message });
  }

  private xtables(line: string, trimmed: string, number: number): boolean {
    const taken = this.tables.take(line, trimmed);
    if (taken === 'no-table') this.complain(number, 1, `“${trimmed.slice(0, 40)}” names no table.`);
    if (taken === 'begun') this.where = 'none';
    return taken !== null;
  }

  /** The line of a table of nft, from its head to the brace that closes it. */
  private nftables(line: string): void {
    this.texts.nftables += `${line}\n`;
    this.depth += count(line, '{') - count(line, '}');
    this.where = this.depth > 0 ? 'nft' : 'none';
    if (this.where === 'none') this.depth = 0;
  }

  /** `ipvsadm -Ln`, from its head on, or `ipvsadm -Sn`. */
  private virtualServer(line: string, trimmed: string): boolean {
    const begins = /^IP Virtual Server version |^-[Aa] -[tuf] \S+ -[rs] /.test(trimmed);
    if (begins) this.where = 'ipvs';
    const goesOn = this.where === 'ipvs' && /^(Prot LocalAddress|TCP|UDP|SCTP|FWM)\b|^-> /.test(trimmed);
    if (begins || goesOn) this.texts.ipvs += `${line}\n`;
    return begins || goesOn;
  }

  /** Empty lines, comments, and the command that has printed what follows. */
  private silent(trimmed: string): boolean {
    if (PROMPT.test(trimmed)) {
      this.tables.startDump(/ip6tables/.test(trimmed) ? 'ip6tables' : null);
      this.where = 'none';
      return true;
    }
    return trimmed === '' || trimmed.startsWith('#');
  }

  /** `ip addr`: an interface, or more about the one before. */
  private device(line: string, trimmed: string): boolean {
    const head = /^\d+:\s+([^\s:@]+)(@\S+)?:\s+<([^>]*)>(.*)$/.exec(line);
    if (head !== null) {
      const [, name = '', , flags = '', rest = ''] = head;
      this.devices.push({
        name,
        addresses: [],
        mac: '',
        mtu: Number(/\bmtu (\d+)/.exec(rest)?.[1] ?? 1500),
        master: /\bmaster (\S+)/.exec(rest)?.[1] ?? '',
        up: /\bUP\b/.test(flags),
      });
      this.where = 'device';
      return true;
    }
    const last = this.devices.at(-1);
    if (this.where !== 'device' || last === undefined || !/^\s/.test(line)) return false;
    const address = /^inet6?\s+(\S+)/.exec(trimmed)?.[1];
    // Link-local IPv6 addresses are made by the system; the lab has only what is listed, so they are kept out.
    const keep = address !== undefined && !address.startsWith('fe80:');
    this.devices[this.devices.length - 1] = {
      ...last,
      addresses: keep ? [...last.addresses, withLength(address)] : last.addresses,
      mac: /^link\/ether\s+(\S+)/.exec(trimmed)?.[1] ?? last.mac,
    };
    return true;
  }

  /** `ip rule`; those that every host has are left out. */
  private policyRule(trimmed: string): boolean {
    if (!/^(\d+):\s+(not\s+)?from\s/.test(trimmed)) return false;
    if (!/^(0|32766|32767):\s+from all lookup (local|main|default)\s*$/.test(trimmed)) {
      const six = trimmed.includes(':', trimmed.indexOf(':') + 1);
      this.texts[six ? 'rules6' : 'rules'] += `${trimmed}\n`;
    }
    return true;
  }

  /** `ip route`; those that follow from addresses are left out. */
  private route(trimmed: string): boolean {
    if (!ROUTE.test(trimmed) && !BARE_ROUTE.test(trimmed)) return false;
    this.seenRoute = true;
    const six = /^(\w+\s+)?[0-9a-f]*:[0-9a-f:]*/i.test(trimmed) || /\bvia (inet6 )?[0-9a-f]*:/i.test(trimmed);
    const generated =
      /\bproto kernel\b/.test(trimmed) ||
      /^(local|broadcast|multicast|anycast)\s/.test(trimmed) ||
      trimmed.startsWith('fe80::/');
    if (!generated) {
      this.texts[six ? 'routes6' : 'routes'] += `${trimmed.replace(/\s+(linkdown|dead|offload)\b/g, '')}\n`;
    }
    return true;
  }

  /** `ipset save`. */
  private set(trimmed: string): boolean {
    if (!/^(create|add|-N)\s+\S+\s+\S+/.test(trimmed)) return false;
    this.texts.ipset += `${trimmed}\n`;
    return true;
  }

  /** `sysctl`. */
  private setting(trimmed: string): boolean {
    const [, name, value = ''] = /^(net\.[\w.-]+)\s*=\s*(\S.*)$/.exec(trimmed) ?? [];
    if (name === undefined) return false;
    this.sysctl[name] = value;
    return true;
  }
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;

const withLength = (address: string): string =>
  address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`;
