import { expect, test } from 'vitest';
import { withoutChance } from './chance';

const lab = { steps: [4000, 80, 700] };
const sctp = (sport: number, checksum: string, more = '') =>
  `${String.fromCharCode(sport >> 8, sport & 255)}\u0000\u0050\u0000\u0000\u0000\u0007${checksum}${more}`;
const entry = (port: number | string, protocol = 'sctp') => ({
  protocol,
  original: { src: 'a', dst: 'b', sport: 4000, dport: 80 },
  reply: { src: 'b', dst: 'c', sport: 80, dport: port },
});
const recording = (payload: string, port: number | string, protocol = 'sctp') => ({
  steps: [{ hosts: { r: { wire: [{ interface: 'e', packet: { protocol: 132, payload } }] } } }],
  end: { r: { conntrack: [entry(port, protocol)] } },
});

test('a port of SCTP that was drawn is taken out of the bytes, with the checksum over it', () => {
  const a = withoutChance(lab, recording(sctp(50001, 'abcd', 'INIT'), 'random1'));
  expect(a).toEqual(withoutChance(lab, recording(sctp(2222, 'wxyz', 'INIT'), 'random1')));
  expect(a).not.toEqual(withoutChance(lab, recording(sctp(2222, 'wxyz', 'ABRT'), 'random1')));
});

test('every other port of SCTP counts, and every checksum with it', () => {
  for (const [name, protocol] of [
    [700, 'sctp'],
    ['random1', 'tcp'],
  ] as const) {
    const a = recording(sctp(50001, 'abcd'), name, protocol);
    expect(withoutChance(lab, a)).toEqual(a);
  }
  const known = recording(sctp(4000, 'abcd'), 'random1');
  expect(withoutChance(lab, known)).toEqual(known);
});

test('entries that a command changes are met in any order; those that packets change are not', () => {
  const update = (mark: number) => ({ event: 'UPDATE', entry: { ...entry(1), mark } });
  const step = (marks: readonly number[], wire: readonly object[] = []) =>
    withoutChance(lab, { steps: [{ hosts: { r: { conntrack: marks.map(update), wire: wire as [] } } }] });
  expect(step([1, 2])).toEqual(step([2, 1]));
  expect(step([1, 2])).not.toEqual(step([2, 3]));
  expect(step([1, 2], [{ interface: 'e' }])).not.toEqual(step([2, 1], [{ interface: 'e' }]));
});

test('a port or id that is no number of the lab was drawn; one that is counts', () => {
  const packet = (dport: number) => withoutChance(lab, { steps: [{ wire: [{ udp: { sport: 80, dport } }] }] });
  expect(packet(50001)).toEqual(packet(2222));
  expect(packet(4000)).not.toEqual(packet(2222));
});
