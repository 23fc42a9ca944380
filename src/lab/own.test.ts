import { describe, expect, it } from 'vitest';
import { parseLab } from './parse-lab';
import { toRecording } from './project';
import type { LabHost, LabStep } from './types';
import { run } from './whole';

const packet = { src: '10.0.0.2', dst: '10.0.0.1', udp: { sport: 4000, dport: 53 } };
const arrives: LabStep = { receive: { host: 'r', interface: 'eth0', packet } };

function trace(host: LabHost, steps: readonly LabStep[] = [arrives]) {
  const interfaces = { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } };
  const read = parseLab({ format: 'lab/1', name: 'x', hosts: { r: { interfaces, ...host } }, steps });
  if (!read.ok) throw new Error(read.diagnostics[0]!.message);
  return run(read.value);
}

const DROP = { name: 'mymod', hook: 'INPUT', priority: -1, verdict: 'drop' } as const;

describe('a lab with hook functions and queue programs', () => {
  it('plays them, and leaves a function out whose condition cannot be read', () => {
    const dropped = trace({ hooks: [{ ...DROP, match: '-p udp --dport 53' }] });
    expect(dropped.events.filter((e) => e.type === 'drop')).toMatchObject([{ by: 'mymod INPUT' }]);
    const hooks = [DROP, { ...DROP, name: 'other', match: '-p udp --dprt 53' }];
    const wrong = trace({ hooks });
    expect(wrong.texts).toMatchObject([{ host: 'r', member: 'hooks', leftOut: [2], diagnostics: [{ line: 2 }] }]);
    expect(wrong.refused).toEqual({ host: 'r', tool: 'hooks', line: 2, message: 'other: unknown option "--dprt"' });
    expect(wrong.events.filter((e) => e.type === 'drop')).toMatchObject([{ by: 'mymod INPUT' }]);
  });

  it('tells a local sender EPERM, as the kernel does', () => {
    const send = { send: { host: 'r', packet: { ...packet, src: '10.0.0.1', dst: '10.0.0.2' } } };
    const out = trace({ hooks: [{ ...DROP, hook: 'OUTPUT' }] }, [send]);
    expect(toRecording(out).steps).toEqual([{ error: 'EPERM' }]);
    const kept = trace({ hooks: [{ ...DROP, hook: 'OUTPUT', verdict: 'stolen' }] }, [send]);
    expect(toRecording(kept).steps).toEqual([{}]);
  });

  it('of equal priority the function runs before the table, as it was registered later', () => {
    const iptables = '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n';
    const rules = (priority: number): number =>
      trace({ iptables, hooks: [{ ...DROP, priority }] }).events.filter((e) => e.type === 'rule').length;
    expect([rules(-1), rules(0), rules(1)]).toEqual([0, 0, 1]);
  });

  it('stops a program that repeats for ever, and says so', () => {
    const queued = { ...DROP, verdict: { queue: 0 } };
    const end = trace({ hooks: [queued], queues: [{ number: 0, rules: [{ verdict: 'repeat' }] }] });
    expect(end.events.at(-1)).toMatchObject({ type: 'stopped', why: 'budget' });
  }, 60_000); // a million events
});
