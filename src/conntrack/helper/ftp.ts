import { type HookAnswer, type HostPort, IPS, type Skb } from '../../model';
import { concat, IPPROTO, latin1Bytes, latin1Text, withTcpPayload } from '../../wire';
import { DROP } from '../drop';
import { type Expectation, expectRelated, newExpectation } from '../expect';
import { type Dir, dirOf, type Flow, tupleIn } from '../flow';
import { seqAfter, seqadjSet, seqBefore } from '../seqadj';
import type { ConntrackState } from '../state';
import { type FtpMatch, findFtpPattern, formatFtp } from './ftp-command';

/** Sequence numbers after line ends, by direction: there a command may begin. Kernel: struct nf_ct_ftp_master */
export type FtpMaster = readonly [number[], number[]];

/** What FTP's helper knows of a connection that has said nothing. */
export function newFtpMaster(): FtpMaster {
  return [[], []];
}

const REMEMBERED = 2;

/** Kernel: update_nl_seq() */
function noteLineEnd(known: number[], seq: number): void {
  if (known.includes(seq)) return;
  if (known.length < REMEMBERED) {
    known.push(seq);
    return;
  }
  const oldest = seqBefore(known[0]!, known[1]!) ? 0 : 1;
  if (seqAfter(seq, known[oldest]!)) known[oldest] = seq;
}

/**
 * Reads the commands and answers of a control connection, announces the data connections that they name, and rewrites
 * addresses and ports where NAT needs it. The first line of each direction is not read.
 *
 * Kernel: help(), net/netfilter/nf_conntrack_ftp.c
 */
export function ftpHelp(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow): HookAnswer {
  if (skb.ctinfo !== 'ESTABLISHED' && skb.ctinfo !== 'ESTABLISHED_REPLY') return 'accept';
  const { packet } = skb;
  const { tcp } = packet;
  const help = flow.help;
  if (tcp === undefined || help === null || packet.payloadOffset >= packet.bytes.length) return 'accept';
  const text = latin1Text(packet.bytes, packet.payloadOffset);
  const dir = dirOf(skb.ctinfo);
  const known = help.ftp[dir];
  const next = (tcp.seq + text.length) >>> 0;
  const endsLine = text.endsWith('\n');
  let answer: HookAnswer = 'accept';
  if (known.includes(tcp.seq)) {
    const match = findFtpPattern(text, dir, packet.family);
    if (match === 'partial') {
      port.emit(skb, { type: 'note', note: 'ftp-partial-command' });
      return DROP;
    }
    if (match !== null) answer = announce(ct, port, skb, flow, dir, match);
  }
  if (endsLine) noteLineEnd(known, next);
  return answer;
}

function announce(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow, dir: Dir, match: FtpMatch): HookAnswer {
  const own = tupleIn(flow, dir);
  const { src, dst } = tupleIn(flow, dir === 0 ? 1 : 0);
  if (match.addr !== null && match.addr !== own.src) {
    port.emit(skb, { type: 'note', note: 'ftp-foreign-address', params: { addr: match.addr } });
    return 'accept';
  }
  const expectation = newExpectation(ct, flow, { protocol: IPPROTO.tcp, src, dst, dport: match.port });
  if ((flow.status & (IPS.SRC_NAT | IPS.DST_NAT)) !== 0) return mangle(ct, port, skb, flow, dir, match, expectation);
  return expectRelated(ct, port, skb, expectation) === 'ok' ? 'accept' : DROP;
}

/** Kernel: nf_nat_ftp(), net/netfilter/nf_nat_ftp.c */
function mangle(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  flow: Flow,
  dir: Dir,
  match: FtpMatch,
  expectation: Expectation,
): HookAnswer {
  expectation.savedPort = match.port;
  expectation.dir = dir === 0 ? 1 : 0;
  expectation.followMaster = true;
  const chosen = findPort(ct, port, skb, expectation);
  // Port 0 is expected, and taken for none.
  if (!chosen) return DROP;
  const { packet } = skb;
  const payload = packet.bytes.subarray(packet.payloadOffset);
  const fresh = latin1Bytes(formatFtp(match.kind, expectation.tuple.dst, chosen));
  const tail = payload.subarray(match.offset + match.length);
  skb.packet = withTcpPayload(packet, concat(payload.subarray(0, match.offset), fresh, tail));
  seqadjSet(flow, skb.ctinfo, packet.tcp!.seq, fresh.length - match.length);
  const before = latin1Text(payload, match.offset, match.offset + match.length);
  port.emit(skb, { type: 'change', field: 'payload', before, after: latin1Text(fresh), by: 'nf_nat_ftp' });
  return 'accept';
}

const MAX_ATTEMPTS = 128;

/** The port itself if nothing else is expected there, else a random one above. Kernel: nf_nat_exp_find_port() */
function findPort(ct: ConntrackState, port: HostPort, skb: Skb, expectation: Expectation): number | null {
  const wanted = expectation.savedPort;
  const range = 0xffff - wanted;
  let left = Math.min(range, MAX_ATTEMPTS);
  for (let dport = wanted; ; ) {
    expectation.tuple = { ...expectation.tuple, dport };
    const answer = expectRelated(ct, port, skb, expectation);
    if (answer === 'ok') return dport;
    if (answer !== 'busy' || --left < 0) return null;
    dport = wanted + port.rng.below(range);
  }
}
