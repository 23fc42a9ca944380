import { addrFromBytes, IPPROTO, maskAddr, maskLength, type Packet } from '../../wire';
import { type HostMask, hostMask } from '../read/host-kinds';
import { uint } from '../read/kinds';
import { criterion, defineMatch, not, option, type Use } from '../record';
import type { Criterion } from '../types';

/** A test of one field of the header. */
interface FieldTest {
  readonly field: 'next-hdr' | 'hdr-len' | 'segs-left' | 'last-entry' | 'tag';
  readonly op: '' | 'eq' | 'gt' | 'lt';
  readonly value: number;
  readonly negated: boolean;
}

/** A test of one address of the segment list: the one before, the next, the last. */
interface SegmentTest extends HostMask {
  readonly which: 'psid' | 'nsid' | 'lsid';
  readonly negated: boolean;
}

interface SrhConfig {
  readonly fields: readonly FieldTest[];
  readonly segments: readonly SegmentTest[];
}

const FIELDS: readonly (readonly [FieldTest['field'], FieldTest['op']])[] = [
  ['next-hdr', ''],
  ['hdr-len', 'eq'],
  ['hdr-len', 'gt'],
  ['hdr-len', 'lt'],
  ['segs-left', 'eq'],
  ['segs-left', 'gt'],
  ['segs-left', 'lt'],
  ['last-entry', 'eq'],
  ['last-entry', 'gt'],
  ['last-entry', 'lt'],
  ['tag', ''],
];

const SEGMENTS = ['psid', 'nsid', 'lsid'] as const;

const NEGATABLE = { negatable: true } as const;

function fieldName({ field, op }: Pick<FieldTest, 'field' | 'op'>): string {
  return op === '' ? field : `${field}-${op}`;
}

export const srh = defineMatch({
  name: 'srh',
  title: 'Segment routing header',
  help: 'Fields of an IPv6 segment routing header.',
  families: ['ip6'],
  options: {
    'srh-next-hdr': option(uint(8), 'Protocol that follows', NEGATABLE),
    'srh-hdr-len-eq': option(uint(8), 'Length field is this', NEGATABLE),
    'srh-hdr-len-gt': option(uint(8), 'Length field is over this', NEGATABLE),
    'srh-hdr-len-lt': option(uint(8), 'Length field is under this', NEGATABLE),
    'srh-segs-left-eq': option(uint(8), 'So many segments are left', NEGATABLE),
    'srh-segs-left-gt': option(uint(8), 'More segments are left', NEGATABLE),
    'srh-segs-left-lt': option(uint(8), 'Fewer segments are left', NEGATABLE),
    'srh-last-entry-eq': option(uint(8), 'Index of the last segment is this', NEGATABLE),
    'srh-last-entry-gt': option(uint(8), 'Index of the last segment is over this', NEGATABLE),
    'srh-last-entry-lt': option(uint(8), 'Index of the last segment is under this', NEGATABLE),
    'srh-tag': option(uint(16), 'Tag', NEGATABLE),
    'srh-psid': option(hostMask, 'Segment before this one', NEGATABLE),
    'srh-nsid': option(hostMask, 'Next segment', NEGATABLE),
    'srh-lsid': option(hostMask, 'Last segment', NEGATABLE),
  },
  parse: (uses): SrhConfig => {
    const used = uses as Readonly<Record<string, Use<unknown> | undefined>>;
    const latest = new Map<FieldTest['field'], Use<unknown>>();
    for (const [field, op] of FIELDS) {
      const use = used[`srh-${fieldName({ field, op })}`];
      if (use !== undefined && use.order >= (latest.get(field)?.order ?? 0)) latest.set(field, use);
    }
    const fields: FieldTest[] = [];
    for (const [field, op] of FIELDS) {
      const use = used[`srh-${fieldName({ field, op })}`];
      // All tests of a field share one number: that of the last.
      if (use !== undefined)
        fields.push({ field, op, value: latest.get(field)!.value as number, negated: use.negated });
    }
    const segments: SegmentTest[] = [];
    for (const which of SEGMENTS) {
      const use = uses[`srh-${which}`];
      if (use === undefined) continue;
      segments.push({ which, ...use.value, negated: use.negated });
    }
    return { fields, segments };
  },
  print: (c) => [...c.fields.map(fieldText), ...c.segments.map(segmentText)].join(''),
  list: (c) => {
    const fields = c.fields.map((test) => ` ${fieldName(test)}:${test.negated ? '!' : ''}${test.value}`);
    const segments = c.segments.map(
      ({ which, addr, mask, negated }) => ` ${which} ${negated ? '!' : ''} ${addr}/${maskLength(mask)}`,
    );
    return ` srh${fields.join('')}${segments.join('')}`;
  },
  // Kernel: srh1_mt6(), net/ipv6/netfilter/ip6t_srh.c
  match: (c, { skb }) => {
    const header = headerOf(skb.packet);
    if (header === null) return false;
    if (!c.fields.every((test) => fieldHolds(test, header))) return false;
    return c.segments.every((test) => segmentHolds(test, header, skb.packet));
  },
  explain: (c, { skb }, matched): Criterion[] => {
    const header = headerOf(skb.packet);
    if (header === null) return [criterion('-m srh', matched, 'there is no segment routing header')];
    return [
      ...c.fields.map((test) =>
        criterion(fieldText(test).trim(), fieldHolds(test, header), `it is ${header[test.field]}`),
      ),
      ...c.segments.map((test) => {
        const segment = segmentOf(test, header, skb.packet);
        const because = segment === null ? 'there is none' : `it is ${segment}`;
        return criterion(segmentText(test).trim(), segmentHolds(test, header, skb.packet), because);
      }),
    ];
  },
});

function fieldText(test: FieldTest): string {
  return `${not(test.negated)} --srh-${fieldName(test)} ${test.value}`;
}

function segmentText({ which, addr, mask, negated }: SegmentTest): string {
  return `${not(negated)} --srh-${which} ${addr}/${maskLength(mask)}`;
}

type Header = Readonly<Record<FieldTest['field'], number>> & { readonly offset: number };

function headerOf({ extensions, bytes }: Packet): Header | null {
  const found = extensions.find(({ protocol }) => protocol === IPPROTO.routing);
  if (found === undefined || bytes[found.offset + 2] !== 4) return null;
  const at = found.offset;
  const [left, last] = [bytes[at + 3]!, bytes[at + 4]!];
  if (left > last) return null;
  return {
    offset: at,
    'next-hdr': bytes[at]!,
    'hdr-len': bytes[at + 1]!,
    'segs-left': left,
    'last-entry': last,
    // Compared with what the tool wrote in the machine's own byte order.
    tag: bytes[at + 6]! + bytes[at + 7]! * 256,
  };
}

function fieldHolds({ field, op, value, negated }: FieldTest, header: Header): boolean {
  const number = header[field];
  return (op === 'gt' ? number > value : op === 'lt' ? number < value : number === value) !== negated;
}

function segmentOf({ which }: SegmentTest, header: Header, { bytes }: Packet): string | null {
  const left = header['segs-left'];
  if (which === 'psid' && left === header['last-entry']) return null;
  if (which === 'nsid' && left === 0) return null;
  const index = which === 'psid' ? left + 1 : which === 'nsid' ? left - 1 : 0;
  const at = header.offset + 8 + index * 16;
  return at + 16 > bytes.length ? null : addrFromBytes(bytes, at, 6);
}

function segmentHolds(test: SegmentTest, header: Header, packet: Packet): boolean {
  const segment = segmentOf(test, header, packet);
  return segment !== null && sameUnder(segment, test) !== test.negated;
}

function sameUnder(segment: string, { addr, mask }: HostMask): boolean {
  const length = maskLength(mask)!;
  return maskAddr(segment, length) === maskAddr(addr, length);
}
