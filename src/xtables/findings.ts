import type { TableName } from '../model';
import { ruleText } from './print/rule';
import type { AddrTest, IfaceTest, MatchUse, Rule, RuleTarget } from './rule';
import type { TableImage } from './text/document';
import type { Finding, XtFamily } from './types';
import { parseSave } from './whole';

/**
 * What makes no sense in a ruleset, each with the line that is the reason. Right or silent: only what follows from the
 * rules alone, whatever packets come, is said.
 */
export function findings(text: string, family: XtFamily): readonly Finding[] {
  const document = parseSave(text, { family });
  const lines = text.split('\n');
  const found: Finding[] = [];
  for (const table of document.tables) {
    if (table.broken) continue;
    const view = new TableView(table, family, declarations(lines, table));
    for (const chain of table.chains) {
      unreachable(view, chain.rules, found);
      if (chain.rules.length <= MOST_COMPARED) covered(view, chain.rules, found);
    }
    uncalled(view, found);
    wrongInterfaces(view, found);
    emptyJumps(view, found);
    policies(view, found);
  }
  return found.sort((a, b) => a.line - b.line || a.kind.localeCompare(b.kind));
}

/** Comparing every rule with every other one is for people's rulesets, not for generated ones. */
const MOST_COMPARED = 600;

type Chain = TableImage['chains'][number];

/** One table, with who calls whom. */
class TableView {
  readonly table: TableImage;
  readonly family: XtFamily;
  /** Line of `:CHAIN`, by chain. */
  readonly declared: ReadonlyMap<string, number>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly callers = new Map<string, Rule[]>();
  private readonly callerChains = new Map<string, Set<string>>();

  constructor(table: TableImage, family: XtFamily, declared: ReadonlyMap<string, number>) {
    this.table = table;
    this.family = family;
    this.declared = declared;
    this.chains = new Map(table.chains.map((chain) => [chain.name, chain]));
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        if (rule.target.kind !== 'chain') continue;
        push(this.callers, rule.target.chain, rule);
        const names = this.callerChains.get(rule.target.chain) ?? new Set();
        this.callerChains.set(rule.target.chain, names.add(chain.name));
      }
    }
  }

  get name(): TableName {
    return this.table.name;
  }

  /** Built-in chains from which a chain is reached. */
  hooksOf(chain: string, seen: Set<string> = new Set()): Set<string> {
    const hooks = new Set<string>();
    if (seen.has(chain)) return hooks;
    seen.add(chain);
    if (this.chains.get(chain)?.builtin === true) hooks.add(chain);
    for (const caller of this.callerChains.get(chain) ?? []) {
      for (const hook of this.hooksOf(caller, seen)) hooks.add(hook);
    }
    return hooks;
  }

  /** All rules that a packet may meet from a chain on. */
  *reached(chain: string, seen: Set<string> = new Set()): Generator<Rule> {
    if (seen.has(chain)) return;
    seen.add(chain);
    for (const rule of this.chains.get(chain)?.rules ?? []) {
      yield rule;
      if (rule.target.kind === 'chain') yield* this.reached(rule.target.chain, seen);
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function declarations(lines: readonly string[], table: TableImage): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let n = table.line; n < table.commitLine; n++) {
    const name = /^:(\S+)/.exec(lines[n - 1] ?? '')?.[1];
    if (name !== undefined) found.set(name, n);
  }
  return found;
}

/** A packet that this target takes meets no later rule of the chain. */
function ends(target: RuleTarget): boolean {
  if (target.kind === 'verdict') return true;
  if (target.kind === 'chain') return target.goto;
  return target.kind === 'extension' && target.target.name === 'REJECT';
}

const tests = (rule: Rule): readonly MatchUse[] => rule.matches.filter(({ match }) => match.name !== 'comment');

function takesAll(rule: Rule): boolean {
  const header = rule.src ?? rule.dst ?? rule.iif ?? rule.oif;
  return header === null && rule.protocol === 0 && rule.fragment === 'any' && tests(rule).length === 0;
}

function unreachable(view: TableView, rules: readonly Rule[], found: Finding[]): void {
  const at = rules.findIndex((rule) => takesAll(rule) && ends(rule.target));
  const cause = rules[at];
  const first = rules[at + 1];
  if (at < 0 || cause === undefined || first === undefined) return;
  const count = rules.length - at - 1;
  found.push({
    kind: 'after-verdict',
    table: view.name,
    line: first.line,
    because: cause.line,
    message: `Never reached${count > 1 ? `, like the ${count - 1} after it` : ''}: the rule of line ${cause.line} takes every packet.`,
  });
}

/** Matches whose answer for a packet is the same in every rule of a chain, and that do nothing else. */
const STEADY: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'multiport',
  'iprange',
  'addrtype',
  'mac',
  'conntrack',
  'state',
  'pkttype',
]);

interface Plain {
  readonly rule: Rule;
  readonly steady: boolean;
  readonly matches: ReadonlySet<string>;
  readonly text: string;
}

function plainOf(rule: Rule, family: XtFamily): Plain {
  const used = tests(rule);
  const call = { family, numeric: true, protocol: rule.protocol };
  return {
    rule,
    steady: used.every(({ match }) => STEADY.has(match.name) && match.support === 'full'),
    // `-p tcp -m tcp` alone tests no more than `-p tcp`.
    matches: new Set(
      used
        .map(({ match, config }) => `${match.name}${match.print(config, call)}`)
        .filter((t) => t !== 'tcp' && t !== 'udp'),
    ),
    text: ruleText({ ...rule, matches: used }, family),
  };
}

function covered(view: TableView, rules: readonly Rule[], found: Finding[]): void {
  const plain = rules.map((rule) => plainOf(rule, view.family));
  const end = rules.findIndex((rule) => takesAll(rule) && ends(rule.target));
  const last = end < 0 ? plain.length : end + 1;
  for (let i = 1; i < last; i++) {
    const later = plain[i]!;
    for (let j = 0; j < i; j++) {
      const earlier = plain[j]!;
      // One line with a list of addresses is several rules.
      if (!earlier.steady || earlier.rule.line === later.rule.line) continue;
      const same = earlier.text === later.text;
      if (ends(earlier.rule.target) && covers(earlier, later)) {
        found.push({
          kind: same ? 'duplicate' : 'shadowed',
          table: view.name,
          line: later.rule.line,
          because: earlier.rule.line,
          message: same
            ? `The same as line ${earlier.rule.line}, so it is never reached.`
            : `Never matches: the rule of line ${earlier.rule.line} takes every packet that it would take.${exampleOf(later.text)}`,
        });
        break;
      }
      if (same && later.rule.target.kind === 'extension' && later.rule.target.target.name === 'LOG') {
        found.push({
          kind: 'duplicate',
          table: view.name,
          line: later.rule.line,
          because: earlier.rule.line,
          message: `The same as line ${earlier.rule.line}: what matches is logged twice.`,
        });
        break;
      }
    }
  }
}

/** Whether every packet that the later rule would take is taken by the earlier one. */
function covers(earlier: Plain, later: Plain): boolean {
  const a = earlier.rule;
  const b = later.rule;
  if (!addrCovers(a.src, b.src) || !addrCovers(a.dst, b.dst)) return false;
  if (!ifaceCovers(a.iif, b.iif) || !ifaceCovers(a.oif, b.oif)) return false;
  if (a.protocol !== 0 && (a.protocol !== b.protocol || a.protocolNegated !== b.protocolNegated)) return false;
  if (a.fragment !== 'any' && a.fragment !== b.fragment) return false;
  for (const text of earlier.matches) {
    if (!later.matches.has(text) && ![...later.matches].some((other) => matchCovers(text, other))) return false;
  }
  return true;
}

/** Whether the options of a match, as printed, hold for every packet for which those of another one do. */
function matchCovers(earlier: string, later: string): boolean {
  const a = optionsOf(earlier);
  const b = optionsOf(later);
  if (a === null || b === null || a.size === 0) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || !valueCovers(name, value, other)) return false;
  }
  return true;
}

/** Options and values of the matches whose values are compared; null if there is more in it than that. */
function optionsOf(printed: string): ReadonlyMap<string, string> | null {
  const m = /^(tcp|udp|multiport|conntrack|state)((?: --[a-z-]+ \S+)+)$/.exec(printed);
  if (m === null) return null;
  const found = [...m[2]!.matchAll(/ --([a-z-]+) (\S+)/g)];
  return new Map(
    found.map(([, name, value]) => [name!.replace(/^ctstate$/, 'state').replace(/ports$/, 'port'), value!]),
  );
}

function valueCovers(name: string, value: string, other: string): boolean {
  if (name === 'state') {
    const states = new Set(value.split(','));
    return other.split(',').every((state) => states.has(state));
  }
  if (name !== 'sport' && name !== 'dport' && name !== 'port') return value === other;
  const ranges = portRanges(value);
  return portRanges(other).every(([low, high]) => ranges.some(([from, to]) => from <= low && high <= to));
}

function portRanges(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((part) => {
    const [low = '', high = low] = part.split(':');
    return [Number(low || 0), Number(high || 65535)];
  });
}

/** A packet that a rule would take, in words; '' where more would have to be said of it. */
function exampleOf(text: string): string {
  const known = /^(?: ?(?:-[sdiop] \S+|-m \w+|--(?:ct)?state \S+|--[sd]ports? \S+|-j .*))*$/.test(text);
  if (!known) return '';
  const option = (name: string): string => new RegExp(`(?:^| )${name} (\\S+)`).exec(text)?.[1] ?? '';
  const port = (name: string): string => option(`${name}s?`).split(/[,:]/)[0] ?? '';
  const [from, to] = [anAddress(option('-s')), anAddress(option('-d'))];
  const dport = port('--dport');
  const sport = port('--sport');
  const words = [
    (option('-p') || 'any').toUpperCase(),
    from && `from ${from}`,
    sport && `port ${sport}`,
    to && `to ${to}`,
    dport && `to port ${dport}`,
    option('-i') && `in by ${option('-i').replace(/\+$/, '0')}`,
    option('-o') && `out by ${option('-o').replace(/\+$/, '0')}`,
  ].filter(Boolean);
  return words.length < 2 ? '' : ` For instance: ${words.join(' ')}.`.replace(' ANY ', ' ');
}

/** An address of a prefix. */
function anAddress(prefix: string): string {
  const [base = '', length = ''] = prefix.split('/');
  if (base.includes(':')) return base.endsWith('::') && length !== '128' ? `${base}1` : base;
  return Number(length || 32) <= 30 ? base.replace(/\d+$/, (last) => String(Number(last) + 1)) : base;
}

function addrCovers(a: AddrTest | null, b: AddrTest | null): boolean {
  if (a === null) return true;
  if (b === null) return false;
  const within = (am: number, aa: number, bm: number, ba: number): boolean => (bm & am) === am && (ba & am) === aa;
  const equal = a.a0 === b.a0 && a.a1 === b.a1 && a.a2 === b.a2 && a.a3 === b.a3;
  const masks = a.m0 === b.m0 && a.m1 === b.m1 && a.m2 === b.m2 && a.m3 === b.m3;
  if (a.negated || b.negated) return a.negated === b.negated && equal && masks;
  return (
    within(a.m0, a.a0, b.m0, b.a0) &&
    within(a.m1, a.a1, b.m1, b.a1) &&
    within(a.m2, a.a2, b.m2, b.a2) &&
    within(a.m3, a.a3, b.m3, b.a3)
  );
}

function ifaceCovers(a: IfaceTest | null, b: IfaceTest | null): boolean {
  if (a === null) return true;
  if (b === null) return false;
  if (a.negated || b.negated) return a.negated === b.negated && a.text === b.text;
  return a.text === b.text || (a.wild && b.name.startsWith(a.name));
}

function uncalled(view: TableView, found: Finding[]): void {
  for (const chain of view.table.chains) {
    const line = view.declared.get(chain.name);
    if (chain.builtin || line === undefined || chain.rules.length === 0 || view.callers.has(chain.name)) continue;
    found.push({
      kind: 'uncalled',
      table: view.name,
      line,
      because: 0,
      message: `No rule jumps to ${chain.name}: its ${chain.rules.length === 1 ? 'rule is' : `${chain.rules.length} rules are`} never tried.`,
    });
  }
}

function wrongInterfaces(view: TableView, found: Finding[]): void {
  for (const chain of view.table.chains) {
    if (chain.builtin || chain.rules.length === 0) continue;
    const hooks = [...view.hooksOf(chain.name)];
    if (hooks.length === 0) continue;
    const noOut = hooks.every((hook) => hook === 'INPUT' || hook === 'PREROUTING');
    const noIn = hooks.every((hook) => hook === 'OUTPUT');
    for (const rule of chain.rules) {
      const wrong = noOut ? rule.oif : noIn ? rule.iif : null;
      if (wrong === null || wrong.negated || (wrong.wild && wrong.name === '')) continue;
      found.push({
        kind: 'interface',
        table: view.name,
        line: rule.line,
        because: 0,
        message: `Never matches: ${chain.name} is reached from ${hooks.join(' and ')} only, where a packet has no ${noOut ? 'outgoing' : 'incoming'} interface.`,
      });
    }
  }
}

function emptyJumps(view: TableView, found: Finding[]): void {
  for (const [name, rules] of view.callers) {
    const chain = view.chains.get(name);
    const [first] = rules;
    if (chain === undefined || chain.builtin || chain.rules.length > 0 || first === undefined) continue;
    found.push({
      kind: 'empty-jump',
      table: view.name,
      line: first.line,
      because: view.declared.get(name) ?? 0,
      message: `${name} has no rules: the jump changes nothing.`,
    });
  }
}

function policies(view: TableView, found: Finding[]): void {
  for (const [chain, policy] of view.table.policies) {
    const line = view.declared.get(chain) ?? 0;
    if (policy !== 'DROP' || line === 0) continue;
    if (view.name === 'nat') {
      found.push({
        kind: 'nat-policy',
        table: view.name,
        line,
        because: 0,
        message: 'Only first packets of flows come to nat: this drops new flows, not packets.',
      });
    }
    if (view.name !== 'filter') continue;
    const rules = [...view.reached(chain)];
    if (rules.some((rule) => rule.target.kind === 'extension' && rule.target.target.support !== 'full')) continue;
    const accepting = rules.filter(
      ({ target }) => target.kind === 'verdict' && target.verdict !== 'DROP' && target.verdict !== 'RETURN',
    );
    if (
      chain === 'INPUT' &&
      opensConnections(view) &&
      accepting.length > 0 &&
      accepting.every((rule) => !mayTakeReply(rule, view.family))
    ) {
      found.push({
        kind: 'replies',
        table: view.name,
        line,
        because: 0,
        message:
          'Answers to connections that this host opens are dropped: no rule accepts ESTABLISHED,RELATED before the policy.',
      });
    }
    if (chain === 'INPUT' && view.family === 'ip6' && accepting.every((rule) => !mayTakeNeighbour(rule))) {
      found.push({
        kind: 'neighbours',
        table: view.name,
        line,
        because: 0,
        message: 'Neighbour discovery (ICMPv6 133 to 136) is dropped: on a real host IPv6 stops. Labs do not play it.',
      });
    }
  }
}

/** Whether this host can open connections at all, as far as the policy and the rules for all packets say. */
function opensConnections(view: TableView): boolean {
  if (view.table.policies.get('OUTPUT') === 'DROP') return false;
  const rules = view.chains.get('OUTPUT')?.rules ?? [];
  return !rules.some((rule) => takesAll(rule) && ends(rule.target) && !isAccept(rule.target));
}

const isAccept = (target: RuleTarget): boolean => target.kind === 'verdict' && target.verdict === 'ACCEPT';

const ICMP = 1;
const ICMP6 = 58;

/** The lowest port that a host takes for a connection of its own. Kernel: ip_local_port_range */
const EPHEMERAL = 32768;

/** Whether a rule may accept the answer to a TCP connection or a UDP question of this host's own. */
function mayTakeReply(rule: Rule, family: XtFamily): boolean {
  if (rule.iif !== null && !rule.iif.negated && rule.iif.text === 'lo') return false;
  if (!rule.protocolNegated && (rule.protocol === ICMP || rule.protocol === ICMP6)) return false;
  const call = { family, numeric: true, protocol: rule.protocol };
  return tests(rule).every(({ match, config }) => {
    const text = match.print(config, call);
    const states = /^(!? ?)--(?:ct)?state (\S+)/.exec(text.trim());
    if (states !== null) return states[1] !== '' || /ESTABLISHED|RELATED/.test(states[2]!);
    const ports = / (! )?--(?:dport|dports) (\S+)/.exec(text);
    if (ports === null || ports[1] !== undefined) return !/(?<!!) --tcp-flags \S*SYN\S* SYN$/.test(text);
    return ports[2]!.split(/[,:]/).some((port) => port === '' || Number(port) >= EPHEMERAL);
  });
}

/** Whether a rule may accept a neighbour solicitation, which conntrack does not track. */
function mayTakeNeighbour(rule: Rule): boolean {
  if (rule.iif !== null && !rule.iif.negated && rule.iif.text === 'lo') return false;
  if (!rule.protocolNegated && rule.protocol !== 0 && rule.protocol !== ICMP6) return false;
  return tests(rule).every(({ match, config }) => {
    const text = match.print(config, { family: 'ip6', numeric: true, protocol: rule.protocol }).trim();
    const states = /^(!? ?)--(?:ct)?state (\S+)/.exec(text);
    return states === null || states[1] !== '' || states[2]!.includes('UNTRACKED');
  });
}
