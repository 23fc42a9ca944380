import { text } from '../read/kinds';
import { defineMatch, type Kind, option } from '../record';
import { type Read, Refusal } from '../refusal';

type Instruction = readonly [code: number, jt: number, jf: number, k: number];

interface BpfConfig {
  readonly program: readonly Instruction[];
}

/** Most instructions. Kernel: XT_BPF_MAX_NUM_INSTR */
const MOST = 64;

/** `4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0`: how many, then each. */
const bytecode: Kind<readonly Instruction[]> = {
  name: 'bpf',
  read: (source) => {
    const bad = (message: string): Refusal => new Refusal('bad-value', `bpf: ${message}`);
    const head = /^\s*(\d+),/.exec(source);
    if (head === null) return bad('error parsing program length');
    const length = Number(head[1]) & 0xffff;
    if (length === 0) return bad('illegal zero length program');
    if (length > MOST) return bad('number of instructions exceeds maximum');
    const program: Instruction[] = [];
    const parts = source.slice(head[0].length).split(',');
    if (parts.at(-1) === '') parts.pop();
    for (const part of parts) {
      if (program.length >= length) return bad('real program length exceeds the encoded length parameter');
      const numbers = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(part);
      if (numbers === null) return bad(`error at instr ${program.length}`);
      const [code, jt, jf, k] = numbers.slice(1).map(Number) as [number, number, number, number];
      program.push([code & 0xffff, jt & 255, jf & 255, k >>> 0]);
    }
    if (program.length !== length) return bad('parsed program length is less than the encoded length parameter');
    return program;
  },
};

const pinned: Kind<string> = { ...text(), read: () => new Refusal('bad-value', 'bpf: failed to get bpf object') };

export const bpf = defineMatch({
  name: 'bpf',
  title: 'BPF program',
  help: 'A classic BPF program over the packet, from its IP header on.',
  options: {
    bytecode: option(bytecode, 'Number of instructions, then `code jt jf k` of each, with commas between'),
    'object-pinned': option(pinned, 'Path of a program in a BPF file system, which hosts of a lab do not have'),
  },
  parse: (uses): Read<BpfConfig> => {
    const program = uses.bytecode?.value;
    if (program !== undefined) return { program };
    return new Refusal('option-missing', 'bpf: one of --bytecode or --pinned is required');
  },
  print: (c) => ` --bytecode "${c.program.length},${programText(c)}"`,
  list: (c) => `match bpf ${programText(c)}`,
});

function programText({ program }: BpfConfig): string {
  return program.map((instruction) => instruction.join(' ')).join(',');
}
