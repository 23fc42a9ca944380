import type { RunResult, StepResult } from '../../src/engine';
import type { EventBody, TraceEvent } from '../../src/model';

export { createLabStore } from './labStore';
export { createPlayStore } from './playStore';
export { createRunStore } from './runStore';
export { createViewStore } from './viewStore';

/** For tests: a run written down event by event. */
export class RunScript {
  readonly events: TraceEvent[] = [];
  readonly frames: Uint8Array[] = [];
  readonly #steps: StepResult[] = [];
  #from = 0;
  #host = '';
  #packet = '';

  at(host: string, packet: string): this {
    this.#host = host;
    this.#packet = packet;
    return this;
  }

  event(...bodies: readonly EventBody[]): this {
    for (const body of bodies) {
      const step = this.#steps.length;
      const head = { id: this.events.length, step, userStep: step, at: 0, host: this.#host, packet: this.#packet };
      this.events.push({ ...head, frame: this.frames.length - 1, mark: 0, ...body });
    }
    return this;
  }

  frame(bytes: Uint8Array): this {
    this.frames.push(bytes);
    return this;
  }

  /** One hook function with what happens in it. */
  fn(
    hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING',
    name: string,
    ...bodies: readonly EventBody[]
  ): this {
    const subsystem = name === 'conntrack' || name === 'confirm' ? name : name === 'nat' ? 'nat' : 'iptables';
    const head = { family: 'ip', hook, name, subsystem, priority: 0 } as const;
    return this.event({ type: 'function-enter', ...head }, ...bodies, {
      type: 'function-leave',
      ...head,
      verdict: 'accept',
    });
  }

  step(title = 'step'): this {
    const packets: StepResult['packets'] = [];
    const outcome = { kind: 'done', note: '' } as const;
    this.#steps.push({ from: this.#from, to: this.events.length, title, subtitle: '', outcome, packets });
    this.#from = this.events.length;
    return this;
  }

  run(): RunResult {
    const steps = this.#steps;
    const { events, frames } = this;
    return { events, frames, steps, hosts: [], segments: [], refused: null, texts: [], notModelled: [] };
  }
}

export function rule(
  table: string,
  chain: string,
  number: number | 'policy' | 'return',
  target: string,
  more: Partial<Extract<EventBody, { readonly type: 'rule' }>> = {},
): EventBody {
  return {
    type: 'rule',
    tool: 'iptables',
    family: 'ip',
    table,
    chain,
    hook: 'PREROUTING',
    in: 'eth0',
    out: '',
    from: 1,
    to: 1,
    rule: number,
    target,
    verdict: 'accept',
    depth: 0,
    ...more,
  };
}

export function route(kind: 'input' | 'output', result: 'local' | 'unicast' | 'no-route' = 'unicast'): EventBody {
  return {
    type: 'route',
    family: 'ip',
    kind,
    src: '10.0.0.1',
    dst: '10.0.0.2',
    iif: '',
    oif: '',
    result,
    dev: 'eth1',
    gateway: null,
    route: '',
    table: 'main',
    considered: [],
  };
}

export const wire = (direction: 'in' | 'out', name: string, segment: string): EventBody => ({
  type: 'wire',
  interface: name,
  direction,
  segment,
});

export const hookEnter = (hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'): EventBody => ({
  type: 'hook-enter',
  family: 'ip',
  hook,
  in: '',
  out: '',
});

export const hookLeave = (
  hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING',
  out = '',
): EventBody => ({
  type: 'hook-leave',
  family: 'ip',
  hook,
  verdict: 'accept',
  in: '',
  out,
});
