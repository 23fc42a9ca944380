import type { PktType } from '../../model';
import { macBytes, parseMac } from '../../wire';
import { text } from '../read/kinds';
import { defineMatch, type Kind, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import { type BpfInstruction, type BpfView, bpfValid, runBpf } from './cbpf';

interface BpfConfig {
  readonly program: readonly BpfInstruction[];
}

/** Kernel: XT_BPF_MAX_NUM_INSTR */
const MOST = 64;

/** `COUNT,CODE JT JF K,CODE JT JF K …`, as tcpdump -ddd prints it with commas. */
const bytecode: Kind<readonly BpfInstruction[]> = {
  name: 'bytecode',
  read: (word) => {
    const head = /^\s*([+-]?\d+),/.exec(word);
    if (head === null) return new Refusal('bad-value', 'bpf: error parsing program length');
    const length = Number(head[1]) & 0xffff;
    if (length === 0) return new Refusal('bad-value', 'bpf: illegal zero length program');
    if (length > MOST) return new Refusal('bad-value', 'bpf: number of instructions exceeds maximum');
    const parts = word.split(',').slice(1);
    if (parts[parts.length - 1] === '') parts.pop();
    const program: BpfInstruction[] = [];
    for (const [i, part] of parts.entries()) {
      if (i >= length) {
        return new Refusal('bad-value', 'bpf: real program length exceeds the encoded length parameter');
      }
      const numbers = /^\s*([+-]?\d+)\s+([+-]?\d+)\s+([+-]?\d+)\s+([+-]?\d+)/.exec(part);
      if (numbers === null) return new Refusal('bad-value', `bpf: error at instr ${i}`);
      const [code, jt, jf, k] = numbers.slice(1).map(Number);
      program.push({ code: code! & 0xffff, jt: jt! & 255, jf: jf! & 255, k: k! >>> 0 });
    }
    if (program.length === length) return program;
    return new Refusal('bad-value', 'bpf: parsed program length is less than the encoded length parameter');
  },
};

const pinned: Kind<string> = {
  name: 'path',
  read: (word, call) => {
    const path = text().read(word, call);
    return path instanceof Refusal ? path : new Refusal('bad-value', 'bpf: failed to get bpf object');
  },
};

export const bpf = defineMatch({
  name: 'bpf',
  title: 'BPF program',
  help: 'Runs a program of classic BPF over the packet, from the IP header on; what it returns must not be 0.',
  options: {
    bytecode: option(bytecode, 'The program: count, then CODE JT JF K of each instruction, with commas between'),
    'object-pinned': option(pinned, 'Path of a loaded program; labs have none'),
  },
  parse: (uses): Read<BpfConfig> =>
    uses.bytecode === undefined
      ? new Refusal('option-missing', 'bpf: one of --bytecode or --pinned is required')
      : { program: uses.bytecode.value },
  print: (c) => ` --bytecode "${c.program.length},${programText(c)}"`,
  list: (c) => `match bpf ${programText(c)}\0`,
  check: (c) => (bpfValid(c.program) ? null : 'EINVAL'),
  // Kernel: bpf_mt(), net/netfilter/xt_bpf.c
  match: (c, action) => {
    const result = runBpf(c.program, viewOf(action));
    return result === null ? null : result !== 0;
  },
  because: (c, action) => `the program returned ${runBpf(c.program, viewOf(action))}`,
});

function programText({ program }: BpfConfig): string {
  return program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`).join(',');
}

const PACKET_TYPES: readonly PktType[] = ['host', 'broadcast', 'multicast', 'otherhost', 'outgoing', 'loopback'];

function viewOf(action: XtAction): BpfView {
  const { skb } = action;
  return { bytes: skb.packet.bytes, link: linkOf(action), extra: (offset) => extraOf(offset, action) };
}

/** The Ethernet header that the packet came in with. */
function linkOf({ skb }: XtAction): Uint8Array | null {
  const [to, from] = [parseMac(skb.mac?.dst ?? ''), parseMac(skb.mac?.src ?? '')];
  if (to === null || from === null) return null;
  return Uint8Array.of(...macBytes(to), ...macBytes(from), ...(skb.packet.family === 4 ? [8, 0] : [0x86, 0xdd]));
}

/** Kernel: convert_bpf_extensions(), net/core/filter.c */
function extraOf(offset: number, { skb, state, env }: XtAction): number | 'end' | null {
  const name = state.hook === 'OUTPUT' ? '' : state.hook === 'POSTROUTING' ? state.out : state.in;
  const device = env.port.iface(name);
  switch (offset) {
    case 0:
      return skb.packet.family === 4 ? 0x0800 : 0x86dd;
    case 4:
      return PACKET_TYPES.indexOf(skb.pktType);
    case 8:
      return device?.index ?? 'end';
    case 20:
      return skb.mark >>> 0;
    case 28:
      return device === undefined ? 'end' : device.kind === 'loopback' ? 772 : 1;
    case 24:
    case 36:
    case 44:
    case 48:
      return 0;
    default:
      return null;
  }
}
