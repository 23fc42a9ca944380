import { expect, test } from 'vitest';
import { compareRecordings, describe as inWords, tally } from './compare';

const packet = { src: '10.0.0.2', dst: '10.0.0.1', ttl: 64, udp: { sport: 1, dport: 2 } };
const trace = (rule: number) => ({ table: 'filter', chain: 'INPUT', rule, in: 'eth0', out: '', mark: 0, packet });
const wire = (name: string, ttl = 64) => ({ interface: name, direction: 'in', packet: { ...packet, ttl } });
const entry = (sport: number) => ({ protocol: 'udp', original: { sport }, reply: {}, status: [], mark: 0, zone: 0 });
const step = (host: object) => ({ format: 'recording/1', steps: [{ hosts: { h: host } }] });
const kinds = (a: unknown, b: unknown) => compareRecordings(a, b).map(({ kind }) => kind);

test('equal recordings have no difference, whatever says nothing', () => {
  const a = { ...step({ trace: [trace(1)], wire: [] }), by: 'Linux', end: { h: { counters: { x: [0, 0] } } } };
  const b = {
    by: 'Hookline',
    steps: [{ hosts: { h: { trace: [{ ...trace(1), packet: { ...packet, df: false } }] } } }],
  };
  expect(compareRecordings(a, b)).toEqual([]);
});

test('the trace: another rule, one too few, one too many', () => {
  expect(kinds(step({ trace: [trace(1)] }), step({ trace: [trace(2)] }))).toEqual(['trace differs']);
  expect(kinds(step({ trace: [trace(1)] }), step({}))).toEqual(['trace missing']);
  expect(kinds(step({}), step({ trace: [trace(1)] }))).toEqual(['trace extra']);
});

test('only the order within one interface counts', () => {
  const a = step({ wire: [wire('eth0', 1), wire('eth1', 2), wire('eth0', 3)] });
  expect(kinds(a, step({ wire: [wire('eth1', 2), wire('eth0', 1), wire('eth0', 3)] }))).toEqual([]);
  expect(kinds(a, step({ wire: [wire('eth1', 2), wire('eth0', 3), wire('eth0', 1)] }))).toEqual(['wire differs']);
});

test('the order of DESTROY events that follow one another does not count', () => {
  const destroy = (sport: number) => ({ event: 'DESTROY', entry: entry(sport) });
  const made = { event: 'NEW', entry: entry(3) };
  const a = step({ conntrack: [destroy(1), destroy(2), made] });
  expect(kinds(a, step({ conntrack: [destroy(2), destroy(1), made] }))).toEqual([]);
  expect(kinds(a, step({ conntrack: [destroy(1), made, destroy(2)] }))).toEqual(['conntrack event differs']);
});

test('the end: entries in any order, counters and sets by name', () => {
  const end = (h: object) => ({ steps: [], end: { h } });
  expect(kinds(end({ conntrack: [entry(1), entry(2)] }), end({ conntrack: [entry(2), entry(1)] }))).toEqual([]);
  expect(kinds(end({ conntrack: [entry(1)] }), end({}))).toEqual(['end conntrack missing']);
  expect(kinds(end({ counters: { a: [1, 2] } }), end({ counters: { a: [1, 3] } }))).toEqual(['end counters']);
  expect(kinds(end({ ipset: { s: ['a', 'b'] } }), end({ ipset: { s: ['b', 'a'] } }))).toEqual([]);
  expect(kinds(end({ ipset: { s: ['a'] } }), end({ ipset: { s: ['b'] } }))).toEqual(['end ipset']);
});

test('refusals: host, tool and line count, the message does not', () => {
  const refused = (line: number, message: string) => ({ refused: { host: 'h', tool: 'iptables', line, message } });
  expect(kinds(refused(3, 'a'), refused(3, 'b'))).toEqual([]);
  expect(kinds(refused(3, 'a'), refused(4, 'a'))).toEqual(['refused']);
  expect(kinds(refused(3, 'a'), step({}))).toEqual(['refused']);
});

test('errors, exits and outputs of steps, and their number', () => {
  expect(kinds({ steps: [{ error: 'EPERM' }] }, { steps: [{}] })).toEqual(['error']);
  expect(kinds({ steps: [{ exit: 1, output: 'a' }] }, { steps: [{ exit: 1, output: 'b' }] })).toEqual(['output']);
  expect(kinds({ steps: [{}] }, { steps: [] })).toEqual(['steps']);
});

test('what is not modelled is a difference', () => {
  const a = step({ trace: [trace(1)] });
  const found = compareRecordings(a, { ...a, notModelled: [{ step: 1, host: 'h', what: '-m u32' }] });
  expect(inWords(found)).toBe('step 1, host h: -m u32 is not modelled');
  expect(tally([...found, ...found])).toBe('2 × not modelled');
});
