import {
  type Checkpoint,
  copyOf,
  type Lab,
  type LabHost,
  RULE_TEXTS,
  type RulesetCache,
  Run,
  stepKind,
  type World,
} from '../lab';
import type { TraceEvent } from '../model';
import { type Packet, parsePacket } from '../wire';
import { isPassedOver, type RuleEdit, ruleEdit } from '../xtables';
import { commonSteps, sameStart } from './same';

/** One rule of a host that was written anew. */
interface HostEdit extends RuleEdit {
  readonly host: string;
}

/**
 * Runs of a lab in which one rule after the other is edited, mostly the same one, letter by letter. A run goes on from
 * before the first step that the edit may change: as long as every packet that came to the rule failed its addresses,
 * interfaces, protocol or port before the edit and fails them after it, what happened is the same. The state before that
 * step is kept, and a copy of it is made ready while nobody waits.
 */
export class RuleEdits {
  /** The rule that is being edited, and the first step that any of its edits changed. */
  private place = '';
  private step = -1;
  /** What the last run was told to change in the checkpoints that it has from the one before. */
  private edited: { readonly run: Run; readonly edit: HostEdit } | null = null;
  private ready: { readonly from: Checkpoint; readonly world: World } | null = null;
  private readonly packets = new WeakMap<Uint8Array, Packet>();

  /** Where a run keeps a checkpoint: everywhere as long as nothing was edited, for the first edit may be of any rule. */
  isCheckpoint(userStep: number): boolean {
    return this.place === '' || userStep === this.step;
  }

  /** A run that goes on where the edit begins to matter; null if it has to begin anew. */
  begin(before: Run, lab: Lab, cache: RulesetCache): Run | null {
    const edit = before.isStopped ? null : hostEdit(before, lab, cache);
    if (edit === null) return null;
    // Only what is said of the texts may be different.
    if (edit === 'none') return Run.resume(lab, before, before.end(), before.world, Run.start(lab, cache).configured);
    const first = Math.min(this.firstChanged(before, edit), lab.steps.length - 1);
    const place = [edit.host, edit.family, edit.table, edit.chain, edit.number].join(' ');
    this.step = place === this.place ? Math.min(this.step, first) : first;
    this.place = place;
    const from = before.checkpointBefore(first);
    if (from === null || tableOf(from.world, edit)?.ruleset !== edit.rulesets.before) return null;
    const world = this.ready?.from === from ? this.ready.world : copyOf(from.world);
    this.ready = null;
    apply(world, edit);
    const run = Run.resume(lab, before, from, world);
    run.checkpoints.push(from);
    this.edited = { run, edit };
    return run;
  }

  /** Makes ready what the next run goes on from. `run`: the last one. */
  prepare(run: Run): void {
    const from = run.checkpoints.at(-1);
    if (from !== undefined && this.ready?.from !== from) this.ready = { from, world: copyOf(from.world) };
  }

  /**
   * To be told of every run that came to its end. Its checkpoints get the rule that it ran with: until then it shares
   * them with the run before, which stays if this one is given up.
   */
  ended(run: Run): void {
    if (this.edited?.run === run) for (const { world } of run.checkpoints) apply(world, this.edited.edit);
    this.edited = null;
  }

  /** The first step of the lab, from 0, that may go another way; as many as there are if none does. */
  private firstChanged({ lab, recorder }: Run, edit: HostEdit): number {
    const command = lab.steps.findIndex((step) => stepKind(step) === 'run');
    const end = command < 0 ? lab.steps.length : command;
    for (const [i, event] of recorder.events.entries()) {
      if (event.userStep >= end) break;
      if (event.host !== edit.host) continue;
      if (event.type === 'rule' ? this.changes(event, edit, recorder.frames) : isSilentDrop(recorder.events, i))
        return event.userStep;
    }
    return end;
  }

  /** Whether a piece of a walk comes to the rule, and may go on in another way. */
  private changes(
    event: Extract<TraceEvent, { type: 'rule' }>,
    { family, table, chain, number, before, after }: HostEdit,
    frames: readonly Uint8Array[],
  ): boolean {
    if (event.chain !== chain || event.table !== table || event.family !== family) return false;
    if (number < event.from || number > event.to) return false;
    if (event.rule === number) return true;
    const bytes = frames[event.frame]!;
    let packet = this.packets.get(bytes);
    if (packet === undefined) {
      packet = parsePacket(bytes);
      this.packets.set(bytes, packet);
    }
    const fails = (rule: RuleEdit['before']): boolean => isPassedOver(rule, packet, family, event.in, event.out);
    return !(fails(before) && fails(after));
  }
}

/** A rule may drop a packet for a header that is cut off, and no event says which. */
function isSilentDrop(events: readonly TraceEvent[], at: number): boolean {
  const event = events[at]!;
  if (event.type !== 'function-leave' || event.verdict !== 'drop') return false;
  const said = events[at - 1];
  const isSaid = said?.type === 'rule' && said.verdict === 'drop';
  return !isSaid && (event.subsystem === 'iptables' || event.subsystem === 'nat');
}

/** The one rule in which two labs differ, 'none' if one text differs in nothing that is loaded; null if they differ in more. */
function hostEdit(before: Run, lab: Lab, cache: RulesetCache): HostEdit | 'none' | null {
  const changed = Object.entries(lab.hosts).flatMap(([host, spec]) =>
    RULE_TEXTS.filter(([member]) => spec[member] !== before.lab.hosts[host]?.[member]).map(([member, family]) => ({
      host,
      member,
      family,
    })),
  );
  const [one, more] = changed;
  if (one === undefined || more !== undefined) return null;
  const { host, member, family } = one;
  const spec = before.lab.hosts[host];
  const [old, text] = [spec?.[member], lab.hosts[host]![member]];
  // A text that names sets is read in view of those that there are, and commands may make others.
  if (spec === undefined || !old || !text || spec.ipset !== undefined) return null;
  const same: LabHost = { ...lab.hosts[host]!, [member]: old };
  if (!sameStart(before.lab, { ...lab, hosts: { ...lab.hosts, [host]: same } })) return null;
  if (lab.steps.length !== before.lab.steps.length || commonSteps(before.lab, lab) < lab.steps.length) return null;
  const { sets } = before.world.host(host);
  const [known, read] = [old, text].map((t) => cache.read(family, t, sets));
  const edit = ruleEdit(known!, read!);
  return typeof edit === 'object' && edit !== null ? { host, ...edit } : edit;
}

function tableOf(world: World, { host, family, table }: HostEdit) {
  return world.host(host).tables[family].get(table);
}

/** Both rulesets have as many counters, and nothing was counted or kept for the rule. */
function apply(world: World, edit: HostEdit): void {
  tableOf(world, edit)!.ruleset = edit.rulesets.after;
}
