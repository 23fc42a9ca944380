import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter';
import recorded from './fixtures/recorded.json';
import { lines } from './index';
import { readOptions } from './options';
import type { Captured } from './types';

/** What the real tcpdump printed of a file with these packets. */
const packets: readonly Captured[] = recorded.packets.map((hex, i) => ({
  bytes: Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  timeUs: 1735689600_000000 + i * 1001,
  iface: 'eth0',
  ifindex: 2,
  direction: 'in',
  kind: 'host',
  srcMac: '02:00:00:00:02:01',
  dstMac: '02:00:00:00:01:01',
}));

const latin1 = (text: string): string => text;

describe('tcpdump', () => {
  it.each(recorded.runs.map(({ options, output }) => [options, output] as const))('prints with %s', (words, output) => {
    const read = readOptions(words.split(' '));
    if (!read.ok) throw new Error(read.stderr);
    const printed = lines(packets, read.options, { kind: 'always' }, 'EN10MB', () => null);
    expect(printed.text.split('\n')).toEqual(latin1(output).split('\n'));
  });

  it.each(recorded.filters.map((f) => [f.filter, f] as const))('filters: %s', (text, wanted) => {
    const parsed = parseFilter(text);
    if (!parsed.ok || wanted.packets === undefined) {
      expect(parsed.ok ? parsed.filter : parsed.error.message).toBe(wanted.error);
      return;
    }
    const read = readOptions(['-#', '-tt', '-nn']);
    if (!read.ok) throw new Error(read.stderr);
    const taken = packets.flatMap((p, i) =>
      lines([p], read.options, parsed.filter, 'EN10MB', () => null).count > 0 ? [i] : [],
    );
    expect(taken).toEqual(wanted.packets);
  });
});
