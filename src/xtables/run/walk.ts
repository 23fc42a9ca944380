import type { HookAnswer, HookState, RuleVerdict, Skb, TableName } from '../../model';
import type { Match, TargetAnswer, XtAction } from '../record';
import { type Rule, targetName } from '../rule';
import type { Chain } from '../state/ruleset';
import type { XtTable } from '../state/tables';
import type { Criterion, TriedCollector, XtEnv, XtFamily } from '../types';
import { addressesMatch, headerMatches } from './builtin';
import { explainRule } from './explain';
import { ChainIndex, type Cursor } from './index-of-rules';
import { type PacketKey, packetKey } from './packet';

/** Chains with more rules than this are looked up by index. */
const LINEAR = 32;

interface Frame {
  readonly chain: Chain;
  /** Index of the rule to go on with. */
  next: number;
  cursor: Cursor | null;
}

/**
 * Walks a packet through the chains of a table at a hook. Answers accept if the table does not exist.
 * Kernel: ipt_do_table(), net/ipv4/netfilter/ip_tables.c; ip6t_do_table()
 */
export function iptDoTable(env: XtEnv, skb: Skb, state: HookState, name: TableName): HookAnswer {
  const table = env.tables.get(name);
  const chain = table?.ruleset.chain(state.hook);
  if (table === undefined || chain === undefined || chain.hook === null) return 'accept';
  return new Walk(env, skb, state, table).run(chain);
}

/**
 * Whether the first rule of a chain matches a packet. Nothing is counted or told of; a chain without rules matches nothing.
 */
export function ruleMatches(env: XtEnv, skb: Skb, state: HookState, name: TableName, chain: string): boolean {
  const table = env.tables.get(name);
  const found = table?.ruleset.chain(chain);
  const rule = found?.rules[0];
  if (table === undefined || found === undefined || rule === undefined) return false;
  return new Walk(env, skb, state, table).meets(rule, found.base);
}

class Walk implements XtAction {
  readonly env: XtEnv;
  readonly skb: Skb;
  readonly state: HookState;
  readonly family: XtFamily;
  readonly table: TableName;
  fragoff = 0;
  thoff = 0;
  hotdrop = false;
  private readonly data: XtTable;
  private key: PacketKey;
  private frames: Frame[] = [];
  /** Number of the use in hand: rule * 64 + place. */
  private use = 0;
  private unknown = false;

  constructor(env: XtEnv, skb: Skb, state: HookState, data: XtTable) {
    this.env = env;
    this.skb = skb;
    this.state = state;
    this.family = env.tables.family;
    this.table = data.name;
    this.data = data;
    this.key = packetKey(skb.packet, this.family);
    this.thoff = this.key.thoff;
    this.fragoff = this.key.fragoff;
  }

  keep<T extends object>(make: () => T): T {
    let kept = this.data.kept.get(this.use);
    if (kept === undefined) {
      kept = make();
      this.data.kept.set(this.use, kept);
    }
    return kept as T;
  }

  share<T extends object>(name: string, make: () => T): T {
    const { shared } = this.env.tables;
    let kept = shared.get(name);
    if (kept === undefined) {
      kept = make();
      shared.set(name, kept);
    }
    return kept as T;
  }

  run(start: Chain): HookAnswer {
    let frame = this.enter(start);
    for (;;) {
      const { chain } = frame;
      const from = frame.next;
      const found = this.find(frame);
      if (found < 0) return 'drop';
      const rule = chain.rules[found];
      if (rule === undefined) {
        this.count(chain, found);
        if (chain.policy !== null) {
          const verdict = chain.policy === 'ACCEPT' ? 'accept' : 'drop';
          this.emit(frame, from, found, 'policy', chain.policy, verdict);
          return verdict;
        }
        this.emit(frame, from, found, 'return', '', 'return');
        frame = this.leave(start);
        continue;
      }
      this.count(chain, found);
      frame.next = found + 1;
      const { target } = rule;
      const name = targetName(target);
      switch (target.kind) {
        case 'none':
          this.emit(frame, from, found, found + 1, name, 'continue');
          break;
        case 'verdict':
          this.emit(frame, from, found, found + 1, name, VERDICT[target.verdict]);
          if (target.verdict !== 'RETURN') return this.hotdrop ? 'drop' : this.standard(target.verdict);
          frame = this.leave(start);
          break;
        case 'chain': {
          this.emit(frame, from, found, found + 1, name, target.goto ? 'goto' : 'jump');
          if (target.goto) this.frames.pop();
          frame = this.enter(this.data.ruleset.chain(target.chain)!, target.goto && this.frames.length === 0);
          break;
        }
        case 'extension': {
          this.emit(frame, from, found, found + 1, name, target.target.verdict);
          this.use = (chain.base + found) * 64 + 63;
          const answer = target.target.act(target.config, this);
          if (this.hotdrop) return 'drop';
          if (answer === 'return') frame = this.leave(start);
          else if (answer !== 'continue') return answer satisfies Exclude<TargetAnswer, 'continue' | 'return'>;
          if (this.skb.packet !== this.key.packet) this.packetChanged();
          break;
        }
      }
      // A match may hold and condemn the packet: the rule acts, and is the last.
      if (this.hotdrop) return 'drop';
    }
  }

  private standard(verdict: 'ACCEPT' | 'DROP' | 'QUEUE'): HookAnswer {
    if (verdict === 'ACCEPT') return 'accept';
    if (verdict === 'DROP') return 'drop';
    return { verdict: 'queue', queue: 0, bypass: false };
  }

  /**
   * Goes into a chain. A goto from the built-in chain leaves nothing to come back to: its place is kept by a frame that
   * stands at the policy.
   */
  private enter(chain: Chain, bottom = false): Frame {
    if (bottom) {
      const base = this.data.ruleset.chain(this.state.hook)!;
      this.frames.push({ chain: base, next: base.rules.length, cursor: null });
    }
    const frame: Frame = { chain, next: 0, cursor: null };
    this.frames.push(frame);
    return frame;
  }

  /** RETURN, or the end of a user chain: back to the caller; from the built-in chain to its policy. */
  private leave(start: Chain): Frame {
    this.frames.pop();
    const top = this.frames[this.frames.length - 1];
    if (top !== undefined) return top;
    const frame: Frame = { chain: start, next: start.rules.length, cursor: null };
    this.frames.push(frame);
    return frame;
  }

  private count(chain: Chain, index: number): void {
    const slot = chain.base + index;
    this.data.packets[slot]!++;
    this.data.bytes[slot]! += this.skb.packet.bytes.length;
  }

  private emit(
    frame: Frame,
    from: number,
    found: number,
    rule: number | 'policy' | 'return',
    target: string,
    verdict: RuleVerdict,
  ): void {
    this.env.port.emit(this.skb, {
      type: 'rule',
      tool: 'iptables',
      family: this.family,
      table: this.table,
      chain: frame.chain.name,
      hook: this.state.hook,
      in: this.state.in,
      out: this.state.out,
      from: from + 1,
      to: found + 1,
      rule,
      target,
      verdict,
      depth: this.frames.length - 1,
    });
  }

  private packetChanged(): void {
    this.key = packetKey(this.skb.packet, this.family);
    this.thoff = this.key.thoff;
    for (const frame of this.frames) frame.cursor = null;
  }

  /** Index of the first rule from `frame.next` on that matches, or how many rules there are; -1: the packet goes at once. */
  private find(frame: Frame): number {
    const { rules } = frame.chain;
    const { verbose } = this.env;
    if (verbose !== undefined && (verbose.wants?.(this.table, frame.chain.name) ?? true)) {
      return this.findVerbosely(frame, verbose);
    }
    if (rules.length > LINEAR && !this.key.odd) return this.findByIndex(frame);
    for (let i = frame.next; i < rules.length; i++) {
      if (this.matches(rules[i]!, frame.chain.base + i)) return i;
      if (this.hotdrop) return -1;
    }
    return rules.length;
  }

  private findByIndex(frame: Frame): number {
    const { rules } = frame.chain;
    frame.cursor ??= frame.chain.derived(chainIndex).cursor(this.key, this.state.in, this.state.out, frame.next);
    for (;;) {
      const i = frame.cursor.next();
      if (i >= rules.length) return rules.length;
      if (this.matches(rules[i]!, frame.chain.base + i)) return i;
      if (this.hotdrop) return -1;
    }
  }

  meets(rule: Rule, slot: number): boolean {
    return this.matches(rule, slot) && !this.hotdrop;
  }

  private matches(rule: Rule, slot: number): boolean {
    const { key, state } = this;
    if (!headerMatches(rule, key, state.in, state.out)) {
      // Kernel: ip6_packet_match()
      if (key.cutOff && rule.protocol !== 0 && addressesMatch(rule, key, state.in, state.out)) this.hotdrop = true;
      return false;
    }
    const uses = rule.matches;
    for (let j = 0; j < uses.length; j++) {
      const { match, config } = uses[j]!;
      this.use = slot * 64 + j;
      const met = match.match(config, this);
      if (met === null) return this.notModelled(rule, slot, j);
      if (!met) return false;
    }
    return true;
  }

  /**
   * A match that is not modelled counts as not met. Only if nothing else in the rule fails for certain does the outcome
   * hang on it.
   */
  private notModelled(rule: Rule, slot: number, at: number): false {
    for (let j = at + 1; j < rule.matches.length; j++) {
      const { match, config } = rule.matches[j]!;
      if (match.sideEffect) break;
      this.use = slot * 64 + j;
      const met = match.match(config, this);
      this.hotdrop = false;
      if (met === false) return false;
    }
    this.unknown = true;
    this.markUncertain(rule.matches[at]!.match);
    return false;
  }

  private markUncertain(match: Match): void {
    this.skb.uncertain = true;
    this.env.port.emit(this.skb, { type: 'not-modelled', what: `-m ${match.name}` });
  }

  private findVerbosely(frame: Frame, verbose: TriedCollector): number {
    const { chain } = frame;
    for (let i = frame.next; i < chain.rules.length; i++) {
      const rule = chain.rules[i]!;
      const slot = chain.base + i;
      this.unknown = false;
      const matched = this.matches(rule, slot);
      const hotdrop = this.hotdrop;
      const isDetailed = verbose.details?.(i + 1) ?? true;
      const criteria = isDetailed
        ? explainRule(rule, this, this.key, matched, (j) => {
            this.use = slot * 64 + j;
          })
        : NO_CRITERIA;
      this.hotdrop = hotdrop;
      verbose.tried({
        table: this.table,
        chain: chain.name,
        number: i + 1,
        depth: this.frames.length - 1,
        outcome: matched ? 'matched' : this.unknown ? 'unknown' : 'failed',
        criteria,
      });
      if (matched) return i;
      if (hotdrop) return -1;
    }
    return chain.rules.length;
  }
}

function chainIndex(rules: readonly Rule[]): ChainIndex {
  return new ChainIndex(rules);
}

const NO_CRITERIA: readonly Criterion[] = [];

const VERDICT = { ACCEPT: 'accept', DROP: 'drop', QUEUE: 'queue', RETURN: 'return' } as const;
