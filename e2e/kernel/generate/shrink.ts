import type { DraftHost, DraftLab } from './topology';

/** Whether each of these labs still shows what is looked for. */
type StillShows = (labs: readonly DraftLab[]) => Promise<readonly boolean[]>;

/** How often what is left is tried again: much more is not found later. */
const ROUNDS = 8;

/**
 * Makes a lab smaller as long as it shows the same: leaves out steps, hosts, tables, rules, chains, criteria, listeners
 * and sysctls, and gives the smallest lab that was found.
 */
export async function shrink(lab: DraftLab, stillShows: StillShows): Promise<DraftLab> {
  let best = lab;
  for (let round = 0; round < ROUNDS; round++) {
    const edits = smaller(best);
    const good = await keep(edits, best, stillShows);
    if (good.length === 0) return best;
    // All that may go alone may often go together; if not, half of them, and so on.
    let together = good;
    for (;;) {
      const merged = together.reduceRight((smallest, edit) => edit(smallest), best);
      if (together.length === 1 || (await stillShows([merged]))[0]) {
        best = merged;
        break;
      }
      together = together.slice(0, Math.ceil(together.length / 2));
    }
  }
  return best;
}

/** Takes something out of a lab. Made for one lab, but does no harm to one from which other things are gone. */
type Edit = (lab: DraftLab) => DraftLab;

async function keep(edits: readonly Edit[], lab: DraftLab, stillShows: StillShows): Promise<Edit[]> {
  const labs = edits.map((edit) => edit(lab));
  const shows = await stillShows(labs);
  return edits.filter((_, index) => shows[index]);
}

function smaller(lab: DraftLab): readonly Edit[] {
  const edits: Edit[] = [];
  for (let index = 0; index < lab.steps.length && lab.steps.length > 1; index++) {
    const gone = lab.steps[index];
    edits.push((from) => ({ ...from, steps: from.steps.filter((step) => step !== gone) }));
  }
  const used = JSON.stringify(lab.steps);
  for (const [name, host] of Object.entries(lab.hosts)) {
    if (Object.keys(lab.hosts).length > 1 && !used.includes(`"host":"${name}"`)) {
      edits.push((from) => {
        const { [name]: _, ...hosts } = from.hosts;
        return { ...from, hosts };
      });
    }
    edits.push(...smallerHost(name, host));
  }
  return edits;
}

function smallerHost(name: string, host: DraftHost): readonly Edit[] {
  const edits: Edit[] = [];
  const change = (edit: (host: DraftHost) => DraftHost) =>
    edits.push((from) => {
      const found = from.hosts[name];
      return found === undefined ? from : { ...from, hosts: { ...from.hosts, [name]: edit(found) } };
    });
  for (const member of [
    'listen',
    'conntrack',
    'rules',
    'routes',
    'routes6',
    'iptables',
    'ip6tables',
    'ipset',
  ] as const) {
    if (host[member] === undefined) continue;
    change((from) => {
      const { [member]: _, ...rest } = from;
      return rest as DraftHost;
    });
  }
  for (const key of Object.keys(host.sysctl ?? {})) {
    change((from) => {
      const { [key]: _, ...sysctl } = from.sysctl ?? {};
      return { ...from, sysctl };
    });
  }
  for (const member of ['iptables', 'ip6tables'] as const) {
    const text = host[member];
    if (text === undefined) continue;
    const edit = (how: (text: string) => string) =>
      change((from) => (from[member] === undefined ? from : { ...from, [member]: how(from[member]) }));
    for (const table of text.match(/^\*\w+/gm) ?? []) edit((now) => withoutTable(now, table));
    for (const line of text.split('\n')) {
      if (line.startsWith('-A')) {
        edit((now) => replaceOnce(now, `${line}\n`, ''));
        for (const less of fewerCriteria(line)) edit((now) => replaceOnce(now, line, less));
      }
      const chain = /^:(\w+) - /.exec(line)?.[1];
      if (chain !== undefined) edit((now) => withoutChain(now, chain));
      if (/^:\w+ DROP/.test(line)) edit((now) => replaceOnce(now, line, line.replace(' DROP', ' ACCEPT')));
    }
  }
  return edits;
}

const replaceOnce = (text: string, what: string, by: string): string => {
  const at = text.indexOf(what);
  return at < 0 ? text : text.slice(0, at) + by + text.slice(at + what.length);
};

function withoutTable(text: string, table: string): string {
  const at = text.indexOf(`${table}\n`);
  const end = text.indexOf('COMMIT\n', at);
  return at < 0 || end < 0 ? text : text.slice(0, at) + text.slice(end + 'COMMIT\n'.length);
}

function withoutChain(text: string, chain: string): string {
  const named = new RegExp(`^(:${chain} |-A ${chain} )|-[jg] ${chain}$`);
  return text
    .split('\n')
    .filter((line) => !named.test(line))
    .join('\n');
}

/** The rule without one of its criteria. */
export function fewerCriteria(rule: string): readonly string[] {
  const [, head = '', body = '', target = ''] = /^(-A \S+)(.*?)((?: -[jg] .*)?)$/.exec(rule) ?? [];
  const criteria = body.split(/ (?=! -[sdiop] |(?<!! )-[sdiop] |-m )/).filter((part) => part !== '');
  return criteria.map((_, index) => {
    const rest = criteria.filter((_, other) => other !== index).map((part) => part.trim());
    return `${[head, ...rest].join(' ')}${target}`;
  });
}
