import type { EventId } from '../../src/model';
import type { ConsoleParts, ConsoleStore, Entry } from './consoleStore';
import { eventOf } from './moment';
import { tapOf } from './words';

/**
 * Commands that listen: what they have printed follows the playhead, forwards and backwards, and a run anew finds the
 * moment at which they began. Tells the graph where they listen.
 */
export function followLive(
  parts: ConsoleParts,
  store: ConsoleStore,
): { readonly end: (host: string, entry: Entry) => Promise<void> } {
  const { engine, lab, run, play, view } = parts;
  const asking = new Set<number>();
  const again = new Set<number>();

  const all = (): readonly { readonly host: string; readonly entry: Entry }[] =>
    Object.entries(store.getState().hosts).flatMap(([host, { entries }]) =>
      entries.filter((e) => e.state === 'live').map((entry) => ({ host, entry })),
    );
  const put = (host: string, id: number, more: Partial<Entry>): void => {
    const { hosts } = store.getState();
    const console = hosts[host];
    if (console === undefined) return;
    const entries = console.entries.map((e) => (e.id === id ? { ...e, ...more } : e));
    store.setState({ hosts: { ...hosts, [host]: { ...console, entries } } });
  };
  /** The events that it has seen, in the run on show: from, and one past the last. */
  const span = (entry: Entry): readonly [EventId, EventId] => {
    const steps = run.getState().lab?.steps ?? lab.getState().lab.steps;
    const from = entry.since === null ? 0 : eventOf(entry.since, play.getState().beats, steps) + 1;
    return [from, Math.max(from, play.getState().cursor + 1)];
  };

  const ask = async (host: string, entry: Entry): Promise<void> => {
    if (asking.has(entry.id)) {
      again.add(entry.id);
      return;
    }
    asking.add(entry.id);
    try {
      do {
        again.delete(entry.id);
        const { serial, status } = run.getState();
        if (status === 'running') return; // the result will ask again
        const [from, to] = span(entry);
        const early = play.getState().cursor + 1 < from;
        const said = await engine.live(host, entry.command, from, to, false);
        if (run.getState().serial !== serial) again.add(entry.id);
        else if (said !== null && !again.has(entry.id)) {
          // It may have been ended while it was asked.
          const now = store.getState().hosts[host]?.entries.find((e) => e.id === entry.id);
          if (now?.state === 'live')
            put(host, entry.id, { output: said.output, error: said.error, early, over: said.ended });
        }
      } while (again.has(entry.id));
    } catch {
      // The engine has ended or another run came: the next result asks again.
    } finally {
      asking.delete(entry.id);
    }
  };
  const askAll = (): void => {
    for (const { host, entry } of all()) void ask(host, entry);
  };
  play.subscribe((now, before) => {
    if (now.cursor !== before.cursor || now.beats !== before.beats) askAll();
  });

  // Undo takes a step away: the playhead goes back to where the command was typed.
  let steps = run.getState().lab?.steps ?? [];
  play.subscribe((now, before) => {
    if (now.beats === before.beats) return;
    const old = steps;
    steps = run.getState().lab?.steps ?? [];
    const index = before.beats[before.beat]?.userStep;
    const step = index === undefined ? undefined : old[index];
    if (index === undefined || step === undefined || steps.includes(step)) return;
    const own = Object.values(store.getState().hosts).some((c) => c.entries.some((e) => e.step === step));
    if (own) play.getState().seekBeat(now.beats.findLastIndex((b) => b.userStep < index));
  });

  const firstInterface = (host: string): string =>
    Object.keys(lab.getState().lab.hosts[host]?.interfaces ?? {})[0] ?? 'lo';
  // What the graph shows of them.
  let shown = '';
  store.subscribe(() => {
    const taps = all().flatMap(({ host, entry }) =>
      entry.over ? [] : (tapOf(host, entry.command, firstInterface(host)) ?? []),
    );
    const text = JSON.stringify(taps);
    if (text === shown) return;
    shown = text;
    view.getState().setTaps(taps);
  });

  return {
    end: async (host, entry) => {
      const [from, to] = span(entry);
      put(host, entry.id, { state: 'done', early: false, over: false });
      try {
        const said = await engine.live(host, entry.command, from, to, true);
        if (said !== null) put(host, entry.id, { output: said.output, error: said.error });
      } catch {
        // The engine has ended: what was printed stays.
      }
    },
  };
}
