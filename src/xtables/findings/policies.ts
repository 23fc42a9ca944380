import type { Rule, RuleTarget } from '../rule';
import type { XtFamily } from '../types';
import { ends, type Found, type TableView, takesAll, tests } from './table';

/** Policies that take more than is meant. */
export function* policies(view: TableView): Generator<Found> {
  for (const [chain, policy] of view.table.policies) {
    const line = view.declared.get(chain) ?? 0;
    if (policy !== 'DROP' || line === 0) continue;
    if (view.table.name === 'nat') {
      const message = 'Only first packets of flows come to nat: this drops new flows, not packets.';
      yield { kind: 'nat-policy', line, because: 0, message };
    }
    if (view.table.name === 'filter' && chain === 'INPUT') yield* inputPolicy(view, line);
  }
}

/** What a host needs that drops what it is not asked for. */
function* inputPolicy(view: TableView, line: number): Generator<Found> {
  const rules = [...view.reached('INPUT')];
  if (rules.some((rule) => rule.target.kind === 'extension' && rule.target.target.support !== 'full')) return;
  const accepting = rules.filter(
    ({ target }) => target.kind === 'verdict' && target.verdict !== 'DROP' && target.verdict !== 'RETURN',
  );
  const deaf = accepting.length > 0 && accepting.every((rule) => !mayTakeReply(rule, view.family));
  if (deaf && opensConnections(view)) {
    const message =
      'Answers to connections that this host opens are dropped: no rule accepts ESTABLISHED,RELATED before the policy.';
    yield { kind: 'replies', line, because: 0, message };
  }
  if (view.family === 'ip6' && accepting.every((rule) => !mayTakeNeighbour(rule))) {
    const message =
      'Neighbour discovery (ICMPv6 133 to 136) is dropped: on a real host IPv6 stops. Labs do not play it.';
    yield { kind: 'neighbours', line, because: 0, message };
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
