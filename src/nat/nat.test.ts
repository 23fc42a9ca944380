import { describe, expect, it } from 'vitest';
import { checksumOk, innerPacket, type LabPacket, latin1Text, payloadOf } from '../wire';
import { jhash2 } from './jhash';
import { NAT_RANGE, type NatPorts, type NatRange } from './range';
import { natForgetInterface } from './targets';
import { arrow, NatBed, type NatRule } from './test-bed';

const A = '10.0.0.2';
const B = '203.0.113.9';

function range(addr: string | readonly [string, string] | null, more: Partial<NatRange> = {}): NatRange {
  const [minAddr, maxAddr] = typeof addr === 'string' ? [addr, addr] : (addr ?? [null, null]);
  const map = addr === null ? 0 : NAT_RANGE.MAP_IPS;
  return { minAddr, maxAddr, minProto: 0, maxProto: 0, baseProto: 0, ...more, flags: (more.flags ?? 0) | map };
}
const { PROTO_SPECIFIED, PROTO_OFFSET, PROTO_RANDOM_FULLY, PERSISTENT } = NAT_RANGE;
const NONE: NatPorts = { flags: 0, minProto: 0, maxProto: 0 };
const portRange = (minProto: number, maxProto = minProto) => ({ flags: PROTO_SPECIFIED, minProto, maxProto });

const snat = (to: NatRange): NatRule => ({ hook: 'POSTROUTING', out: 'wan', target: { to, manip: 'src' } });
const dnat = (to: NatRange): NatRule => ({ hook: 'PREROUTING', in: 'wan', target: { to, manip: 'dst' } });
const masquerade = (ports = NONE): NatRule => ({ hook: 'POSTROUTING', target: { masquerade: ports }, in: 'lan' });

function udp(src: string, sport: number, dst: string, dport: number): LabPacket {
  return { src, dst, udp: { sport, dport, payload: 'x' } };
}

describe('source NAT', () => {
  it('maps a flow and its replies, and asks the chains once', () => {
    const bed = new NatBed(masquerade());
    const first = bed.pass('lan', udp(A, 5000, B, 53));
    expect(first.out).toBe('203.0.113.1:5000>203.0.113.9:53');
    expect(bed.events.map((event) => event.type)).toEqual(['conntrack', 'nat-setup', 'nat', 'conntrack']);
    expect(first.post.skipped).toBeUndefined();
    const reply = bed.pass('wan', udp(B, 53, '203.0.113.1', 5000));
    expect([reply.out, reply.pre.skipped]).toEqual([`${B}:53>${A}:5000`, 'flow-known']);
    expect(bed.events).toContainEqual(expect.objectContaining({ type: 'nat', manip: 'dst', undo: true, by: 'entry' }));
    const next = bed.pass('lan', udp(A, 5000, B, 53));
    expect([next.out, next.post.skipped]).toEqual(['203.0.113.1:5000>203.0.113.9:53', 'flow-known']);
    expect(checksumOk(next.skb.packet)).toBe(true);
  });

  it('gives two hosts that use the same port different ones', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    const other = bed.pass('lan', udp('10.0.0.3', 5000, B, 53));
    const port = Number(/:(\d+)>/.exec(other.out)?.[1]);
    expect(port).not.toBe(5000);
    expect(port).toBeGreaterThanOrEqual(1024);
    expect(bed.events).toContainEqual(expect.objectContaining({ type: 'nat-setup', portChosen: 'collision' }));
    expect(bed.pass('wan', udp(B, 53, '203.0.113.1', port)).out).toBe(`${B}:53>10.0.0.3:5000`);
  });

  it.each([
    [80, 1, 511],
    [600, 600, 1023],
    [5000, 1024, 65535],
  ])('keeps a low port low: %i', (sport, min, max) => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, sport, B, 53));
    const port = Number(/:(\d+)>/.exec(bed.pass('lan', udp('10.0.0.3', sport, B, 53)).out)?.[1]);
    expect([port >= min, port <= max, port === sport]).toEqual([true, true, false]);
  });

  it('drops what would need a port that is taken', () => {
    const bed = new NatBed(snat(range('203.0.113.1', portRange(3000))));
    expect(bed.pass('lan', udp(A, 5000, B, 53)).out).toBe('203.0.113.1:3000>203.0.113.9:53');
    expect(bed.pass('lan', udp(A, 5001, B, 53)).out).toBe('drop');
    expect(bed.pass('lan', udp(A, 5001, B, 54)).out).toBe('203.0.113.1:3000>203.0.113.9:54');
  });

  it('keeps the mapping that a source has', () => {
    const bed = new NatBed(snat(range(['203.0.113.50', '203.0.113.59'])));
    const [first] = bed.pass('lan', udp(A, 5000, B, 53)).out.split('>');
    const [second] = bed.pass('lan', udp(A, 5000, '203.0.113.77', 53)).out.split('>');
    expect(second).toBe(first);
  });

  it.each([
    ['10.0.0.2', '10.1.0.3', '10.1.0.51'],
    ['10.0.0.2', '10.1.0.9', '10.1.0.53'],
    ['10.0.0.3', '10.1.0.3', '10.1.0.55'],
    ['10.0.0.3', '10.1.0.8', '10.1.0.52'],
    ['10.0.0.3', '10.1.0.9', '10.1.0.58'],
  ])('chooses the address of a range as Linux 6.18 did: %s to %s', (src, dst, chosen) => {
    const bed = new NatBed(snat(range(['10.1.0.50', '10.1.0.59'])));
    expect(bed.pass('lan', udp(src, 5000, dst, 81)).out).toBe(`${chosen}:5000>${dst}:81`);
    expect(jhash2([], 0)).toBe(0xdeadbeef);
  });

  it('gives a source one address wherever it goes, with --persistent', () => {
    const bed = new NatBed(snat(range(['203.0.113.50', '203.0.113.69'], { flags: PERSISTENT })));
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) seen.add(bed.pass('lan', udp(A, 5000 + i, `203.0.113.${100 + i}`, 53)).skb.packet.src);
    expect(seen.size).toBe(1);
  });

  it('takes any port with --random-fully', () => {
    const bed = new NatBed(masquerade({ ...NONE, flags: PROTO_RANDOM_FULLY }));
    const seen = new Set<string>();
    for (let i = 0; i < 5; i++) seen.add(bed.pass('lan', udp(A, 5000, B, 53 + i)).out.split('>')[0]!);
    expect(seen.size).toBeGreaterThan(1);
  });

  it('changes the id of a ping', () => {
    const bed = new NatBed(masquerade());
    const ping = (src: string): LabPacket => ({ src, dst: B, icmp: { type: 8, id: 7, seq: 1 } });
    expect(bed.pass('lan', ping(A)).out).toBe('203.0.113.1:7>203.0.113.9:7');
    const other = bed.pass('lan', ping('10.0.0.3'));
    const id = other.skb.packet.icmp!.id;
    expect(id).not.toBe(7);
    const back = bed.pass('wan', { src: B, dst: '203.0.113.1', icmp: { type: 0, id, seq: 1 } });
    expect(back.out).toBe(`${B}:7>10.0.0.3:7`);
  });

  it('leaves INVALID packets alone', () => {
    const bed = new NatBed(masquerade());
    const passed = bed.pass('lan', { src: A, dst: B, tcp: { sport: 1, dport: 2, flags: 'SF' } });
    expect([passed.out, passed.pre.skipped]).toEqual([`${A}:1>${B}:2`, 'invalid']);
  });

  it('does not know the checksum of DCCP, as Linux since 6.17', () => {
    const bed = new NatBed(masquerade());
    const payload = '\u0013\u0088\u00005\u0005\0\0\0\0\0\0\u0001\0\0\0\0';
    const passed = bed.pass('lan', { src: A, dst: B, protocol: 33, payload });
    expect(passed.skb.packet.src).toBe('203.0.113.1');
    expect(latin1Text(payloadOf(passed.skb.packet))).toBe(payload);
  });

  it('works for IPv6', () => {
    const bed = new NatBed(masquerade());
    const passed = bed.pass('lan', udp('fd00::2', 5000, 'fd01::9', 53));
    expect(passed.out).toBe('[fd01::1]:5000>[fd01::9]:53');
    expect(checksumOk(passed.skb.packet)).toBe(true);
    expect(bed.pass('wan', udp('fd01::9', 53, 'fd01::1', 5000)).out).toBe('[fd01::9]:53>[fd00::2]:5000');
  });
});

describe('masquerade', () => {
  it('forgets its flows when the interface goes, or loses the address', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    expect(natForgetInterface(bed.ct, bed.port, 'wan', '203.0.113.77')).toBe(0);
    expect(natForgetInterface(bed.ct, bed.port, 'wan2')).toBe(0);
    expect(natForgetInterface(bed.ct, bed.port, 'wan')).toBe(1);
    expect(bed.ct.count).toBe(0);
  });

  it('drops a flow that leaves by another interface, and begins anew', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    bed.uplink = 'wan2';
    expect(bed.pass('lan', udp(A, 5000, B, 53)).out).toBe('drop');
    expect(bed.pass('lan', udp(A, 5000, B, 53)).out).toBe('198.51.100.1:5000>203.0.113.9:53');
  });
});

describe('destination NAT', () => {
  it('forwards a port', () => {
    const bed = new NatBed(dnat(range(A, portRange(8080))));
    expect(bed.pass('wan', udp(B, 4000, '203.0.113.1', 80)).out).toBe(`${B}:4000>${A}:8080`);
    expect(bed.pass('lan', udp(A, 8080, B, 4000)).out).toBe(`203.0.113.1:80>${B}:4000`);
  });

  it('shifts ports by their base', () => {
    const shift = { ...portRange(5000, 5009), baseProto: 80, flags: PROTO_SPECIFIED | PROTO_OFFSET };
    const bed = new NatBed(dnat(range(A, shift)));
    expect(bed.pass('wan', udp(B, 4000, '203.0.113.1', 83)).out).toBe(`${B}:4000>${A}:5003`);
    expect(bed.pass('wan', udp(B, 4000, '203.0.113.1', 92)).out).toBe(`${B}:4000>${A}:5002`);
  });

  it('redirects to the address of the interface, and maps networks', () => {
    const bed = new NatBed({ hook: 'PREROUTING', in: 'lan', target: { redirect: portRange(3128) } });
    expect(bed.pass('lan', udp(A, 4000, B, 80)).out).toBe(`${A}:4000>10.0.0.1:3128`);
    const net = new NatBed({ hook: 'PREROUTING', target: { netmap: ['10.9.0.0', '10.9.255.255'] } });
    expect(net.pass('wan', udp(B, 4000, '203.0.113.1', 80)).out).toBe(`${B}:4000>10.9.113.1:80`);
  });

  it.each([
    ['fd01::2', 'fd00::11'],
    ['fe80::77', 'fe80::5'],
    ['ff02::5', 'fe80::5'],
  ])('redirects IPv6 to the newest address of the scope: %s', (dst, to) => {
    const bed = new NatBed({ hook: 'PREROUTING', in: 'wan2', target: { redirect: NONE } });
    expect(bed.pass('wan2', udp('fd00::2', 4000, dst, 80)).out).toBe(`[fd00::2]:4000>[${to}]:80`);
  });

  it('and source NAT together make a hairpin', () => {
    const bed = new NatBed(
      { hook: 'PREROUTING', target: { to: range('10.0.0.5', portRange(80)), manip: 'dst' } },
      { hook: 'POSTROUTING', target: { to: range('10.0.0.1'), manip: 'src' } },
    );
    bed.uplink = 'lan';
    expect(bed.pass('lan', udp(A, 4000, '203.0.113.1', 8080)).out).toBe('10.0.0.1:4000>10.0.0.5:80');
    expect(bed.pass('lan', udp('10.0.0.5', 80, '10.0.0.1', 4000)).out).toBe(`203.0.113.1:8080>${A}:4000`);
  });
});

describe('ICMP errors', () => {
  it('are rewritten with the packet that they quote', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    const inner = udp('203.0.113.1', 5000, B, 53);
    const passed = bed.pass('wan', { src: '203.0.113.77', dst: '203.0.113.1', icmp: { type: 3, code: 1, inner } });
    expect(passed.state).toBe('RELATED');
    expect(passed.skb.packet.dst).toBe(A);
    expect(arrow(innerPacket(passed.skb.packet)!)).toBe(`${A}:5000>${B}:53`);
    expect(checksumOk(passed.skb.packet)).toBe(true);
    expect(bed.events).toContainEqual(expect.objectContaining({ type: 'nat', inner: true }));
  });

  it('from inside, about a reply, are rewritten the other way', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    bed.pass('wan', udp(B, 53, '203.0.113.1', 5000));
    const inner = udp(B, 53, A, 5000);
    const passed = bed.pass('lan', { src: A, dst: B, icmp: { type: 3, code: 3, inner } });
    expect([passed.skb.packet.src, passed.skb.packet.dst]).toEqual(['203.0.113.1', B]);
    expect(arrow(innerPacket(passed.skb.packet)!)).toBe(`${B}:53>203.0.113.1:5000`);
  });

  it('are dropped if their checksum is wrong, and redirects if the flow is mapped', () => {
    const bed = new NatBed(masquerade());
    bed.pass('lan', udp(A, 5000, B, 53));
    const inner = udp('203.0.113.1', 5000, B, 53);
    const redirect = { src: B, dst: '203.0.113.1', icmp: { type: 5, code: 1, gateway: '203.0.113.8', inner } };
    expect(bed.pass('wan', redirect).out).toBe('drop');
  });
});
