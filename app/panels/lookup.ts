import type { RouteRule } from '../../src/engine';
import type { ConsideredRoute, EventOf, HookFamily } from '../../src/model';

type RouteEvent = EventOf<'route'>;

/** What became of a rule of `ip rule` in a lookup. */
export type RuleOutcome = 'chosen' | 'not-for-it' | 'no-route' | 'table-empty' | 'passed-over' | 'not-asked';

/** A rule, in the order in which rules are asked, with the routes that were looked at on its account. */
export interface AskedRule {
  readonly priority: number;
  readonly text: string;
  readonly outcome: RuleOutcome;
  readonly routes: readonly ConsideredRoute[];
}

/** The rules of a lookup's family in their order, each with what came of it. */
export function askedRules(
  rules: readonly RouteRule[],
  considered: readonly ConsideredRoute[],
  family: HookFamily,
): readonly AskedRule[] {
  const winner = considered.findLast((c) => c.outcome === 'chosen');
  const asked = rules
    .filter((rule) => rule.family === family)
    .map(({ priority, text }): AskedRule => {
      const about = considered.filter((c) => c.rule === priority);
      // A rule that leads to no route is noted down with its own text.
      const [said] = about.filter((c) => c.route === '' && (text.startsWith(c.table) || c.table.startsWith(text)));
      const table = /\blookup (\S+)/.exec(text)?.[1];
      const routes = about.filter((c) => c.route !== '' && c.table === table);
      const outcome = outcomeOf(text, said, routes, winner);
      return { priority, text, outcome, routes };
    });
  // A rule that leads nowhere decides, if nothing before it did.
  const decides = asked.findIndex((a) => a.outcome === 'chosen');
  // IPv4's local and main table are one until somebody adds a rule: then main was looked at, though local had the answer.
  return asked.map((a, i) =>
    decides >= 0 && i > decides && a.outcome !== 'not-for-it'
      ? { ...a, outcome: a.routes.length > 0 ? 'passed-over' : 'not-asked' }
      : a,
  );
}

function outcomeOf(
  text: string,
  said: ConsideredRoute | undefined,
  routes: readonly ConsideredRoute[],
  winner: ConsideredRoute | undefined,
): RuleOutcome {
  if (said?.outcome === 'rule-no-match') return 'not-for-it';
  if (said?.outcome === 'table-empty') return 'table-empty';
  if (winner !== undefined && routes.includes(winner)) return 'chosen';
  if (routes.some((c) => c.outcome === 'chosen')) return 'passed-over';
  return winner === undefined && /\b(unreachable|prohibit|blackhole)$/.test(text) ? 'chosen' : 'no-route';
}

/** Why the winner won, in a few words. */
export function whyChosen(list: readonly ConsideredRoute[]): string {
  const others = list.filter((c) => c.outcome !== 'chosen');
  const chosen = list.find((c) => c.outcome === 'chosen');
  if (others.some((c) => c.outcome === 'higher-metric')) return 'the lowest metric of those that fit';
  if (others.some((c) => c.outcome === 'tos-differs')) return 'it is for this TOS';
  if (others.some((c) => c.outcome === 'oif-differs')) return 'it leaves by the interface that was asked for';
  if (others.some((c) => c.outcome === 'shorter-prefix')) return 'the longest prefix of those that fit';
  if (others.some((c) => c.outcome === 'dead')) return 'the interface of the other is down';
  if (chosen !== undefined && /^(\S+ )?default\b/.test(chosen.route)) return 'nothing narrower fits, and it fits all';
  return 'the only one that fits';
}

/** What the check of a packet's source came to. */
export function sourceCheck({
  back,
  iif,
  src,
  result,
}: RouteEvent): { readonly ok: boolean; readonly text: string } | null {
  if (back === undefined) return null;
  const { rpFilter, dev } = back;
  const where = dev === '' ? `There is no way back to ${src}.` : `The way back to ${src} leads out of ${dev}.`;
  if (result === 'rp-filter') {
    const rule =
      rpFilter === 2
        ? 'rp_filter is 2 (loose): some way back must be there.'
        : `rp_filter is 1 (strict): it must be ${iif}, by which the packet came.`;
    return { ok: false, text: `${where} ${rule}` };
  }
  if (result === 'martian-source') {
    return { ok: false, text: `${where} A packet with that source cannot come in by ${iif}.` };
  }
  if (rpFilter === 0) return { ok: true, text: `${where} rp_filter is 0 here, so any interface would do.` };
  if (dev === iif) return { ok: true, text: `${where} The packet came by it, too.` };
  return { ok: true, text: `${where} The packet came by ${iif}; rp_filter is ${rpFilter}, and lets it pass.` };
}
