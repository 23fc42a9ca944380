import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  AsyncEngine,
  ChainPlace,
  Explanation,
  HostView,
  SetMember,
  TriedChain,
  WorldState,
} from '../../src/engine';
import type { EventId } from '../../src/model';
import { Superseded } from './engineClient';

/** What the engine answers about one moment of the run on show. Old answers stay until the new ones are there. */
export interface MomentState {
  /** The state of all hosts; `world.event` says of which moment. */
  readonly world: WorldState | null;
  /** The rules tried in the chain of the beat's `rule` event; null if the beat has none. */
  readonly tried: TriedChain | null;
  /** One sentence for each event of the user step that holds the cursor; `explanations[event - from]`. */
  readonly explanations: { readonly from: EventId; readonly list: readonly Explanation[] } | null;
}

type MomentStore = StoreApi<MomentState>;

export interface Moment {
  /** Which run is asked about. */
  readonly serial: number;
  readonly event: EventId;
  readonly rule: EventId;
  /** Events of the user step. */
  readonly from: EventId;
  readonly to: EventId;
}

type Asked = Pick<AsyncEngine, 'stateAt' | 'members' | 'tried' | 'chain' | 'explain'>;

const KEPT = 64;

/**
 * Asks the engine about the moment on show. The latest question wins; answers are kept for going back and forth.
 * `afterPaint`: a new run is put on show before anything is asked about it. `isOvertaken`: a newer lab has gone to the
 * engine, which would answer of that one; the question fails, and the next result asks again.
 */
export function createMomentStore(
  engine: Asked,
  afterPaint: (run: () => void) => void = (run) => run(),
  isOvertaken: () => boolean = () => false,
): {
  readonly store: MomentStore;
  readonly show: (moment: Moment) => void;
  /** What a `rule` event's chain made of its packet; for chains other than the current one. */
  readonly tried: (event: EventId, from?: number, to?: number) => Promise<TriedChain>;
  /** A chain just after an event, none of its rules tried. */
  readonly chain: (event: EventId, place: ChainPlace, from?: number, to?: number) => Promise<TriedChain>;
  /** All members of a set that is too long for the state of the moment. */
  readonly members: (event: EventId, host: string, set: string) => Promise<readonly SetMember[]>;
  /** All hosts just after an event; for moments other than that on show. */
  readonly stateAt: (event: EventId) => Promise<WorldState>;
} {
  const store = createStore<MomentState>()(() => ({ world: null, tried: null, explanations: null }));
  let serial = -1;
  let wanted: Moment | null = null;
  let asking = false;
  /** New runs that are not on show yet. */
  let unpainted = 0;
  const worlds = new Map<EventId, WorldState>();
  const tries = new Map<string, Promise<TriedChain>>();
  const sentences = new Map<EventId, readonly Explanation[]>();

  const configured = new Map<string, { readonly text: string; readonly view: HostView }>();
  /** A host that stands configured as in the answer before is the same object. */
  const shared = (world: WorldState): WorldState => {
    const reconfigured = world.reconfigured.map((view) => {
      const text = JSON.stringify(view);
      const known = configured.get(view.name);
      if (known?.text === text) return known.view;
      configured.set(view.name, { text, view });
      return view;
    });
    return { ...world, reconfigured };
  };

  const keep = <K, V>(map: Map<K, V>, key: K, value: V): V => {
    map.set(key, value);
    if (map.size > KEPT) {
      const [oldest] = map.keys();
      if (oldest !== undefined) map.delete(oldest);
    }
    return value;
  };
  const about = <T>(question: () => Promise<T>): Promise<T> =>
    isOvertaken() ? Promise.reject(new Superseded()) : question();
  const stateAt = (event: EventId): Promise<WorldState> => about(() => engine.stateAt(event).then(shared));
  const once = (key: string, question: () => Promise<TriedChain>): Promise<TriedChain> => {
    const known = tries.get(key);
    if (known !== undefined) return known;
    const answer = about(question);
    answer.catch(() => tries.delete(key));
    return keep(tries, key, answer);
  };
  const tried = (event: EventId, from?: number, to?: number): Promise<TriedChain> =>
    once(`${event} ${from} ${to}`, () => engine.tried(event, from, to));
  const chain = (event: EventId, place: ChainPlace, from?: number, to?: number): Promise<TriedChain> =>
    once([event, ...Object.values(place), from, to].join(' '), () => engine.chain(event, place, from, to));

  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      for (let moment = wanted; moment !== null; moment = wanted === moment ? null : wanted) {
        const [world, tries, list] = await Promise.all([
          worlds.get(moment.event) ?? stateAt(moment.event),
          moment.rule < 0 ? null : tried(moment.rule),
          sentences.get(moment.from) ??
            (moment.to > moment.from ? about(() => engine.explain(moment.from, moment.to)) : []),
        ]);
        if (moment.serial !== serial) continue;
        keep(worlds, moment.event, world);
        if (list.length > 0) keep(sentences, moment.from, list);
        // Dragging the playhead asks faster than is answered: what came late is still shown if nothing newer is.
        store.setState({ world, tried: tries, explanations: { from: moment.from, list } });
      }
    } catch {
      // A superseded or ended run: the next result asks again. The failure itself is shown by the run store.
    } finally {
      asking = false;
    }
  };

  return {
    store,
    tried,
    chain,
    members: (event, host, set) => about(() => engine.members(event, host, set)),
    stateAt,
    show: (moment) => {
      if (moment.serial !== serial) {
        serial = moment.serial;
        worlds.clear();
        tries.clear();
        sentences.clear();
        wanted = moment;
        unpainted++;
        afterPaint(() => {
          if (--unpainted === 0) void ask();
        });
        return;
      }
      wanted = moment;
      if (unpainted === 0) void ask();
    },
  };
}
