import type { Skb } from '../../model';
import {
  type Addr,
  addrFromWords,
  addrWords,
  foldSum,
  IPPROTO,
  innerPacket,
  isErrorMessage,
  maskAddr,
  maskLength,
  type Packet,
  type Side,
  withHeaderAddr,
  withInner,
} from '../../wire';
import { type HostMask, hostMask } from '../read/host-kinds';
import { type CheckCall, defineTarget, type LoadError, option, type TargetAnswer, type XtAction } from '../record';

interface Prefix {
  readonly addr: Addr;
  readonly length: number;
}

interface NptConfig {
  readonly src: Prefix;
  readonly dst: Prefix;
}

interface NptUses {
  readonly 'src-pfx'?: { readonly value: HostMask };
  readonly 'dst-pfx'?: { readonly value: HostMask };
}

const OPTIONS = {
  'src-pfx': option(hostMask, 'Prefix that is replaced', { required: true }),
  'dst-pfx': option(hostMask, 'Prefix that takes its place', { required: true }),
};

const COMMON = {
  verdict: 'continue',
  families: ['ip6'],
  tables: ['mangle'],
  options: OPTIONS,
  parse: (uses: NptUses): NptConfig => ({
    src: prefixOf(uses['src-pfx']!.value),
    dst: prefixOf(uses['dst-pfx']!.value),
  }),
  print: nptText,
  check: checkNpt,
} as const;

export const SNPT = defineTarget({
  ...COMMON,
  name: 'SNPT',
  title: 'Translate the source prefix',
  help: 'Another prefix for the source address, without connection tracking; the checksum stays right (RFC 6296).',
  hooks: ['INPUT', 'POSTROUTING'],
  list: (c: NptConfig) => listText('SNPT', c),
  // Kernel: ip6t_snpt_tg(), net/ipv6/netfilter/ip6t_NPT.c
  act: (c: NptConfig, action) => translate(c, action, 'src'),
});

export const DNPT = defineTarget({
  ...COMMON,
  name: 'DNPT',
  title: 'Translate the destination prefix',
  help: 'Another prefix for the destination address, without connection tracking; the checksum stays right (RFC 6296).',
  hooks: ['PREROUTING', 'OUTPUT'],
  list: (c: NptConfig) => listText('DNPT', c),
  // Kernel: ip6t_dnpt_tg()
  act: (c: NptConfig, action) => translate(c, action, 'dst'),
});

function prefixOf({ addr, mask }: HostMask): Prefix {
  return { addr, length: maskLength(mask) ?? 128 };
}

function nptText({ src, dst }: NptConfig): string {
  let out = '';
  if (src.addr !== '::' || src.length !== 0) out += ` --src-pfx ${src.addr}/${src.length}`;
  if (dst.addr !== '::' || dst.length !== 0) out += ` --dst-pfx ${dst.addr}/${dst.length}`;
  return out;
}

function listText(name: string, { src, dst }: NptConfig): string {
  return ` ${name} src-pfx ${src.addr}/${src.length} dst-pfx ${dst.addr}/${dst.length}`;
}

/** Kernel: ip6t_npt_checkentry() */
function checkNpt({ src, dst }: NptConfig, _call: CheckCall): LoadError | null {
  const wrong = ({ addr, length }: Prefix): boolean => length > 64 || maskAddr(addr, length) !== addr;
  return wrong(src) || wrong(dst) ? 'EINVAL' : null;
}

function translate(c: NptConfig, action: XtAction, side: Side): TargetAnswer {
  const { skb, env, state } = action;
  const before = skb.packet[side];
  const { addr: after, done } = mapPrefix(c, before);
  // Of what a raw socket sends nobody has noted where the ICMPv6 header is. Kernel: icmpv6_bounced_ipv6hdr()
  const seen = skb.socket?.protocol !== IPPROTO.raw && skb.packet.extensions.length === 0;
  const quoted = seen && isErrorMessage(skb.packet) ? innerPacket(skb.packet) : null;
  write(skb, withHeaderAddr(skb.packet, side, after));
  env.port.emit(skb, {
    type: 'nat',
    manip: side,
    before: { addr: before, port: null },
    after: { addr: after, port: null },
    by: 'rule',
    hook: state.hook,
    undo: false,
  });
  if (!done) {
    sendParameterProblem(action, side);
    return 'drop';
  }
  // The packet that an error is about went the other way.
  const other = side === 'src' ? 'dst' : 'src';
  if (quoted === null || maskAddr(quoted[other], c.src.length) !== c.src.addr) return 'continue';
  const inner = mapPrefix(c, quoted[other]).addr;
  write(skb, withInner(skb.packet, withHeaderAddr(quoted, other, inner)));
  return 'continue';
}

/** Other targets take bytes of their own first; this one writes into those that copies share. Kernel: skb_ensure_writable() */
function write(skb: Skb, packet: Packet): void {
  if (skb.shared?.packet === skb.packet) skb.shared.packet = packet;
  skb.packet = packet;
}

/**
 * The address with the other prefix, and a word that makes up for it in the checksum; `done` is false if no word can.
 * Kernel: ip6t_npt_map_pfx()
 */
function mapPrefix({ src, dst }: NptConfig, addr: Addr): { readonly addr: Addr; readonly done: boolean } {
  const length = Math.max(src.length, dst.length);
  const halves = halvesOf(addr);
  const fresh = halvesOf(dst.addr);
  for (let i = 0; i * 16 < length; i++) {
    const left = length - i * 16;
    const keep = left >= 16 ? 0 : (1 << (16 - left)) - 1;
    halves[i] = (halves[i]! & keep) | (fresh[i]! & ~keep & 0xffff);
  }
  const at = length <= 48 ? 3 : halves.findIndex((half, i) => i >= 4 && half !== 0xffff);
  if (at < 0) return { addr: ofHalves(halves), done: false };
  const total = (words: readonly number[]): number => foldSum(words.reduce((sum, word) => sum + word, 0));
  const adjustment = foldSum(total(halvesOf(src.addr)) + (0xffff - total(fresh)));
  const sum = foldSum(halves[at]! + adjustment);
  halves[at] = sum === 0xffff ? 0 : sum;
  return { addr: ofHalves(halves), done: true };
}

function ofHalves(halves: readonly number[]): Addr {
  const word = (i: number): number => halves[i]! * 65536 + halves[i + 1]!;
  return addrFromWords([word(0), word(2), word(4), word(6)], 6);
}

function halvesOf(addr: Addr): number[] {
  return addrWords(addr).flatMap((word) => [word >>> 16, word & 0xffff]);
}

/** ICMPv6 4/0, which points at the address. */
function sendParameterProblem({ env, skb }: XtAction, side: Side): void {
  env.port.sendError(skb, 4, 0, 'error', side === 'src' ? 8 : 24);
}
