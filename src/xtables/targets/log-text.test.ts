import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LabPacket } from '../../wire';
import { TestBed, tableText } from '../test-bed';

/** What a kernel wrote: options of LOG, the packet as labs have it, the line without its prefix; tabs between them. */
const recorded = readFileSync(join(import.meta.dirname, 'log-lines.txt'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t') as [string, string, string]);
const mac = { src: '02:ff:ff:ff:ff:fe', dst: '02:00:00:00:01:01' };

function logged(options: string, packet: LabPacket, more: object = { mac }): string | undefined {
  const bed = new TestBed(tableText('filter', `INPUT -j LOG ${options}`), {
    family: packet.src.includes(':') ? 'ip6' : 'ip',
  });
  bed.pass(packet, { skb: more });
  return bed.events.find((event) => event.type === 'log')?.text;
}

it('has lines', () => expect(recorded.length).toBeGreaterThan(80));

it.each(recorded)('%s %s', (options, packet, line) => {
  expect(logged(options, JSON.parse(packet) as LabPacket)).toBe(line);
});

it('what came over lo has addresses of nothing but zeros; the mark is told at the end', () => {
  const packet = { src: '127.0.0.1', dst: '127.0.0.1', udp: { sport: 1, dport: 2 } };
  const line = logged('', packet, { mark: 31 });
  expect(line).toMatch(/^IN=eth0 OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127\.0\.0\.1 .* MARK=0x1f$/);
});

it('the user is that of a socket that a program has in hand', () => {
  const socket = { uid: 33, gid: 4, protocol: 6, mark: 0 };
  const tcp = (flags: string): LabPacket => ({ src: '10.0.0.1', dst: '10.0.0.2', tcp: { sport: 1, dport: 2, flags } });
  const uid = (flags: string, more: object): boolean =>
    logged('--log-uid', tcp(flags), { socket: { ...socket, ...more } })!.endsWith(' UID=33 GID=4');
  expect([uid('A', {}), uid('A', { orphan: true }), uid('SA', {})]).toEqual([true, false, false]);
});
