import { describe, expect, it } from 'vitest';
import type { HookAnswer, HookOps } from '../model';
import { makeIcmp } from '../wire';
import type { Host } from './host';
import { TestWorld } from './test-world';

const accept = (): HookAnswer => 'accept';
const drop = (): HookAnswer => 'drop';
const refuse = (): HookAnswer => ({ verdict: 'drop', errno: 'ECONNREFUSED' });
const steal = (): HookAnswer => 'stolen';
const queue = (): HookAnswer => ({ verdict: 'queue', queue: 3, bypass: false });
const queueBypass = (): HookAnswer => ({ verdict: 'queue', queue: 3, bypass: true });

function ops(name: string, priority: number, fn: () => HookAnswer): HookOps<Host> {
  return { name, family: 'ip', hook: 'OUTPUT', priority, subsystem: 'user', fn };
}

function sendWith(...functions: readonly HookOps<Host>[]) {
  const world = new TestWorld();
  const host = world.host('h', {});
  for (const f of functions) host.hooks.register(f);
  const errno = host.send('1', makeIcmp({ src: '127.0.0.1', dst: '127.0.0.1', type: 0 }));
  world.settle();
  const ran = world
    .take('function-leave')
    .filter((e) => e.packet === '1')
    .map((e) => `${e.name} ${e.verdict}`);
  return { world, host, errno, ran };
}

describe('nfHookSlow', () => {
  it('runs functions by priority, and of equal ones the one registered last first', () => {
    const { ran, errno } = sendWith(
      ops('b', 0, accept),
      ops('c', 0, accept),
      ops('a', -5, accept),
      ops('d', 9, accept),
    );
    expect(ran).toEqual(['a accept', 'c accept', 'b accept', 'd accept']);
    expect(errno).toBeNull();
  });

  it('a drop ends it, and the sender is told EPERM or what the function says', () => {
    expect(sendWith(ops('a', 0, drop), ops('b', 1, accept))).toMatchObject({ ran: ['a drop'], errno: 'EPERM' });
    expect(sendWith(ops('a', 0, refuse))).toMatchObject({ errno: 'ECONNREFUSED' });
  });

  it('stolen ends it without a word', () => {
    const { ran, errno, world } = sendWith(ops('a', 0, steal), ops('b', 1, accept));
    expect({ ran, errno }).toEqual({ ran: ['a stolen'], errno: null });
    expect(world.take('drop')).toEqual([]);
  });

  it('a queue without a program drops, or is passed by', () => {
    expect(sendWith(ops('a', 0, queue), ops('b', 1, accept))).toMatchObject({ ran: ['a queue'], errno: null });
    expect(sendWith(ops('a', 0, queueBypass), ops('b', 1, accept)).ran).toEqual(['a queue', 'b accept']);
  });

  it('the program behind a queue may have the function run again', () => {
    const world = new TestWorld();
    const host = world.host('h', {});
    const answers = ['repeat', 'accept'] as const;
    let asked = 0;
    host.queuePrograms.set(3, { name: 'p', run: (h, entry) => h.reinject(entry.id, answers[asked++]!) });
    host.hooks.register(ops('a', 0, queue));
    host.hooks.register(ops('b', 1, accept));
    host.send('1', makeIcmp({ src: '127.0.0.1', dst: '127.0.0.1', type: 0 }));
    expect(world.hooks()).toEqual(['h OUTPUT >lo 1']);
    world.settle();
    const ran = world.take('function-leave').map((e) => e.name);
    expect(ran).toEqual(['a', 'a', 'b']);
    expect(world.hooks().at(-1)).toBe('h INPUT lo> 1');
  });
});
