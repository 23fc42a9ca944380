import type { ExplainContext, Explanation, RuleEvent } from '../explain';
import { type Lab, parseLab, RulesetCache, Run, replayTo } from '../lab';
import type { EventId, TableName, TraceEvent } from '../model';
import { type Packet, parsePacket } from '../wire';
import type { Engine, ExecResult, RunResult, TriedChain, WorldState } from './api';
import type { Parts } from './parts';
import { LabError } from './protocol';
import { buildResult, type Views } from './result';
import { commonSteps, sameStart } from './same';
import { worldState } from './state';
import { triedChain, untriedChain } from './tried';
import { viewsOf } from './views';

/** The lab, or a `LabError` with every diagnostic. */
export function readLab(lab: unknown): Lab {
  const read = parseLab(lab);
  if (!read.ok) throw new LabError(read.diagnostics);
  return read.value;
}

/** An engine, and its `load` in small bites, so that a caller may do something else in between. */
export type RunningEngine = Engine & { loading(lab: unknown): Generator<void, RunResult> };

/** An engine that works in place, put together from these parts. */
export function engineOf(parts: Parts): RunningEngine {
  const session = new Session(parts);
  return {
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
    tried: (event, from, to) => session.tried(event, from, to),
    chain: (event, place, from, to) => untriedChain(session.current(), event, place, from, to),
    explain: (from, to) => session.explain(from, to),
    exec: (event, host, command) => session.exec(event, host, command),
    catalogue: () => parts.catalogue(),
    ruleForms: (family, lines) => lines.map((line) => parts.ruleForm(line, family)),
    findings: (family, text) => parts.findings(text, family),
  };
}

/** The last run, and what of it helps with the next. */
class Session {
  private readonly parts: Parts;
  private readonly cache: RulesetCache;
  private run: Run | null = null;
  private views: Views | null = null;
  private packets = new Map<number, Packet>();

  constructor(parts: Parts) {
    this.parts = parts;
    this.cache = new RulesetCache(parts);
  }

  /** Loads and runs in small bites: a caller may stop asking, and the run before stays. */
  *loading(lab: unknown): Generator<void, RunResult> {
    const { run, views } = this.begin(readLab(lab));
    yield* run.play();
    this.run = run;
    this.views = views;
    this.packets = new Map();
    return buildResult(run.story(), views);
  }

  check(lab: unknown): RunResult['texts'] {
    return Run.start(readLab(lab), this.cache, true).configured.texts;
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
    const run = Run.start(lab, this.cache, true);
    return { run, views: viewsOf(lab, run.world, run.configured.placed) };
  }

  current(): Run {
    if (!this.run) throw new Error('no lab is loaded');
    return this.run;
  }

  stateAt(event: EventId): WorldState {
    const run = this.current();
    return worldState(event, replayTo(run, event), run.recorder.events[event]?.host ?? '');
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
    const run = this.current();
    const { world } = run.checkpointBefore(event.userStep) ?? run;
    const tables = world.host(event.host).tables[event.family === 'ip6' ? 'ip6' : 'ip'];
    const chain = tables.get(event.table as TableName)?.ruleset.chain(event.chain);
    return chain?.rules[event.rule - 1]?.line ?? 0;
  }

  exec(event: EventId, host: string, command: string): ExecResult {
    const { world } = replayTo(this.current(), event);
    const { stdout, stderr, exit, changed } = this.parts.exec(world.host(host), command);
    return { output: stdout, error: stderr, exit, changed };
  }
}

/** The views of the run before, with the titles of this lab. */
function renamed(views: Views, lab: Lab): Views {
  return { ...views, hosts: views.hosts.map((host) => ({ ...host, title: lab.hosts[host.name]?.title ?? host.name })) };
}
