import type { RulePart } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import type { RulePlace } from './allowed';

/** What the packet on show went through on this host before it came to the rule. */
export interface Past {
  /** The first destination rewrite here, and where it was made. */
  readonly dnat: { readonly hook: string; readonly portChanged: boolean; readonly addressChanged: boolean } | null;
}

/** What has been done to a packet on a host before an event. */
export function pastOf(events: readonly TraceEvent[], host: string, packet: string, until: number): Past {
  for (let i = until; i >= 0; i--) {
    const e = events[i] as TraceEvent;
    if (e.packet !== packet || e.host !== host) continue;
    if (e.type === 'nat' && e.manip === 'dst' && !e.undo) {
      const portChanged = e.before.port !== e.after.port;
      return { dnat: { hook: e.hook, portChanged, addressChanged: e.before.addr !== e.after.addr } };
    }
    if (e.type === 'born') break;
  }
  return { dnat: null };
}

/** What is easily got wrong with an option at this place; null if there is nothing to say. */
export function pitfall(part: RulePart, place: RulePlace, past: Past): string | null {
  const { dnat } = past;
  if (dnat !== null && place.table !== 'raw' && (place.table !== 'nat' || !place.hooks.includes(dnat.hook))) {
    if (dnat.portChanged && (part.flag === 'dport' || part.flag === 'dports') && part.extension !== '') {
      return `DNAT already ran in ${dnat.hook}, so ${place.table} sees the inside port.`;
    }
    if (dnat.addressChanged && part.type === 'rule' && part.flag === 'destination') {
      return `DNAT already ran in ${dnat.hook}, so ${place.table} sees the inside address.`;
    }
  }
  if (place.table === 'raw' && (part.extension === 'conntrack' || part.extension === 'state')) {
    return 'Conntrack runs after raw: a packet has no state here yet, save on lo.';
  }
  const nat = place.table === 'nat';
  if (nat && (part.flag === 'ctstate' || part.flag === 'state') && !part.negated) {
    const states = (part.values[0] ?? '').split(',');
    if (states.every((s) => s === 'ESTABLISHED'))
      return 'Only the first packet of a flow comes to nat: this never matches.';
  }
  return null;
}
