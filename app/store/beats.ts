import type { RunResult } from '../../src/engine';
import type { EventId, EventOf, HookFamily, HookName, Subsystem, TraceEvent } from '../../src/model';
import { dropPlace } from './dropPlace';

/** What happens in a beat; motion, dwell and marker go by it. */
export type BeatKind =
  | 'born'
  | 'passed'
  | 'matched'
  | 'jump'
  | 'return'
  | 'conntrack'
  | 'nat'
  | 'route'
  | 'wire'
  | 'loopback'
  | 'bridge'
  | 'function'
  | 'fragment'
  | 'queue'
  | 'drop'
  | 'reject'
  | 'deliver'
  | 'error'
  | 'command'
  | 'wait';

/** Name of the glyph that stands for it: see app/ui/glyphs. */
type BeatGlyph =
  | 'ok'
  | 'bad'
  | 'rej'
  | 'nat'
  | 'jump'
  | 'ret'
  | 'tried'
  | 'hit'
  | 'new'
  | 'conf'
  | 'gone'
  | 'route'
  | 'wire'
  | 'here'
  | 'command'
  | 'wait';

/** Where in the drawings it happens. */
export type Place =
  | {
      readonly at: 'function';
      readonly family: HookFamily;
      readonly hook: HookName;
      /** Name of the hook function, as in the host's registry. */
      readonly fn: string;
      /** User chain that the packet is in, '' for the built-in one. */
      readonly chain: string;
    }
  | { readonly at: 'route'; readonly family: HookFamily; readonly which: 'input' | 'output' | 'reroute' }
  | { readonly at: 'in' | 'out'; readonly interface: string }
  | { readonly at: 'wire'; readonly interface: string; readonly segment: string }
  | { readonly at: 'loopback' }
  | { readonly at: 'bridge'; readonly bridge: string }
  | { readonly at: 'local' }
  | { readonly at: 'host' };

/** A place at which stepping stops: one thing that a person would tell of a packet. */
export interface Beat {
  readonly index: number;
  readonly kind: BeatKind;
  readonly glyph: BeatGlyph;
  readonly packet: string;
  readonly host: string;
  readonly userStep: number;
  readonly place: Place;
  /** Whose hue the marker has: a table, `conntrack`, `routing`, a verdict; '' for none. */
  readonly hue: string;
  /** The events of the beat: `first` … `event`. The state shown is that just after `event`. */
  readonly first: EventId;
  readonly event: EventId;
  /** The event that the sentence is about. */
  readonly say: EventId;
  /** The `rule` event that the Chain panel shows, -1 if none. */
  readonly rule: EventId;
  /** The same in every run in which the same thing happens to the same packet. */
  readonly key: string;
}

/** Where the packet is inside a host's hooks, while the events are read. */
interface Inside {
  fn: { family: HookFamily; hook: HookName; name: string; subsystem: Subsystem; told: boolean } | null;
  /** The function that put it into a queue: there it waits. */
  waits: Place | null;
}

type Draft = Omit<Beat, 'index' | 'first' | 'key'> & { readonly at: EventId };

/** Events that say more about the one before them: they end its beat. */
const trailing: ReadonlySet<TraceEvent['type']> = new Set(['change', 'log', 'set', 'not-modelled', 'nat-setup']);

/** The beats of a run, in order. Every event belongs to the beat that it ends in, or to the one after it. */
export function beats(run: RunResult): readonly Beat[] {
  const inside = new Map<string, Inside>();
  const out: Beat[] = [];
  const now: { first: EventId; open: Draft | null } = { first: 0, open: null };

  const begin = (draft: Draft | null): void => {
    if (now.open !== null) {
      const { at: _at, ...closed } = now.open;
      out.push({ ...closed, index: out.length, first: now.first, key: keyOf(closed) });
      now.first = closed.event + 1;
    }
    now.open = draft;
  };
  /** The event ends the beat that is open, if that is about the same packet. */
  const extend = (event: TraceEvent): void => {
    const { open } = now;
    if (open !== null && open.packet === event.packet && open.host === event.host) {
      now.open = { ...open, event: event.id };
    }
  };

  for (const event of run.events) {
    const where = `${event.host}|${event.packet}`;
    let state = inside.get(where);
    if (state === undefined) {
      state = { fn: null, waits: null };
      inside.set(where, state);
    }
    const draft = read(event, state, run);
    // What a rule asks of a set comes before the rule's own event, and belongs to it.
    if (event.type === 'set' && event.what === 'test') continue;
    if (draft === 'extend') extend(event);
    else if (draft !== 'conntrack') {
      if (draft !== null) begin(draft);
    } else if (now.open !== null && joins(now.open, event)) extend(event);
    else begin(conntrackDraft(event, state));
  }
  begin(null);
  return withSilentSteps(out, run);
}

function joins(open: Draft, event: TraceEvent): boolean {
  if (event.type !== 'conntrack' || open.kind !== 'conntrack') return false;
  if (open.packet !== event.packet || open.host !== event.host) return false;
  const ends =
    event.what === 'destroy' || event.what === 'timeout' || event.what === 'flush' || event.what === 'delete';
  return event.what === 'update' || event.what === 'expect' || (ends && open.glyph === 'gone');
}

function base(
  event: TraceEvent,
  place: Place,
): Pick<Draft, 'packet' | 'host' | 'userStep' | 'place' | 'event' | 'say' | 'at' | 'rule'> {
  return {
    packet: event.packet,
    host: event.host,
    userStep: event.userStep,
    place,
    event: event.id,
    say: event.id,
    at: event.id,
    rule: -1,
  };
}

function functionPlace(state: Inside, chain = ''): Place {
  const fn = state.fn;
  return fn === null ? { at: 'host' } : { at: 'function', family: fn.family, hook: fn.hook, fn: fn.name, chain };
}

/** What an event begins: a beat, more of the one before, something about conntrack, or nothing by itself. */
function read(event: TraceEvent, state: Inside, run: RunResult): Draft | 'extend' | 'conntrack' | null {
  switch (event.type) {
    case 'function-enter':
      state.fn = {
        family: event.family,
        hook: event.hook,
        name: event.name,
        subsystem: event.subsystem,
        told: false,
      };
      return null;
    case 'function-leave':
      return functionDraft(event, state);
    case 'hook-enter':
    case 'hook-leave':
      state.fn = null;
      return null;
    case 'rule':
      return ruleDraft(event, state);
    case 'conntrack':
      return 'conntrack';
    case 'nat':
      if (state.fn !== null) state.fn.told = true;
      return { ...base(event, functionPlace(state)), kind: 'nat', glyph: 'nat', hue: 'nat' };
    case 'nat-setup':
      if (state.fn !== null) state.fn.told = true;
      // Nothing is rewritten where before and after are equal; where it fails, the packet is dropped next.
      return event.failed ? { ...base(event, functionPlace(state)), kind: 'nat', glyph: 'bad', hue: 'bad' } : null;
    case 'route':
      return {
        ...base(event, { at: 'route', family: event.family, which: event.kind }),
        kind: 'route',
        glyph: 'route',
        hue: FOUND.has(event.result) ? 'routing' : 'bad',
      };
    case 'wire':
      return wireDraft(event, run);
    case 'loopback':
      return { ...base(event, { at: 'loopback' }), kind: 'loopback', glyph: 'wire', hue: '' };
    case 'bridge':
      return { ...base(event, { at: 'bridge', bridge: event.bridge }), kind: 'bridge', glyph: 'route', hue: 'routing' };
    case 'drop':
      return { ...base(event, dropPlace(event, run)), kind: 'drop', glyph: 'bad', hue: 'bad' };
    case 'deliver': {
      const closed = event.to === 'closed';
      return {
        ...base(event, { at: 'local' }),
        kind: closed ? 'reject' : 'deliver',
        glyph: closed ? 'rej' : 'ok',
        hue: closed ? 'rej' : 'ok',
      };
    }
    // One that answers is no news, and one that is not there is told by the drop that follows.
    case 'neighbour':
      if (event.waits !== true) return null;
      return { ...base(event, { at: 'out', interface: event.dev }), kind: 'wait', glyph: 'wait', hue: '' };
    case 'fragment':
      return { ...base(event, functionPlace(state)), kind: 'fragment', glyph: 'here', hue: '' };
    case 'queue':
      return { ...base(event, state.waits ?? functionPlace(state)), kind: 'queue', glyph: 'here', hue: '' };
    // What a SYN proxy does is told by nothing else; other remarks belong to what they explain.
    case 'note':
      if (!event.note.startsWith('synproxy-')) return 'extend';
      return { ...base(event, functionPlace(state)), kind: 'function', glyph: 'here', hue: 'conntrack' };
    case 'send-error':
      return { ...base(event, { at: 'local' }), kind: 'error', glyph: 'bad', hue: 'bad' };
    case 'stopped':
      return { ...base(event, { at: 'host' }), kind: 'error', glyph: 'bad', hue: 'bad' };
    case 'command':
      return { ...base(event, { at: 'host' }), kind: 'command', glyph: 'command', hue: '' };
    case 'wait':
      return { ...base(event, { at: 'host' }), kind: 'wait', glyph: 'wait', hue: '' };
    default:
      return trailing.has(event.type) ? 'extend' : null;
  }
}

/** What a route lookup answers that found a way. */
const FOUND: ReadonlySet<string> = new Set(['local', 'unicast', 'broadcast', 'multicast']);

/** A function is told of when it ends, if nothing that happened in it was. */
function functionDraft(event: EventOf<'function-leave'>, state: Inside): Draft | null {
  const silent = state.fn?.told === false && tellsItself(event.subsystem) && event.skipped === undefined;
  const place = functionPlace(state);
  if (event.verdict === 'queue') state.waits = place;
  state.fn = null;
  return silent ? { ...base(event, place), kind: 'function', glyph: 'tried', hue: '' } : null;
}

function ruleDraft(event: EventOf<'rule'>, state: Inside): Draft {
  if (state.fn !== null) state.fn.told = true;
  const place = functionPlace(state, event.depth > 0 ? event.chain : '');
  const head = { ...base(event, place), hue: event.table, rule: event.id };
  if (event.rule === 'policy') {
    return event.verdict === 'drop'
      ? { ...head, kind: 'matched', glyph: 'bad', hue: 'bad' }
      : { ...head, kind: 'passed', glyph: 'tried' };
  }
  if (event.verdict === 'jump' || event.verdict === 'goto') return { ...head, kind: 'jump', glyph: 'jump' };
  if (event.rule === 'return' || event.verdict === 'return') return { ...head, kind: 'return', glyph: 'ret' };
  return { ...head, kind: 'matched', glyph: 'hit' };
}

function wireDraft(event: EventOf<'wire'>, run: RunResult): Draft | null {
  if (event.otherhost) return null;
  if (event.direction === 'out') {
    const place: Place = { at: 'wire', interface: event.interface, segment: event.segment };
    return { ...base(event, place), kind: 'wire', glyph: 'wire', hue: '' };
  }
  // It has been seen leaving already: the arrival begins what happens here.
  if (cameFromLab(event, run)) return null;
  return { ...base(event, { at: 'in', interface: event.interface }), kind: 'wire', glyph: 'wire', hue: '' };
}

/** Subsystems whose functions have no events of their own when nothing comes of them. */
function tellsItself(subsystem: Subsystem): boolean {
  return subsystem === 'user' || subsystem === 'bpf' || subsystem === 'ipvs';
}

function conntrackDraft(event: TraceEvent, state: Inside): Draft | null {
  if (event.type !== 'conntrack') return null;
  if (state.fn !== null) state.fn.told = true;
  const head = { ...base(event, functionPlace(state)), kind: 'conntrack' as const, hue: 'conntrack' };
  switch (event.what) {
    case 'new':
    case 'related':
      return { ...head, glyph: 'new' };
    case 'found':
    case 'confirm':
    case 'update':
    case 'expect':
    case 'untracked':
      return { ...head, glyph: event.entry?.confirmed === false ? 'new' : 'conf' };
    case 'invalid':
    case 'full':
    case 'clash':
      return { ...head, glyph: 'bad', hue: 'bad' };
    case 'destroy':
    case 'timeout':
    case 'flush':
    case 'delete':
    case 'early-drop':
      return { ...head, glyph: 'gone' };
  }
}

function cameFromLab(event: EventOf<'wire'>, run: RunResult): boolean {
  for (let i = event.id - 1; i >= 0; i--) {
    const e = run.events[i] as TraceEvent;
    if (e.step !== event.step) return false;
    if (e.type === 'wire' && e.direction === 'out' && e.segment === event.segment && e.packet === event.packet)
      return true;
  }
  return false;
}

function keyOf(draft: Omit<Draft, 'at'>): string {
  const { place } = draft;
  const where =
    place.at === 'function'
      ? `${place.hook}/${place.fn}/${place.chain}`
      : place.at === 'route'
        ? `route/${place.which}`
        : 'interface' in place
          ? `${place.at}/${place.interface}`
          : place.at;
  return `${draft.userStep}|${draft.packet}|${draft.host}|${where}|${draft.kind}`;
}

/** A step in which nothing else happens has a beat all the same, so that the playhead can stand on it. */
function withSilentSteps(found: readonly Beat[], run: RunResult): readonly Beat[] {
  const told = new Set(found.map((b) => b.userStep));
  const silent = run.steps.flatMap((step, userStep) =>
    told.has(userStep) || step.to <= step.from ? [] : [{ step, userStep }],
  );
  if (silent.length === 0) return found;
  const extra = silent.map(({ step, userStep }): Beat => {
    const event = run.events[step.to - 1] as TraceEvent;
    const draft: Omit<Draft, 'at'> = { ...base(event, { at: 'host' }), userStep, kind: 'born', glyph: 'here', hue: '' };
    return { ...draft, index: 0, first: step.from, key: keyOf(draft) };
  });
  return [...found, ...extra].sort((a, b) => a.event - b.event).map((beat, index) => ({ ...beat, index }));
}

/** Index of the beat that holds an event: the first that ends at it or later. The last one for what comes after. */
export function beatAt(list: readonly Beat[], event: EventId): number {
  if (event < 0 || list.length === 0) return -1;
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Beat).event >= event) high = middle;
    else low = middle + 1;
  }
  return low;
}
