type Member = 'iptables' | 'ip6tables';

/** What became of a line: it begins a table or a listing, goes on with one, or names a table that cannot be. */
type Taken = 'begun' | 'goes-on' | 'no-table';

const BUILT_IN = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/**
 * Collects the tables of iptables in a text: dumps of iptables-save, and what `iptables -S` prints, line by line. Tables that
 * one command has printed are kept together: a rule in one of them tells the family of all.
 */
export class TableDumps {
  private readonly texts: Record<Member, string> = { iptables: '', ip6tables: '' };
  /** Tables that one command has printed, and the family that it has stated. */
  private dump: string[][] = [];
  private stated: Member | null = null;
  /** The table that has begun and not ended. */
  private table: { readonly indent: string; readonly lines: string[] } | null = null;
  /** What `iptables -S` has printed of one table. */
  private listing: string[] = [];

  /** Takes a line if it belongs to a table; null if it does not. */
  take(line: string, trimmed: string): Taken | null {
    if (this.table === null && this.listed(trimmed)) return 'begun';
    const by = /^#.*\b(ip6?tables)-save/.exec(trimmed)?.[1];
    // A warning or an empty line within a listing ends nothing.
    if (this.listing.length > 0 && by === undefined && (trimmed === '' || trimmed.startsWith('#'))) return 'goes-on';
    this.endListing();
    const family = by === undefined ? this.stated : by === 'ip6tables' ? by : 'iptables';
    if (family !== this.stated) this.startDump(family);
    if (trimmed.startsWith('*')) return this.begin(line, trimmed);
    if (this.table === null) return null;
    const { indent, lines } = this.table;
    lines.push(line.startsWith(indent) ? line.slice(indent.length) : line);
    if (trimmed === 'COMMIT') this.endTable();
    return 'goes-on';
  }

  /** Another command prints from here on; what it is tells the family, if it is not null. */
  startDump(member: Member | null): void {
    const of = this.stated ?? (this.dump.some(looksSix) ? 'ip6tables' : 'iptables');
    for (const table of this.dump) this.texts[of] += `${table.join('\n')}\n`;
    this.dump = [];
    this.stated = member;
  }

  /** The texts, when all lines were taken. */
  end(): Readonly<Record<Member, string>> {
    this.endTable();
    this.endListing();
    this.startDump(null);
    return this.texts;
  }

  private listed(trimmed: string): boolean {
    const policy = /^-P (\S+)/.exec(trimmed)?.[1];
    if (policy === undefined && (this.listing.length === 0 || !/^(-N \S+$|-A \S)/.test(trimmed))) return false;
    // Policies stand first, in the order of the hooks.
    const before = /^-P (\S+)/.exec(this.listing.at(-1) ?? '')?.[1];
    const goesOn = before !== undefined && BUILT_IN.indexOf(policy ?? '') > BUILT_IN.indexOf(before);
    if (policy !== undefined && !goesOn) this.endListing();
    this.listing.push(trimmed);
    return true;
  }

  private begin(line: string, trimmed: string): Taken {
    this.endTable();
    if (!/^\*[\w-]+$/.test(trimmed)) return 'no-table';
    if (this.dump.some(([head]) => head?.trim() === trimmed)) this.startDump(this.stated);
    // A dump out of a document may be indented as a whole.
    const indent = line.slice(0, line.indexOf('*'));
    this.table = { indent, lines: [line.slice(indent.length)] };
    return 'begun';
  }

  private endTable(): void {
    // Without its COMMIT it ends with its last rule: what it lacks is told there, by who restores it.
    if (this.table !== null)
      this.dump.push(this.table.lines.slice(0, this.table.lines.findLastIndex((l) => l.trim() !== '') + 1));
    this.table = null;
  }

  private endListing(): void {
    if (this.listing.length === 0) return;
    const head = `*${tableOfListing(this.listing)}`;
    if (this.dump.some(([first]) => first === head)) this.startDump(this.stated);
    this.dump.push([head, ...this.listing, 'COMMIT']);
    this.listing = [];
  }
}

/** The table whose built-in chains `iptables -S` has printed; `security` has the same as `filter`. */
function tableOfListing(lines: readonly string[]): string {
  const has = (chain: string): boolean => lines.some((line) => line.startsWith(`-P ${chain} `));
  if (!has('PREROUTING')) return 'filter';
  if (!has('POSTROUTING')) return 'raw';
  return has('FORWARD') ? 'mangle' : 'nat';
}

/** Rules that only ip6tables knows, or IPv6 addresses in them. */
function looksSix(lines: readonly string[]): boolean {
  return lines.some(
    (line) =>
      / (-s|-d|--src|--dst|--source|--destination|--to-destination|--to-source|--to) \[?[0-9a-f]*:[0-9a-f]*:/i.test(
        line,
      ) ||
      / -p (icmpv6|ipv6-icmp)\b/.test(line) ||
      / -m (frag|hbh|hl|icmp6|ipv6header|mh|rt)\b/.test(line) ||
      /icmp6-/.test(line),
  );
}
