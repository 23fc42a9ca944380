import { describe, expect, test } from 'vitest';
import { Rng } from '../base';
import type { LabPacket, Packet } from './index';
import * as wire from './index';
import { plain, randomAddr, randomBytes, randomLab } from './test-packets';

/** Every edit that keeps the length, at random. */
function randomEdit(rng: Rng): (packet: Packet) => Packet {
  const n = rng.below(65536);
  const side = rng.below(2) === 0 ? 'src' : 'dst';
  const [a4, a6] = [randomAddr(rng, 4), randomAddr(rng, 6)];
  const edits: readonly ((packet: Packet) => Packet)[] = [
    (p) => wire.withTtl(p, n & 255),
    (p) => wire.withTos(p, n & 255),
    (p) => wire.withDf(p, n % 2 === 0),
    (p) => wire.withId(p, n),
    (p) => wire.withAddr(p, side, p.family === 4 ? a4 : a6),
    (p) => wire.withPort(p, side, n),
    (p) => (wire.isErrorMessage(p) ? p : wire.withIcmpId(p, n)),
    (p) => wire.withTcpMss(p, n),
    (p) => wire.withTcp(p, { seq: n * 65537, ack: n, flags: n & 255, window: n, urgent: n }),
    (p) => wire.withTransportBytes(p, p.payloadOffset, Uint8Array.of(n & 255)),
    (p) => wire.stripTcpOption(p, new Set([n % 5])) ?? p,
  ];
  return edits[rng.below(edits.length)]!;
}

/** A packet must say the same as its bytes read anew. */
function expectConsistent(packet: Packet): void {
  expect(plain(wire.parsePacket(packet.bytes.slice()))).toEqual(plain(packet));
  expect(Object.isFrozen(packet)).toBe(true);
}

describe.each([4, 6] as const)('edits of IPv%d', (family) => {
  test('right checksums stay right, wrong ones wrong, and packets are never changed', () => {
    const rng = new Rng(10 + family);
    for (let i = 0; i < 400; i++) {
      const lab = randomLab(rng, family);
      let good = wire.buildPacket(lab);
      let bad = wire.buildPacket({ ...lab, badChecksum: true });
      for (let k = 0; k < 8; k++) {
        const edit = randomEdit(rng);
        const [before, bytes] = [good, good.bytes.slice()];
        good = edit(good);
        bad = edit(bad);
        expect(before.bytes.join()).toBe(bytes.join());
        expectConsistent(good);
        expect(wire.checksumOk(good)).toBe(true);
        if (lab.protocol === undefined) expect(wire.checksumOk(bad)).toBe(false);
      }
    }
  });

  test('NAT there and back gives the bytes of before', () => {
    const rng = new Rng(20 + family);
    for (let i = 0; i < 300; i++) {
      const packet = wire.buildPacket({ ...randomLab(rng, family, ['tcp', 'udp', 'icmp']), badChecksum: i % 3 === 0 });
      const there = wire.withPort(wire.withAddr(packet, 'dst', randomAddr(rng, family)), 'dst', 8080);
      const old = wire.ports(packet)?.dport ?? 0;
      const back = wire.withAddr(wire.withPort(there, 'dst', old), 'dst', packet.dst);
      expect(plain(back)).toEqual(plain(packet));
    }
  });
});

test('the values arrive', () => {
  const p = wire.makeTcp({
    src: '10.0.0.2',
    dst: '10.0.0.1',
    sport: 1,
    dport: 2,
    flags: wire.TCP_SYN,
    options: { mss: 1460 },
  });
  expect(wire.withTtl(p, 3).ttl).toBe(3);
  expect(wire.withTos(p, 0xb8).tos).toBe(0xb8);
  expect(wire.withDf(p, false).df).toBe(false);
  expect(wire.withAddr(p, 'src', '1.2.3.4')).toMatchObject({ src: '1.2.3.4', dst: '10.0.0.1' });
  expect(wire.withPort(p, 'dst', 80).tcp).toMatchObject({ sport: 1, dport: 80 });
  expect(wire.withTcp(p, { flags: 0xc2, seq: 0xffffffff }).tcp).toMatchObject({ flags: 0xc2, seq: 0xffffffff });
  expect(wire.withTcpMss(p, 900).tcp?.mss).toBe(900);
  const echo = wire.makeIcmp({ src: 'fd00::1', dst: 'fd00::2', type: 128, id: 5, seq: 6 });
  expect(wire.withIcmpId(echo, 7).icmpv6).toEqual({ type: 128, code: 0, id: 7, seq: 6 });
  expect(wire.withTos(echo, 0xff)).toMatchObject({ tos: 255, src: 'fd00::1' });
  expect(() => wire.withAddr(echo, 'src', '10.0.0.1')).toThrow();
  expect(wire.checksumOk(wire.withHeaderAddr(p, 'src', '10.9.9.9'))).toBe(false);
});

describe('UDP checksums', () => {
  const udp = wire.makeUdp({
    src: '10.0.0.2',
    dst: '10.0.0.1',
    sport: 1000,
    dport: 53,
    payload: wire.latin1Bytes('query'),
  });
  const without = (() => {
    const bytes = udp.bytes.slice();
    wire.putU16(bytes, 26, 0);
    return wire.parsePacket(bytes);
  })();

  test('none stays none', () => {
    expect(wire.checksumOk(without)).toBe(true);
    let packet = wire.withPort(wire.withAddr(without, 'src', '192.0.2.1'), 'src', 7);
    expect(wire.u16(packet.bytes, 26)).toBe(0);
    packet = wire.withUdpPayload(packet, wire.latin1Bytes('other'));
    expect(wire.u16(packet.bytes, 26)).toBe(0);
    expect(packet.udp?.length).toBe(13);
  });

  test('a sum of 0 is written as 0xffff', () => {
    const payload = wire.latin1Bytes('query');
    let seen = 0;
    for (let port = 0; port < 65536; port++) {
      const packet = wire.withPort(udp, 'src', port);
      const sum = wire.u16(packet.bytes, 26);
      if (sum !== 0 && sum !== 0xffff) continue;
      seen++;
      expect(sum).toBe(0xffff);
      expect(wire.checksumOk(packet)).toBe(true);
      expect(wire.makeUdp({ src: udp.src, dst: udp.dst, sport: port, dport: 53, payload }).bytes).toEqual(packet.bytes);
    }
    expect(seen).toBeGreaterThan(0);
  });
});

test('payloads are replaced with lengths and checksums right', () => {
  for (const [src, dst] of [
    ['10.0.0.2', '10.0.0.1'],
    ['fd00::2', 'fd00::1'],
  ] as const) {
    const tcp = wire.makeTcp({ src, dst, sport: 1, dport: 21, flags: 24, payload: wire.latin1Bytes('PORT 1') });
    const udp = wire.makeUdp({ src, dst, sport: 1, dport: 53, payload: wire.latin1Bytes('abc') });
    for (const text of ['', 'x', 'PORT 10,0,0,2,1,2\r\n']) {
      for (const packet of [
        wire.withTcpPayload(tcp, wire.latin1Bytes(text)),
        wire.withUdpPayload(udp, wire.latin1Bytes(text)),
      ]) {
        expect(wire.latin1Text(wire.payloadOf(packet))).toBe(text);
        expect(wire.checksumOk(packet)).toBe(true);
        expectConsistent(packet);
      }
    }
  }
});

describe('packets that ICMP errors quote', () => {
  const tcp = wire.makeTcp({
    src: '10.0.0.2',
    dst: '203.0.113.1',
    sport: 4000,
    dport: 80,
    flags: 2,
    options: { mss: 1460 },
  });

  test.each([28, 36, 40, 44])('%d bytes of it are read and translated', (length) => {
    const error = wire.makeIcmpError({
      src: '192.0.2.1',
      dst: '10.0.0.2',
      type: 3,
      code: 1,
      quoted: tcp.bytes.slice(0, length),
    });
    const inner = wire.innerPacket(error)!;
    expect(inner).toMatchObject({ src: '10.0.0.2', dst: '203.0.113.1', headerError: null });
    expect(inner.tcp === undefined).toBe(length < 40);
    expect(wire.ports(inner)).toMatchObject({ sport: 4000, dport: 80 });
    const changed = wire.withInner(error, wire.withPort(wire.withAddr(inner, 'src', '203.0.113.9'), 'src', 5000));
    expect(wire.checksumOk(changed)).toBe(true);
    expectConsistent(changed);
    const again = wire.innerPacket(changed)!;
    expect(again.src).toBe('203.0.113.9');
    expect(wire.ports(again)).toMatchObject({ sport: 5000, dport: 80 });
    expect(again.bytes.length).toBe(length);
    if (length === 44) {
      expect(wire.checksumOk(wire.parsePacket(again.bytes.slice()))).toBe(true);
    }
  });

  test('what stands behind the quoted packet stays', () => {
    const udp = wire.makeUdp({ src: 'fd00::2', dst: 'fd00::1', sport: 1, dport: 2 });
    const quoted = wire.concat(udp.bytes, wire.latin1Bytes('tail'));
    const error = wire.makeIcmpError({ src: 'fd00::1', dst: 'fd00::2', type: 1, code: 4, quoted });
    const changed = wire.withInner(error, wire.withAddr(wire.innerPacket(error)!, 'dst', 'fd00::9'));
    expect(wire.latin1Text(changed.bytes, changed.bytes.length - 4)).toBe('tail');
    expect(wire.checksumOk(changed)).toBe(true);
  });

  test('no error, no inner packet', () => {
    expect(wire.innerPacket(tcp)).toBeNull();
    const short = wire.makeIcmpError({
      src: '10.0.0.1',
      dst: '10.0.0.2',
      type: 3,
      code: 1,
      quoted: tcp.bytes.slice(0, 19),
    });
    expect(wire.innerPacket(short)).toBeNull();
    expect(wire.withInner(short, tcp)).toBe(short);
  });
});

describe('TCP options', () => {
  const make = (ip: { src: string; dst: string }, more: Partial<wire.MakeTcp> = {}) =>
    wire.makeTcp({ ...ip, sport: 1, dport: 2, flags: wire.TCP_SYN, ...more });
  const v4 = { src: '10.0.0.2', dst: '10.0.0.1' };
  const v6 = { src: 'fd00::2', dst: 'fd00::1' };

  test('TCPMSS lowers, never raises', () => {
    const syn = make(v4, { options: { sackPermitted: true, mss: 1460, wscale: 7 } });
    const lower = wire.tcpmssManglePacket(syn, 1400)!;
    expect(lower.tcp).toMatchObject({ mss: 1400, wscale: 7, sackPermitted: true });
    expect(wire.checksumOk(lower)).toBe(true);
    expect(wire.tcpmssManglePacket(syn, 1460)).toBe(syn);
    expect(wire.tcpmssManglePacket(syn, 9000)).toBe(syn);
  });

  test.each([
    [v4, 1400, 536],
    [v4, 500, 500],
    [v6, 1400, 1220],
    [v6, 600, 600],
  ] as const)('TCPMSS adds what is missing', (ip, mss, got) => {
    const syn = make(ip, { options: { wscale: 7 } });
    const added = wire.tcpmssManglePacket(syn, mss)!;
    expect(added.tcp).toMatchObject({ mss: got, wscale: 7, options: [2, 3] });
    expect(added.bytes.length).toBe(syn.bytes.length + 4);
    expect(wire.checksumOk(added)).toBe(true);
    expectConsistent(added);
  });

  test('TCPMSS adds nothing to data, and to a header that is full', () => {
    const data = make(v4, { payload: Uint8Array.of(1) });
    expect(wire.tcpmssManglePacket(data, 500)).toBe(data);
    const full = make(v4, { optionBytes: new Uint8Array(40).fill(1) });
    expect(wire.tcpmssManglePacket(full, 500)).toBe(full);
  });

  test('a wrong checksum stays wrong when an option is added', () => {
    const lab: LabPacket = { ...v4, tcp: { sport: 1, dport: 2, flags: 'S' }, badChecksum: true };
    expect(wire.checksumOk(wire.tcpmssManglePacket(wire.buildPacket(lab), 1000)!)).toBe(false);
  });

  test('a header whose length makes no sense means a drop', () => {
    const syn = make(v4);
    const bytes = syn.bytes.slice();
    bytes[32] = 0x40;
    const short = wire.parsePacket(bytes);
    expect(short.tcp).toMatchObject({ headerLength: 16, options: [] });
    expect(wire.tcpmssManglePacket(short, 500)).toBeNull();
    expect(wire.stripTcpOption(short, new Set([2]))).toBeNull();
  });

  test('TCPOPTSTRIP puts NOPs', () => {
    const syn = make(v4, { options: { mss: 1460, sackPermitted: true, wscale: 7, timestamps: { value: 1, echo: 2 } } });
    const stripped = wire.stripTcpOption(syn, new Set([wire.TCPOPT.sackPermitted, wire.TCPOPT.timestamp]))!;
    expect(stripped.tcp).toMatchObject({ mss: 1460, wscale: 7, sackPermitted: false, options: [2, 3] });
    expect(stripped.bytes.length).toBe(syn.bytes.length);
    expect(wire.checksumOk(stripped)).toBe(true);
    expect(wire.stripTcpOption(syn, new Set([99]))).toBe(syn);
  });

  test('malformed options end the list', () => {
    for (const bad of [
      [2, 0, 0, 0],
      [2, 40, 0, 0],
      [1, 1, 1, 2],
    ]) {
      expect(make(v4, { optionBytes: Uint8Array.from(bad) }).tcp?.options).toEqual([]);
    }
    expect(make(v4, { optionBytes: Uint8Array.of(0, 2, 0, 0) }).tcp).toMatchObject({ options: [] });
  });
});

describe('other transports', () => {
  const ip = { src: '10.0.0.2', dst: '10.0.0.1' };
  const sctp = wire.makeIp({
    ...ip,
    protocol: wire.IPPROTO.sctp,
    payload: Uint8Array.of(0x13, 0x88, 0, 80, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0, 0, 5, 7, 0, 0, 0, 14, 1, 0, 4),
  });

  test('SCTP', () => {
    expect(wire.sctpHeader(sctp)).toEqual({ sport: 5000, dport: 80, vtag: 9 });
    expect(wire.sctpChunks(sctp)).toEqual({
      chunks: [
        { type: 1, flags: 0, offset: 32, length: 5 },
        { type: 14, flags: 1, offset: 40, length: 4 },
      ],
      error: null,
    });
    const cut = (n: number) => wire.sctpChunks(wire.makeIp({ ...ip, protocol: 132, payload: sctp.bytes.slice(20, n) }));
    expect(cut(42)).toMatchObject({ chunks: [{ type: 1 }], error: 'short' });
    expect(cut(32)).toEqual({ chunks: [], error: null });
    const zero = sctp.bytes.slice(20);
    zero[15] = 0;
    expect(wire.sctpChunks(wire.makeIp({ ...ip, protocol: 132, payload: zero }))).toEqual({
      chunks: [],
      error: 'zero',
    });
    expect(wire.checksumOk(sctp)).toBe(false);
    const mapped = wire.withPort(sctp, 'dst', 8080);
    expect(wire.ports(mapped)).toEqual({ sport: 5000, dport: 8080 });
    expect(wire.checksumOk(mapped)).toBe(true);
  });

  test('UDPLite covers as much as it says', () => {
    const payload = Uint8Array.of(0, 1, 0, 2, 0, 8, 0, 0, 9, 9, 9, 9);
    const packet = wire.makeIp({ ...ip, protocol: wire.IPPROTO.udplite, payload });
    const sum = wire.internetChecksum(packet.bytes, 20, 28, wire.pseudoHeaderSum(packet.bytes, 136, 12));
    const bytes = packet.bytes.slice();
    wire.putU16(bytes, 26, sum);
    const right = wire.parsePacket(bytes);
    expect([wire.checksumOk(packet), wire.checksumOk(right)]).toEqual([false, true]);
    expect(wire.checksumOk(wire.withAddr(right, 'dst', '192.0.2.7'))).toBe(true);
    expect(wire.ports(right)).toEqual({ sport: 1, dport: 2 });
  });

  test('GRE', () => {
    const gre = (...payload: number[]) =>
      wire.makeIp({ ...ip, protocol: wire.IPPROTO.gre, payload: Uint8Array.from(payload) });
    expect(wire.greHeader(gre(0x20, 0, 8, 0, 0, 0, 1, 2))).toMatchObject({
      version: 0,
      protocol: 0x800,
      key: 258,
      callId: null,
      length: 8,
    });
    const pptp = gre(0x30, 1, 0x88, 0x0b, 0, 0, 0, 77, 0, 0, 0, 1);
    expect(wire.greHeader(pptp)).toMatchObject({ version: 1, protocol: 0x880b, key: null, callId: 77 });
    expect(wire.greHeader(wire.withGreCallId(pptp, 5))?.callId).toBe(5);
    expect(wire.greHeader(gre(0, 0))).toBeNull();
    expect(wire.ports(pptp)).toBeNull();
  });

  test('DCCP', () => {
    const payload = Uint8Array.of(0, 1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const packet = wire.makeIp({ ...ip, protocol: wire.IPPROTO.dccp, payload });
    expect(wire.dccpHeader(packet)).toEqual({ sport: 1, dport: 2, headerLength: 16, type: 0, coverage: 0 });
  });

  test('IPv6 extension headers', () => {
    const tcp = wire.makeTcp({ src: 'fd00::2', dst: 'fd00::1', sport: 1, dport: 2, flags: 2 }).bytes.slice(40);
    const hop = Uint8Array.of(60, 0, 1, 4, 0, 0, 0, 0);
    const dst = Uint8Array.of(51, 0, 1, 4, 0, 0, 0, 0);
    const ah = Uint8Array.of(6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1);
    const packet = wire.makeIp({
      src: 'fd00::2',
      dst: 'fd00::1',
      protocol: 0,
      payload: wire.concat(hop, dst, ah, tcp),
    });
    expect(packet).toMatchObject({ protocol: 6, l4Offset: 68, tcp: { sport: 1, dport: 2 } });
    expect(packet.extensions).toEqual([
      { protocol: 0, offset: 40, length: 8 },
      { protocol: 60, offset: 48, length: 8 },
      { protocol: 51, offset: 56, length: 12 },
    ]);
    expect(wire.checksumOk(packet)).toBe(true);
    const cutShort = wire.makeIp({
      src: 'fd00::2',
      dst: 'fd00::1',
      protocol: 60,
      payload: Uint8Array.of(6, 9, 0, 0, 0, 0, 0, 0),
    });
    expect(cutShort).toMatchObject({ protocol: 60, l4Offset: 40, extensions: [] });
    expect(wire.isExtensionHeader(cutShort.protocol)).toBe(true);
  });

  test('IPv4 options', () => {
    const udp = wire.makeUdp({ ...ip, sport: 1, dport: 2, payload: randomBytes(new Rng(1), 8) });
    const bytes = wire.concat(
      udp.bytes.subarray(0, 20),
      Uint8Array.of(148, 4, 0, 0, 1, 7, 3, 4),
      udp.bytes.subarray(20),
    );
    bytes[0] = 0x47;
    wire.putU16(bytes, 2, bytes.length);
    wire.putU16(bytes, 10, wire.ipv4HeaderChecksum(bytes, 28));
    const packet = wire.parsePacket(bytes);
    expect(packet).toMatchObject({ headerError: null, ipOptionsLength: 8, l4Offset: 28, udp: { sport: 1 } });
    expect(wire.checksumOk(wire.withPort(wire.withAddr(packet, 'src', '1.2.3.4'), 'dst', 9))).toBe(true);
    const pieces = wire.fragmentPacket(packet, 36);
    // Router Alert is copied into every piece, Record Route stands in the first alone, no-operations in the others (RFC 791 p. 15).
    const options = pieces.map(({ bytes: piece, l4Offset }) => [...piece.slice(20, l4Offset)]);
    expect(options).toEqual([
      [148, 4, 0, 0, 1, 7, 3, 4],
      [148, 4, 0, 0, 1, 1, 1, 1],
    ]);
    expect(wire.reassemble(pieces)?.bytes).toEqual(wire.withDf(packet, false).bytes);
  });
});
