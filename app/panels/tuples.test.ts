import { expect, test } from 'vitest';
import type { ConnSnapshot } from '../../src/model';
import { anatomy, anatomyText } from './anatomy';
import { bitsText } from './bits';
import { flagsOf, flowLines, lineText, shareLeft, timeText } from './tuples';

const entry: ConnSnapshot = {
  id: 1,
  protocol: 'tcp',
  state: 'ESTABLISHED',
  original: { src: '198.51.100.7', dst: '203.0.113.1', sport: 40312, dport: 80 },
  reply: { src: '10.0.0.5', dst: '198.51.100.7', sport: 8080, dport: 40312 },
  status: ['ASSURED'],
  mark: 0,
  zone: 0,
  confirmed: true,
  srcNat: false,
  dstNat: true,
  seenReply: true,
  dying: false,
  timeLeft: 431_996e6,
  timeSpan: 432_000e6,
  family: 4,
};

test('the reply marks what NAT changed, and nothing else', () => {
  const { original, reply } = flowLines(entry);
  expect(lineText(original)).toBe('198.51.100.7:40312 → 203.0.113.1:80');
  expect(reply.from).toEqual({ address: '10.0.0.5', port: ':8080', changedAddress: true, changedPort: true });
  expect(reply.to).toMatchObject({ changedAddress: false, changedPort: false });
});

test('IPv6 and ICMP', () => {
  const six = flowLines({
    original: { src: '2001:db8::1', dst: '2001:db8::2', sport: 1, dport: 2 },
    reply: { src: '2001:db8::2', dst: '2001:db8::1', sport: 2, dport: 1 },
  });
  expect(lineText(six.original)).toBe('[2001:db8::1]:1 → [2001:db8::2]:2');
  const icmp = flowLines({
    original: { src: '10.0.0.2', dst: '9.9.9.9', type: 8, code: 0, id: 7 },
    reply: { src: '9.9.9.9', dst: '203.0.113.1', type: 0, code: 0, id: 7 },
  });
  expect(lineText(icmp.reply)).toBe('9.9.9.9 → 203.0.113.1 id 7');
  expect(icmp.reply.to.changedAddress).toBe(true);
});

test('the line of conntrack -L', () => {
  expect(anatomyText(entry)).toBe(
    'tcp      6 431996 ESTABLISHED src=198.51.100.7 dst=203.0.113.1 sport=40312 dport=80 src=10.0.0.5 dst=198.51.100.7 sport=8080 dport=40312 [ASSURED] mark=0 use=1',
  );
  const reply = anatomy(entry).find((t) => t.key === 'reply');
  expect(reply?.words.filter((w) => w.changed).map((w) => w.text)).toEqual(['src=10.0.0.5', 'sport=8080']);
});

test('flags and times', () => {
  expect(flagsOf(entry).map((f) => f.text)).toEqual(['ASSURED', 'DST_NAT']);
  expect(timeText(431_996e6)).toBe('5 d');
  expect(timeText(41.2e6)).toBe('42 s');
  expect(shareLeft(entry)).toBeCloseTo(1, 4);
  // The state's time as this host has it, not as kernels usually do.
  expect(shareLeft({ timeLeft: 60e6, timeSpan: 120e6 })).toBeCloseTo(0.5);
  expect(shareLeft({ timeLeft: 60e6, timeSpan: 80e6 })).toBeCloseTo(0.75);
});

test('each word of the line has more to say, and of what NAT changed what it would be', () => {
  const words = anatomy({ ...entry, mark: 0x13 }).flatMap((t) => t.words);
  expect(words.every((w) => w.more.length > 12)).toBe(true);
  expect(words.find((w) => w.text === 'sport=8080')?.more).toContain('Without NAT it would be 80');
  expect(words.find((w) => w.text === 'mark=19')?.more).toContain('0x13, bits 0–1, 4');
  expect(words.find((w) => w.text === '431996')?.more).toContain('of 432000 seconds');
});

test('bits of a mark', () => {
  expect(bitsText(0)).toBe('');
  expect(bitsText(4)).toBe('bit 2');
  expect(bitsText(0xffffffff)).toBe('bits 0–31');
  expect(bitsText(0x80000001)).toBe('bits 0, 31');
});
