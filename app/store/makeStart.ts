import type { AsyncEngine, HostState, Lab, LabHost, Outcome, RunResult, WorldState } from '../../src/engine';
import type { EventId } from '../../src/model';
import { rewritten } from './startText';
import { configuredBy, type StartPart } from './startWith';
import { type Stores, spareEngine, stores } from './stores';

type Folded =
  | { readonly ok: true; readonly lab: Lab }
  /** Why the step cannot be part of the start, as a sentence. */
  | { readonly ok: false; readonly why: string };

type Asked = Pick<AsyncEngine, 'load' | 'exec' | 'stateAt'>;

/** The run of the lab as it is, and its state at the end. */
export interface Known {
  readonly lab: Lab;
  readonly result: RunResult;
  readonly end: WorldState;
  /** What a command prints at the end. */
  readonly ask: (host: string, line: string) => Promise<string>;
}

/** A step's command becomes part of the configuration that its host starts with, if all else comes out equal. */
export async function makeStart(index: number, at: Stores = stores): Promise<boolean> {
  const { lab } = at.lab.getState();
  const { result, lab: ran } = at.run.getState();
  const say = (text: string): boolean => {
    at.notices.getState().say({ tone: 'info', text: `Step ${index + 1} stays a step. ${text}` });
    return false;
  };
  if (result === null || ran !== lab) return say('The lab has not been run as it stands.');
  const engine = spareEngine();
  try {
    const last = result.events.length - 1;
    const end = await at.engine.stateAt(last);
    const ask = async (host: string, line: string): Promise<string> => (await at.engine.exec(last, host, line)).output;
    const folded = await foldStep({ lab, result, end, ask }, index, engine);
    if (!folded.ok) return say(folded.why);
    if (at.lab.getState().lab !== lab) return say('The lab was edited meanwhile.');
    at.lab.getState().setLab(folded.lab);
    const step = lab.steps[index];
    const what =
      step !== undefined && 'run' in step ? `${step.run.host} now starts with it` : 'It is part of the start';
    at.notices.getState().say({
      tone: 'ok',
      text: `${what}: all else comes out as before.`,
      action: { label: 'Undo', run: () => at.lab.getState().undo() },
      undoes: true,
    });
    return true;
  } catch (fault) {
    return say(`The engine stopped while it was tried. (${fault instanceof Error ? fault.message : String(fault)})`);
  } finally {
    engine.dispose();
  }
}

/** The lab with a step folded into the start. `engine` is one to try things with. */
export async function foldStep(known: Known, index: number, engine: Asked): Promise<Folded> {
  const { lab, result } = known;
  const refuse = (why: string): Folded => ({ ok: false, why });
  const step = lab.steps[index];
  if (step === undefined || !('run' in step)) return refuse('It is no command.');
  const { host: name, command } = step.run;
  const parts = configuredBy(command);
  if (parts === null || parts.size === 0) return refuse('Its command does more than a configuration can say.');
  const host = lab.hosts[name];
  if (host === undefined) return refuse(`There is no host ${name}.`);
  const broken = result.texts.find((t) => t.host === name && t.leftOut.length > 0);
  if (broken !== undefined)
    return refuse(`A line of ${name}’s ${broken.member} is left out at present: mend it first.`);

  // The command alone, from the start: what it configures, with nothing of the packets of other steps in it.
  const alone = await engine.load({ ...lab, steps: [step] });
  const done = alone.events.findLast((e) => e.type === 'command');
  if (done?.type !== 'command' || done.exit !== 0) return refuse('Without the steps before it, its command fails.');
  const ask = async (event: EventId, line: string): Promise<string> => (await engine.exec(event, name, line)).output;
  const changed = await configured(host, parts, command, alone.events.length - 1, ask);
  if (JSON.stringify(changed) === JSON.stringify(host)) return refuse('It changes nothing of the configuration.');

  const hosts = { ...lab.hosts, [name]: changed };
  // What is sent carries the number of its step (the id of an echo): while it is compared, the step's place is kept.
  const after = await engine.load({
    ...lab,
    hosts,
    steps: lab.steps.with(index, { run: { host: name, command: 'true' } }),
  });
  const wrong = after.texts.find((t) => t.host === name && t.leftOut.length > 0);
  if (after.refused !== null || wrong !== undefined)
    return refuse(`As text it is not taken: ${after.refused?.message ?? wrong?.diagnostics[0]?.message ?? ''}`);
  const other = stepsApart(result, after, index);
  if (other !== null) {
    return refuse(
      other < index
        ? `Step ${other + 1} comes before it, and would go another way if this were there from the start.`
        : `Step ${other + 1} would go another way if this were there from the start: a flow of an earlier step is in between.`,
    );
  }
  const last = after.events.length - 1;
  for (const line of dumpsOf(parts, command)) {
    const was = await known.ask(name, line);
    const is = (await engine.exec(last, name, line)).output;
    if (bare(was) !== bare(is))
      return refuse(`The configuration of ${name} would come out otherwise: another step changes the same.`);
  }
  const why = statesApart(known.end, await engine.stateAt(last));
  return why === null ? { ok: true, lab: { ...lab, hosts, steps: lab.steps.toSpliced(index, 1) } } : refuse(why);
}

/** The commands that print what these parts come to. Routes, addresses and sets are told by the state. */
function dumpsOf(parts: ReadonlySet<StartPart>, command: string): readonly string[] {
  return [...parts].flatMap((part) => {
    if (part === 'sysctl') return keysOf(command).map((key) => `sysctl -n ${key}`);
    if (part === 'ipset') return ['ipset save'];
    return part === 'iptables' || part === 'ip6tables' ? [`${part}-save`] : [];
  });
}

const keysOf = (command: string): readonly string[] =>
  [...command.matchAll(/([\w./-]+)\s*=/g)].map(([, key = '']) => key);

/** A dump without its dates, and without counters, which the state tells. */
const bare = (dump: string): string => dump.replace(/^#.*\n/gm, '').replace(/ \[\d+:\d+\]$/gm, '');

/** A host with what the real tools print after the command in place of its texts. */
async function configured(
  host: LabHost,
  parts: ReadonlySet<StartPart>,
  command: string,
  end: EventId,
  ask: (event: EventId, line: string) => Promise<string>,
): Promise<LabHost> {
  let next = host;
  const put = async (
    member: 'ipset' | 'routes' | 'routes6' | 'rules' | 'rules6',
    line: string,
    keep: (line: string) => boolean,
  ): Promise<void> => {
    const text = (dump: string): string =>
      dump
        .split('\n')
        .map((l) => l.replaceAll('\t', ' ').trimEnd())
        .filter((l) => l !== '' && keep(l))
        .map((l) => `${l}\n`)
        .join('');
    const before = text(await ask(-1, line));
    const after = text(await ask(end, line));
    if (before !== after) next = { ...next, [member]: after };
  };
  for (const part of parts) {
    switch (part) {
      case 'iptables':
      case 'ip6tables': {
        const own = host[part] ?? '';
        const save = /^\s*\[\d+:\d+\]\s+-A/m.test(own) ? `${part}-save -c` : `${part}-save`;
        const before = await ask(-1, save);
        const after = await ask(end, save);
        if (before !== after) next = { ...next, [part]: rewritten(own, before, after) };
        break;
      }
      case 'ipset':
        await put('ipset', 'ipset save', () => true);
        break;
      case 'route': {
        const own = (line: string): boolean => !/ proto kernel( |$)|^(local|broadcast|multicast|anycast) /.test(line);
        await put('routes', 'ip -4 route show table all', own);
        await put('routes6', 'ip -6 route show table all', own);
        break;
      }
      case 'rule': {
        const own = (line: string): boolean => !/^(0|32766|32767): from all lookup (local|main|default)$/.test(line);
        await put('rules', 'ip -4 rule', own);
        await put('rules6', 'ip -6 rule', own);
        break;
      }
      case 'sysctl':
        for (const key of keysOf(command)) {
          const value = (await ask(end, `sysctl -n ${key}`)).trim();
          if (value !== '') next = { ...next, sysctl: { ...next.sysctl, [key.replaceAll('/', '.')]: value } };
        }
        break;
      case 'address':
        next = { ...next, interfaces: addressed(next, await ask(end, 'ip -o addr')) };
        break;
    }
  }
  return next;
}

/** The interfaces with the addresses that `ip -o addr` printed. */
function addressed(host: LabHost, dump: string): NonNullable<LabHost['interfaces']> {
  const lines = dump.split('\n').flatMap((line) => {
    const [, dev = '', address = ''] = /^\d+:\s+([^\s@]+)\S*\s+inet6?\s+(\S+)/.exec(line) ?? [];
    return dev === '' ? [] : [{ dev, address }];
  });
  return Object.fromEntries(
    Object.entries(host.interfaces ?? {}).map(([dev, i]) => {
      const addresses = lines.filter((l) => l.dev === dev).map((l) => l.address);
      const same = JSON.stringify(addresses) === JSON.stringify(i.addresses ?? []);
      return [dev, same ? i : { ...i, addresses }];
    }),
  );
}

/** The first step but `index` whose story is another one; null if none is. */
function stepsApart(before: RunResult, after: RunResult, index: number): number | null {
  for (let i = 0; i < before.steps.length; i++) {
    if (i === index) continue;
    if (storyOf(before, i) !== storyOf(after, i)) return i;
  }
  return null;
}

/** What a step comes to: packets on the wires byte by byte, how each packet ends, what commands print. */
function storyOf(run: RunResult, index: number): string {
  const step = run.steps[index];
  if (step === undefined) return '';
  const wires = run.events.slice(step.from, step.to).flatMap((e) => {
    if (e.type === 'command') return [`${e.host} ${e.exit} ${e.output}`];
    if (e.type !== 'wire') return [];
    return [`${e.host} ${e.interface} ${e.direction} ${run.frames[e.frame]?.join(' ') ?? ''}`];
  });
  const packets = step.packets.map((p) => [p.id, p.title, endOf(p.outcome)]);
  return JSON.stringify([step.title, endOf(step.outcome), packets, wires]);
}

/** An outcome without what is another number for the same thing: the event, and the rule's place in its chain. */
function endOf(outcome: Outcome): unknown {
  const { event: _, ...rest } = outcome as Outcome & { readonly event?: number };
  return 'by' in rest ? { ...rest, by: rest.by.replace(/ \d+$/, '') } : rest;
}

/** Why two states at the end are not the same; null if they are. */
function statesApart(before: WorldState, after: WorldState): string | null {
  for (const host of before.hosts) {
    const now = after.hosts.find((h) => h.name === host.name);
    if (now === undefined) return `${host.name} is not there.`;
    const why = hostApart(host, now);
    if (why !== null) return why;
  }
  return null;
}

function hostApart(before: HostState, after: HostState): string | null {
  const differ = (member: keyof HostState): boolean => JSON.stringify(before[member]) !== JSON.stringify(after[member]);
  const flows = (state: HostState): string =>
    JSON.stringify(state.conntrack, (key, value: unknown) => (key === 'id' ? undefined : value));
  if (flows(before) !== flows(after)) return `Flows that ${before.name} tracks would be others.`;
  if (differ('routes') || differ('rules') || differ('addresses') || differ('ipset'))
    return `The configuration of ${before.name} would come out otherwise: a step in between changes it, too.`;
  const places = [...new Set([...Object.keys(before.counters), ...Object.keys(after.counters)])];
  const place = places.find((p) => JSON.stringify(before.counters[p]) !== JSON.stringify(after.counters[p]));
  if (place !== undefined) {
    const [was, is] = [before.counters[place]?.[0] ?? 0, after.counters[place]?.[0] ?? 0];
    return `The counter of ${place} on ${before.name} would be ${is} in the end, not ${was}: packets of the steps before it would be counted.`;
  }
  if (differ('ruleState')) return `What rules of ${before.name} remember would be otherwise.`;
  return null;
}
