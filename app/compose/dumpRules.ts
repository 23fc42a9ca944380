/** What a line `-A …` says of the network around the host. */
export interface DumpRule {
  readonly table: string;
  readonly chain: string;
  readonly in: string;
  readonly notIn: string;
  readonly out: string;
  readonly notOut: string;
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly dport: string;
  readonly target: string;
  readonly to: string;
}

/** The rules of an iptables-save text, as far as they tell of interfaces, addresses and ports. */
export function readRules(text: string): readonly DumpRule[] {
  const rules: DumpRule[] = [];
  let table = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\[\d+:\d+\]\s*/, '').trim();
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^-A (\S+)/.exec(line)?.[1];
    if (chain === undefined) continue;
    const value = (option: string, not = false): string => {
      const match = new RegExp(`(^| )(! )?${option} (\\S+)`).exec(line);
      return match !== null && (match[2] !== undefined) === not ? (match[3] ?? '') : '';
    };
    const iface = (id: string): string => (id === 'lo' ? '' : id.replace(/\+$/, '0'));
    rules.push({
      table,
      chain,
      in: iface(value('-i')),
      notIn: iface(value('-i', true)),
      out: iface(value('-o')),
      notOut: iface(value('-o', true)),
      src: value('-s'),
      dst: value('-d'),
      protocol: value('-p'),
      dport: value('--dport') || (value('--dports').split(/[,:]/)[0] ?? ''),
      target: value('-j'),
      to: value('--to-destination') || value('--to-source'),
    });
  }
  return rules;
}
