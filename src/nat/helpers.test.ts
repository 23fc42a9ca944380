import { describe, expect, it } from 'vitest';
import { ctExpectations } from '../conntrack';
import { checksumOk, type LabPacket, latin1Text, payloadOf } from '../wire';
import { NatBed, type NatRule, type Passed } from './test-bed';

const CLIENT = '10.0.0.2';
const SERVER = '203.0.113.9';
const masquerade: NatRule = {
  hook: 'POSTROUTING',
  in: 'lan',
  target: { masquerade: { flags: 0, minProto: 0, maxProto: 0 } },
};

/** A control connection that is open, with one line said in each direction. */
class Ftp {
  readonly bed: NatBed;
  private readonly public: string;
  private cseq = 1000;
  private sseq = 9000;

  constructor(...rules: NatRule[]) {
    this.bed = new NatBed(...rules);
    this.public = rules.length > 0 ? '203.0.113.1' : CLIENT;
    this.bed.template = { helper: 'ftp' };
    this.client('', 'S');
    this.server('', 'SA');
    this.client('', 'A');
    this.server('220 ready\r\n');
    this.client('USER x\r\n');
  }

  client(payload: string, flags = 'PA'): Passed {
    const tcp = { sport: 4000, dport: 21, flags, seq: this.cseq, ack: flags === 'S' ? 0 : this.sseq, payload };
    this.cseq += payload.length + (flags.includes('S') ? 1 : 0);
    return this.bed.pass('lan', { src: CLIENT, dst: SERVER, tcp });
  }

  server(payload: string, flags = 'PA', extra = 0): Passed {
    const tcp = { sport: 21, dport: 4000, flags, seq: this.sseq, ack: this.cseq + extra, payload };
    this.sseq += payload.length + (flags.includes('S') ? 1 : 0);
    return this.bed.pass('wan', { src: SERVER, dst: this.public, tcp });
  }
}

function syn(src: string, sport: number, dst: string, dport: number): LabPacket {
  return { src, dst, tcp: { sport, dport, flags: 'S', seq: 1 } };
}

const said = (passed: Passed) => latin1Text(payloadOf(passed.skb.packet));

describe('the FTP helper', () => {
  it('expects the data connection of PORT', () => {
    const ftp = new Ftp();
    ftp.client('PORT 10,0,0,2,19,137\r\n');
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(1);
    ftp.bed.template = null;
    const data = ftp.bed.pass('wan', syn(SERVER, 20, CLIENT, 5001));
    expect([data.state, data.skb.ct?.master?.original.dport]).toEqual(['RELATED', 21]);
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(0);
    expect(ftp.bed.pass('wan', syn(SERVER, 20, CLIENT, 5002)).state).toBe('NEW');
  });

  it.each([
    ['227 Entering Passive Mode (203,0,113,9,78,32)\r\n', 20000],
    ['229 Entering Extended Passive Mode (|||20001|)\r\n', 20001],
  ])('expects the data connection of %s', (line, port) => {
    const ftp = new Ftp();
    ftp.server(line);
    ftp.bed.template = null;
    expect(ftp.bed.pass('lan', syn(CLIENT, 4001, SERVER, port)).state).toBe('RELATED');
  });

  it('does not believe an address that is not the speaker’s, and drops what is cut short', () => {
    const ftp = new Ftp();
    ftp.client('PORT 10,0,0,99,19,137\r\n');
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(0);
    expect(ftp.client('PORT 10,0,0').out).toBe('drop');
  });

  it('does not read the first line of a direction', () => {
    const ftp = new Ftp();
    const other = new NatBed();
    other.template = { helper: 'ftp' };
    other.pass('lan', { src: CLIENT, dst: SERVER, tcp: { sport: 1, dport: 21, flags: 'S', seq: 1 } });
    other.pass('wan', { src: SERVER, dst: CLIENT, tcp: { sport: 21, dport: 1, flags: 'SA', seq: 1, ack: 2 } });
    other.pass('lan', {
      src: CLIENT,
      dst: SERVER,
      tcp: { sport: 1, dport: 21, flags: 'PA', seq: 2, ack: 2, payload: 'PORT 10,0,0,2,19,137\r\n' },
    });
    expect(ctExpectations(other.ct, other.port)).toHaveLength(0);
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(0);
  });

  it('rewrites PORT behind NAT, shifts what follows, and maps the data connection', () => {
    const ftp = new Ftp(masquerade);
    const port = ftp.client('PORT 10,0,0,2,19,137\r\n');
    expect(said(port)).toBe('PORT 203,0,113,1,19,137\r\n');
    expect(checksumOk(port.skb.packet)).toBe(true);
    const grown = 'PORT 203,0,113,1,19,137'.length - 'PORT 10,0,0,2,19,137'.length;
    const answer = ftp.server('200 ok\r\n', 'PA', grown);
    expect(answer.skb.packet.tcp?.ack).toBe(1001 + 'USER x\r\n'.length + 'PORT 10,0,0,2,19,137\r\n'.length);
    const next = ftp.client('LIST\r\n');
    expect(next.skb.packet.tcp?.seq).toBe(1001 + 'USER x\r\n'.length + 'PORT 10,0,0,2,19,137\r\n'.length + grown);
    expect(checksumOk(next.skb.packet)).toBe(true);
    ftp.bed.template = null;
    const data = ftp.bed.pass('wan', syn(SERVER, 20, '203.0.113.1', 5001));
    expect([data.state, data.out]).toEqual(['RELATED', `${SERVER}:20>${CLIENT}:5001`]);
    const reply: LabPacket = { src: CLIENT, dst: SERVER, tcp: { sport: 5001, dport: 20, flags: 'SA', seq: 5, ack: 2 } };
    expect(ftp.bed.pass('lan', reply).out).toBe(`203.0.113.1:5001>${SERVER}:20`);
  });

  it('lets an expectation wait five minutes', () => {
    const ftp = new Ftp();
    ftp.client('EPRT |1|10.0.0.2|5001|\r\n');
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(1);
    ftp.bed.wait(300);
    expect(ctExpectations(ftp.bed.ct, ftp.bed.port)).toHaveLength(0);
  });
});

describe('the TFTP helper', () => {
  it('expects the answer from any port, behind NAT too', () => {
    const bed = new NatBed(masquerade);
    bed.template = { helper: 'tftp' };
    bed.pass('lan', { src: CLIENT, dst: SERVER, udp: { sport: 3000, dport: 69, payload: '\0\x01file\0octet\0' } });
    bed.template = null;
    const data: LabPacket = {
      src: SERVER,
      dst: '203.0.113.1',
      udp: { sport: 40000, dport: 3000, payload: '\0\x03\0\x01' },
    };
    const passed = bed.pass('wan', data);
    expect([passed.state, passed.out]).toEqual(['RELATED', `${SERVER}:40000>${CLIENT}:3000`]);
  });
});

describe('a helper that is not modelled', () => {
  it('says so and lets the packet pass', () => {
    const bed = new NatBed();
    bed.template = { helper: 'sip' };
    const passed = bed.pass('lan', { src: CLIENT, dst: SERVER, udp: { sport: 5060, dport: 5060, payload: 'x' } });
    expect(passed.skb.uncertain).toBe(true);
    expect(bed.events).toContainEqual({ type: 'not-modelled', what: 'conntrack helper sip' });
  });
});
