import type { Lab, LabHost, LabStep, Outcome, RunResult, SendStep } from '../../src/engine';

/** SSH, which most machines are administered by. */
const PORT = 22;

/** One try to administer a host: the packets that come in by an interface, as steps of the probe. */
interface Try {
  readonly interface: string;
  /** Index of the first of its steps: SYN, ACK, data. */
  readonly step: number;
}

/** A lab that tries SSH on every interface of one host. */
interface Probe {
  readonly lab: Lab;
  readonly tries: readonly Try[];
}

/** Null if the host has no address that could be tried. */
export function probeOf(host: LabHost): Probe | null {
  const steps: LabStep[] = [];
  const tries: Try[] = [];
  for (const [name, { addresses = [], kind, master }] of Object.entries(host.interfaces ?? {})) {
    const port = kind === 'bridge' ? portOf(host, name) : name;
    if (kind === 'dummy' || master !== undefined || port === null) continue;
    for (const address of addresses) {
      const neighbour = neighbourOf(address);
      if (neighbour === null) continue;
      const head = { src: neighbour, dst: address.split('/')[0] ?? '' };
      const tcp = (flags: string, payload = ''): SendStep['packet'] => ({
        ...head,
        tcp: { sport: 50_022, dport: PORT, flags, ...(payload === '' ? {} : { payload }) },
      });
      tries.push({ interface: name, step: steps.length });
      for (const packet of [tcp('S'), tcp('A'), tcp('PA', 'x')]) {
        steps.push({ receive: { host: 'probed', interface: port, packet } });
      }
    }
  }
  if (tries.length === 0) return null;
  const listen = [{ protocol: 'tcp', port: PORT } as const];
  return { lab: { format: 'lab/1', name: 'probe', hosts: { probed: { ...host, listen } }, steps }, tries };
}

const portOf = (host: LabHost, bridge: string): string | null =>
  Object.entries(host.interfaces ?? {}).find(([, i]) => i.master === bridge)?.[0] ?? null;

/** Some other address of the same network; null if there is none. */
function neighbourOf(address: string): string | null {
  const [own = '', length = ''] = address.split('/');
  if (own.includes(':')) return Number(length) <= 112 && !own.endsWith('::') ? own.replace(/[^:]*$/, 'feed') : null;
  const last = Number(/\d+$/.exec(own)?.[0] ?? 0);
  return Number(length) <= 29 ? own.replace(/\d+$/, String(last ^ (last % 8 === 6 || last % 8 === 1 ? 3 : 1))) : null;
}

/** How a try ended; null if the connection works. */
export type Tried = ReadonlyMap<string, Outcome | null>;

/** How the tries on each interface ended in a run; one that works is enough. */
export function triedOf(probe: Probe, run: RunResult): Tried {
  const ends = new Map<string, Outcome | null>();
  for (const { interface: name, step } of probe.tries) {
    const end = endOf(run, step);
    if (!ends.has(name) || end === null) ends.set(name, end);
  }
  return ends;
}

function endOf(run: RunResult, first: number): Outcome | null {
  for (const index of [first, first + 2]) {
    const step = run.steps[index];
    if (step === undefined) return { kind: 'stopped' };
    const events = run.events.slice(step.from, step.to);
    const heard = events.some((e) => e.type === 'deliver' && e.to === 'listener');
    const answered = events.some((e) => e.type === 'wire' && e.direction === 'out');
    if (heard && answered) continue;
    return step.packets.find((p) => p.outcome.kind === 'dropped')?.outcome ?? step.outcome;
  }
  return null;
}

/** An interface by which SSH worked, and what ends it now. */
export interface Lockout {
  readonly interface: string;
  readonly by: Outcome;
}

/** What an edit cuts off: SSH worked on an interface at least, and works on none now. */
export function lockedOut(before: Tried, after: Tried): Lockout | null {
  const open = [...before].filter(([, end]) => end === null).map(([name]) => name);
  if (open.length === 0 || [...after.values()].some((end) => end === null)) return null;
  for (const name of open) {
    const by = after.get(name);
    if (by) return { interface: name, by };
  }
  return null;
}
