import { invariant } from '../base';
import type { ExplainContext, Explanation, RuleEvent } from '../explain';
import type { Host } from '../host';
import {
  type Lab,
  type Moment,
  type OwnCheck,
  parseLabWith,
  RulesetCache,
  Run,
  type RunLimits,
  replayTo,
  type World,
} from '../lab';
import type { EventId, TableName, TraceEvent } from '../model';
import type { Completion } from '../shell';
import { type Packet, parsePacket } from '../wire';
import type { Engine, ExecResult, HostView, LiveResult, RunResult, SetMember, TriedChain, WorldState } from './api';
import type { Parts } from './parts';
import { LabError } from './protocol';
import { buildResult, type Views } from './result';
import { commonSteps, equal, sameStart } from './same';
import { triedChain, untriedChain } from './tried';
import { hostView, viewsOf } from './views';

/** The lab, or a `LabError` with every diagnostic. */
export function readLabWith(lab: unknown, own: OwnCheck): Lab {
  const read = parseLabWith(lab, own);
  if (!read.ok) throw new LabError(read.diagnostics);
  return read.value;
}

/** An engine, and its `load` in small bites, so that a caller may do something else in between. */
export type RunningEngine = Engine & { loading(lab: unknown): Generator<void, RunResult> };

/** A quicker way to begin a run than at the start: null where there is none. `before`: the last run. */
export type Shortcut = (before: Run, lab: Lab, cache: RulesetCache) => Run | null;

const NO_SHORTCUT: Shortcut = () => null;

/** An engine that works in place, put together from these parts. `last`: of the run that ended last. */
export function engineOf(
  parts: Parts,
  limits: Partial<RunLimits> = {},
  shortcut = NO_SHORTCUT,
): RunningEngine & { readonly last: () => Run | null } {
  const session = new Session(parts, limits, shortcut);
  return {
    last: () => session.last(),
    load(lab) {
      const loading = session.loading(lab);
      for (;;) {
        const next = loading.next();
        if (next.done) return next.value;
      }
    },
    loading: (lab) => session.loading(lab),
    check: (lab) => session.check(lab),
    stateAt: (event) => session.stateAt(event),
    members: (event, host, set) => session.members(event, host, set),
    tried: (event, from, to) => session.tried(event, from, to),
    chain: (event, place, from, to) => untriedChain(session.current(), event, place, from, to),
    explain: (from, to) => session.explain(from, to),
    exec: (event, host, command) => session.exec(event, host, command),
    live: (host, command, from, to, stopped) => session.live(host, command, from, to, stopped),
    complete: (event, host, line, at) => session.complete(event, host, line, at),
    catalogue: () => parts.catalogue(),
    ruleForms: (family, lines) => lines.map((line) => parts.ruleForm(line, family)),
    findings: (family, text) => parts.findings(text, family),
  };
}

/** The last run, and what of it helps with the next. */
class Session {
  private readonly parts: Parts;
  private readonly cache: RulesetCache;
  private readonly limits: Partial<RunLimits>;
  private readonly shortcut: Shortcut;
  private run: Run | null = null;
  private views: Views | null = null;
  private packets = new Map<number, Packet>();
  private replayed: { readonly event: EventId; readonly moment: Moment } | null = null;
  /** The same of the event before a step whose rules were asked for. */
  private begun: { readonly event: EventId; readonly moment: Moment } | null = null;
  /** How commands left their host, by step; null: as at the start. */
  private configurations = new Map<number, HostView | null>();

  constructor(parts: Parts, limits: Partial<RunLimits>, shortcut: Shortcut) {
    this.parts = parts;
    this.limits = limits;
    this.shortcut = shortcut;
    this.cache = new RulesetCache(parts);
  }

  /** Loads and runs in small bites: a caller may stop asking, and the run before stays. */
  *loading(lab: unknown): Generator<void, RunResult> {
    const { run, views } = this.begin(readLabWith(lab, this.parts.ownFaults));
    yield* run.play();
    this.run = run;
    this.views = views;
    this.packets = new Map();
    this.replayed = null;
    this.begun = null;
    this.configurations = new Map();
    return buildResult(run.story(), views);
  }

  check(lab: unknown): RunResult['texts'] {
    return Run.start(readLabWith(lab, this.parts.ownFaults), this.cache).configured.texts;
  }

  /** A new run, or the last one from where the labs part. */
  private begin(lab: Lab): { run: Run; views: Views } {
    const { run: before, views } = this;
    if (before && views && sameStart(before.lab, lab)) {
      const common = commonSteps(before.lab, lab);
      const atEnd = common === before.lab.steps.length && !before.isStopped;
      const from = atEnd ? before.end() : before.checkpointBefore(common);
      if (from) return { run: Run.resume(lab, before, from), views: renamed(views, lab) };
    }
    const resumed = before && this.shortcut(before, lab, this.cache);
    if (resumed && views) return { run: resumed, views: renamed(views, lab) };
    const run = Run.start(lab, this.cache, this.limits);
    return { run, views: viewsOf(lab, run.world, run.configured.placed) };
  }

  last(): Run | null {
    return this.run;
  }

  current(): Run {
    if (!this.run) throw new Error('no lab is loaded');
    return this.run;
  }

  /** The state just after an event, for questions that change nothing: the next one is often about the same event. */
  private at(event: EventId): Moment {
    if (this.replayed?.event !== event) this.replayed = { event, moment: replayTo(this.current(), event) };
    return this.replayed.moment;
  }

  stateAt(event: EventId): WorldState {
    const moment = this.at(event);
    const happened = this.current().recorder.events[event];
    return this.parts.worldState(happened, moment, this.reconfigured(event, moment.world));
  }

  /** The hosts that stand configured in another way than at the start. Only commands do that. */
  private reconfigured(event: EventId, world: World): readonly HostView[] {
    const { lab } = this.current();
    const steps = lab.steps.slice(0, this.stepOf(event) + 1);
    const last = new Map(steps.flatMap((step, i) => ('run' in step ? [[step.run.host, i]] : [])));
    return [...last].flatMap(([name, step]) => this.configuredBy(step, event, world.host(name)) ?? []);
  }

  /** A host as it stands after a command, or, while that runs, after an event; null if that is as at the start. */
  private configuredBy(step: number, event: EventId, host: Host): HostView | null {
    const run = this.current();
    const isOver = event >= run.story().userSteps[step]!.to - 1;
    const known = isOver ? this.configurations.get(step) : undefined;
    if (known !== undefined) return known;
    const view = hostView(run.lab, host, run.configured.placed);
    const start = this.views?.hosts.find((h) => h.name === host.name);
    const changed = equal(view, start) ? null : view;
    if (isOver) this.configurations.set(step, changed);
    return changed;
  }

  members(event: EventId, host: string, set: string): readonly SetMember[] {
    return this.parts.members(this.at(event).world.host(host), set);
  }

  tried(event: EventId, from?: number, to?: number): TriedChain {
    return triedChain(this.current(), event, from, to);
  }

  explain(from: EventId, to: EventId): readonly Explanation[] {
    const { events } = this.current().recorder;
    return events.slice(Math.max(0, from), to).map((event) => this.parts.explain(event, this.context(event)));
  }

  private context(event: TraceEvent): ExplainContext {
    return {
      packet: this.packet(event),
      lineOf: (rule) => this.lineOf(rule),
      lastRule: this.lastRule(event),
      ownerOf: (address) => this.views?.owners.get(address) ?? '',
    };
  }

  private packet(event: TraceEvent): Packet | null {
    if (event.frame < 0) return null;
    let packet = this.packets.get(event.frame);
    if (!packet) {
      packet = parsePacket(this.current().recorder.frames[event.frame]!);
      this.packets.set(event.frame, packet);
    }
    return packet;
  }

  /** The rule that the packet met last within the same hook function. */
  private lastRule(event: TraceEvent): RuleEvent | null {
    const { events } = this.current().recorder;
    for (let i = event.id - 1; i >= 0; i--) {
      const before = events[i]!;
      if (before.packet !== event.packet || before.host !== event.host || before.type === 'function-enter') return null;
      if (before.type === 'rule') return before;
    }
    return null;
  }

  /** The line of a rule, in the ruleset as it was before the step. */
  private lineOf(event: RuleEvent): number {
    if (typeof event.rule !== 'number') return 0;
    const tables = this.rulesBefore(event.userStep).host(event.host).tables[event.family === 'ip6' ? 'ip6' : 'ip'];
    const chain = tables.get(event.table as TableName)?.ruleset.chain(event.chain);
    return chain?.rules[event.rule - 1]?.line ?? 0;
  }

  /** A world whose rules are as they were before a step: commands alone change them. */
  private rulesBefore(userStep: number): World {
    const run = this.current();
    const kept = run.checkpointBefore(userStep);
    if (!kept) return run.world;
    if (!run.lab.steps.slice(kept.userStep, userStep).some((step) => 'run' in step)) return kept.world;
    const before = run.story().userSteps[userStep]!.from - 1;
    if (this.begun?.event !== before) this.begun = { event: before, moment: replayTo(run, before) };
    return this.begun.moment.world;
  }

  exec(event: EventId, host: string, command: string): ExecResult {
    const listening = this.live(host, command, event + 1, event + 1, false);
    if (listening)
      return {
        ...listening,
        exit: Number(listening.ended && listening.error !== ''),
        step: false,
        live: !listening.ended,
      };
    // The command changes the world it runs in, if only for the answer.
    const { world } = replayTo(this.current(), event);
    const said = this.parts.exec(world.host(host), command).next();
    if (!said.done || said.value.changed) return this.asStep(event, host, command);
    const { stdout, stderr, exit } = said.value;
    return { output: stdout, error: stderr, exit, step: false, live: false };
  }

  /** What a command does and says as a step after the one that the event belongs to. */
  private asStep(event: EventId, host: string, command: string): ExecResult {
    const before = this.current();
    const { lab } = before;
    const index = this.stepOf(event) + 1;
    const steps = lab.steps.slice(0, index);
    const from = index === lab.steps.length && !before.isStopped ? before.end() : before.checkpointBefore(index);
    invariant(from, 'the start of a run is always kept');
    const run = Run.resume({ ...lab, steps: [...steps, { run: { host, command } }] }, before, from);
    for (const _ of run.play());
    const done = run.recorder.events.findLast((e) => e.type === 'command');
    // Where the budget of a step was used up, the command never came to its end.
    if (done?.type !== 'command' || done.userStep !== index) {
      return { output: '', error: 'hookline: stopped: too much happened\n', exit: 1, step: true, live: false };
    }
    return { output: done.output, error: '', exit: done.exit, step: true, live: false };
  }

  /** Step of the lab, from 0, that an event belongs to; -1 for the start. */
  private stepOf(event: EventId): number {
    return event < 0 ? -1 : (this.current().recorder.events[event]?.userStep ?? -1);
  }

  live(host: string, command: string, from: EventId, to: EventId, stopped: boolean): LiveResult | null {
    const run = this.current();
    const { events, frames } = run.recorder;
    const { world } = this.at(from - 1);
    const said = this.parts.live({
      line: command,
      host: world.host(host),
      events: events.slice(from, to),
      frame: (event) => frames[event.frame] ?? null,
      epoch: world.epoch * 1000,
      stopped,
    });
    return said && { output: said.stdout, error: said.stderr, ended: said.ended };
  }

  complete(event: EventId, host: string, line: string, at: number): readonly Completion[] {
    return this.parts.complete(this.at(event).world.host(host), line, at);
  }
}

/** The views of the run before, with the titles of this lab. */
function renamed(views: Views, lab: Lab): Views {
  return { ...views, hosts: views.hosts.map((host) => ({ ...host, title: lab.hosts[host.name]?.title ?? host.name })) };
}
