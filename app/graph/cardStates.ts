import type { EventOf } from '../../src/model';

type PlaceState = 'idle' | 'passed' | 'matched' | 'current' | 'not-reached' | 'skipped' | 'dropped';

/** What a card says and shows. */
export interface CardState {
  readonly state: PlaceState;
  /** Replaces "3 rules · DROP" once the packet was here: "rule 2 matches". '' keeps it. */
  readonly text: string;
  readonly mark: 'pass' | 'hit' | 'nat' | 'bad' | 'rej' | 'jump' | 'ret' | 'new' | 'conf' | null;
}

const SKIPPED_TEXT = {
  'flow-known': 'skipped: known',
  untracked: 'skipped: untracked',
  'conntrack-off': 'conntrack is off',
  'no-match': 'condition not met',
  invalid: 'skipped: invalid',
} as const;

const CONNTRACK_TEXT: Readonly<Record<string, { readonly text: string; readonly mark: CardState['mark'] }>> = {
  new: { text: 'new flow', mark: 'new' },
  found: { text: 'known flow', mark: 'pass' },
  related: { text: 'related flow', mark: 'new' },
  invalid: { text: 'invalid', mark: 'bad' },
  untracked: { text: 'not tracked', mark: 'pass' },
  confirm: { text: 'flow confirmed', mark: 'conf' },
  update: { text: 'change reported', mark: 'conf' },
  full: { text: 'table full', mark: 'bad' },
  clash: { text: 'clash', mark: 'bad' },
};

/** What a card says of an event in its function; null if there is nothing to say. */
export function leaveState(e: EventOf<'function-leave'>): CardState | null {
  if (e.skipped !== undefined) return { state: 'skipped', text: SKIPPED_TEXT[e.skipped], mark: null };
  return e.subsystem === 'user' ? ownState(e) : null;
}

export function conntrackState(e: EventOf<'conntrack'>): CardState | null {
  const words = CONNTRACK_TEXT[e.what];
  return words === undefined ? null : { state: 'passed', ...words };
}

/** `text`: what the card says so far. */
export function natState(e: EventOf<'nat'>, text: string): CardState {
  const followed = e.undo ? 'undone, as the flow says' : 'as the flow says';
  return { state: 'matched', text: e.by === 'entry' ? followed : text, mark: 'nat' };
}

/** What the card of a hook function of one's own says. */
function ownState({ verdict }: EventOf<'function-leave'>): CardState {
  if (verdict === 'accept') return { state: 'matched', text: 'accepts it', mark: 'hit' };
  if (verdict === 'drop') return { state: 'matched', text: 'drops it', mark: 'bad' };
  if (verdict === 'stolen') return { state: 'matched', text: 'keeps it', mark: 'jump' };
  return { state: 'matched', text: 'queues it', mark: 'jump' };
}

const QUEUE_MARKS: Readonly<Partial<Record<string, CardState['mark']>>> = {
  drop: 'bad',
  'nobody listens': 'bad',
  repeat: 'ret',
  queue: 'jump',
};

export function queueState(e: EventOf<'queue'>): CardState {
  const mark = QUEUE_MARKS[e.answer] ?? (e.changed ? 'nat' : 'pass');
  const text =
    e.answer === 'nobody listens'
      ? e.answer
      : `queue ${e.queue}: ${e.changed && e.answer === 'accept' ? 'changed' : e.answer}`;
  return { state: 'matched', text, mark };
}

const NAT_TARGETS: ReadonlySet<string> = new Set(['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'TPROXY']);

export function ruleState(e: EventOf<'rule'>): CardState {
  if (e.rule === 'policy') {
    return e.verdict === 'drop'
      ? { state: 'matched', text: 'policy DROP', mark: 'bad' }
      : { state: 'passed', text: '', mark: 'pass' };
  }
  if (e.rule === 'return') return { state: 'passed', text: 'end of chain', mark: 'ret' };
  const text = `rule ${e.rule} · ${e.target === '' ? 'no target' : e.target}`;
  if (e.verdict === 'jump' || e.verdict === 'goto')
    return { state: 'matched', text: `rule ${e.rule} → ${e.target}`, mark: 'jump' };
  if (e.verdict === 'return') return { state: 'matched', text: `rule ${e.rule} · RETURN`, mark: 'ret' };
  if (e.target === 'REJECT') return { state: 'matched', text, mark: 'rej' };
  if (e.verdict === 'drop') return { state: 'matched', text, mark: 'bad' };
  if (NAT_TARGETS.has(e.target)) return { state: 'matched', text, mark: 'nat' };
  return { state: 'matched', text, mark: 'hit' };
}
