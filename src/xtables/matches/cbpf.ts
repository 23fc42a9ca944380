/**
 * Classic BPF: what the kernel takes, and what a program makes of a packet.
 * Kernel: bpf_check_classic(), bpf_convert_filter(), net/core/filter.c
 */

export interface BpfInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** What a program sees. */
export interface BpfView {
  /** From the IP header on. */
  readonly bytes: Uint8Array;
  /** The Ethernet header before it, or null if there is none. */
  readonly link: Uint8Array | null;
  /**
   * A word of what the kernel keeps beside the packet (offsets of SKF_AD_*); `end` if it is of a device and there is
   * none, which ends the program; null if it is not modelled.
   */
  readonly extra: (offset: number) => number | 'end' | null;
}

const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, ret: 6, misc: 7 } as const;
const ALU_OPS = [0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0];
const JUMP_OPS = [0x10, 0x20, 0x30, 0x40];
const DIV = 0x30;
const MOD = 0x90;
const SHIFTS = [0x60, 0x70];
const CELLS = 16;

/** Offsets from here on are not in the packet but beside it. */
const AD_OFF = 0xffff_f000;
const NET_OFF = -0x10_0000;
const LL_OFF = -0x20_0000;
/** A XOR X, of all SKF_AD_* the only one that computes. */
const AD_ALU_XOR_X = 40;
const AD_KNOWN = 64;

const ALLOWED: ReadonlySet<number> = new Set([
  ...ALU_OPS.flatMap((op) => [CLASS.alu | op, CLASS.alu | op | 8]),
  CLASS.alu | 0x80,
  ...[0x20, 0x40].flatMap((mode) => [mode, mode | 0x08, mode | 0x10]),
  0x80,
  0x00,
  0x60,
  0x81,
  0xb1,
  0x01,
  0x61,
  0x02,
  0x03,
  0x07,
  0x87,
  0x06,
  0x16,
  0x05,
  ...JUMP_OPS.flatMap((op) => [CLASS.jmp | op, CLASS.jmp | op | 8]),
]);

/** Whether the kernel takes the program. Kernel: bpf_check_classic() */
export function bpfValid(program: readonly BpfInstruction[]): boolean {
  const last = program[program.length - 1];
  if (last === undefined || (last.code !== 0x06 && last.code !== 0x16)) return false;
  return program.every((_, at) => instructionValid(program, at)) && cellsValid(program);
}

function instructionValid(program: readonly BpfInstruction[], at: number): boolean {
  const { code, jt, jf, k } = program[at]!;
  if (!ALLOWED.has(code)) return false;
  const op = code & 0xf0;
  switch (code & 7) {
    case CLASS.alu:
      if ((code & 8) !== 0) return true;
      if (op === DIV || op === MOD) return k !== 0;
      return !SHIFTS.includes(op) || k < 32;
    case CLASS.jmp:
      if (op === 0) return k < program.length - at - 1;
      return at + jt + 1 < program.length && at + jf + 1 < program.length;
    case CLASS.ld:
      if (code === 0x60) return k < CELLS;
      return (code & 0xe0) !== 0x20 || k < AD_OFF || (k - AD_OFF < AD_KNOWN && (k & 3) === 0);
    case CLASS.ldx:
      return code !== 0x61 || k < CELLS;
    case CLASS.st:
    case CLASS.stx:
      return k < CELLS;
    default:
      return true;
  }
}

/** A cell must be written on every way to a place that reads it. Kernel: check_load_and_stores() */
function cellsValid(program: readonly BpfInstruction[]): boolean {
  const masks = new Uint16Array(program.length).fill(0xffff);
  let valid = 0;
  for (const [at, { code, jt, jf, k }] of program.entries()) {
    valid &= masks[at]!;
    if (code === 0x02 || code === 0x03) valid |= 1 << k;
    else if (code === 0x60 || code === 0x61) {
      if ((valid & (1 << k)) === 0) return false;
    } else if (code === 0x05) {
      masks[at + 1 + k]! &= valid;
      valid = 0xffff;
    } else if ((code & 7) === CLASS.jmp) {
      masks[at + 1 + jt]! &= valid;
      masks[at + 1 + jf]! &= valid;
      valid = 0xffff;
    }
  }
  return true;
}

/** What the program returns; a load beyond the packet ends it with 0. Null: it asks for what is not modelled. */
export function runBpf(program: readonly BpfInstruction[], view: BpfView): number | null {
  const cells = new Uint32Array(CELLS);
  let a = 0;
  let x = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, jt, jf, k } = program[at]!;
    const operand = (code & 8) !== 0 ? x : k;
    switch (code & 7) {
      case CLASS.ld: {
        if (code === 0x00) a = k;
        else if (code === 0x60) a = cells[k]!;
        else if (code === 0x80) a = view.bytes.length;
        else {
          const absolute = (code & 0xe0) === 0x20;
          if (absolute && k >= AD_OFF) {
            const value = k - AD_OFF === AD_ALU_XOR_X ? (a ^ x) >>> 0 : view.extra(k - AD_OFF);
            if (value === null) return null;
            if (value === 'end') return a;
            a = value;
            break;
          }
          const value = load(view, absolute ? k : (k + x) >>> 0, (code & 0x18) === 0 ? 4 : (code & 0x18) === 8 ? 2 : 1);
          if (value === null) return 0;
          a = value;
        }
        break;
      }
      case CLASS.ldx: {
        if (code === 0x01) x = k;
        else if (code === 0x61) x = cells[k]!;
        else if (code === 0x81) x = view.bytes.length;
        else {
          const value = load(view, k, 1);
          if (value === null) return 0;
          x = (value & 15) * 4;
        }
        break;
      }
      case CLASS.st:
        cells[k] = a;
        break;
      case CLASS.stx:
        cells[k] = x;
        break;
      case CLASS.alu: {
        const value = compute(code & 0xf0, a, operand);
        if (value === null) return 0;
        a = value;
        break;
      }
      case CLASS.jmp:
        if (code === 0x05) at += k;
        else at += holds(code & 0xf0, a, operand) ? jt : jf;
        break;
      case CLASS.ret:
        return code === 0x06 ? k : a;
      default:
        if (code === 0x07) x = a;
        else a = x;
    }
  }
  return 0;
}

/** Null: division by zero, which ends the program. */
function compute(op: number, a: number, b: number): number | null {
  switch (op) {
    case 0x00:
      return (a + b) >>> 0;
    case 0x10:
      return (a - b) >>> 0;
    case 0x20:
      return Math.imul(a, b) >>> 0;
    case DIV:
      return b === 0 ? null : Math.floor(a / b);
    case 0x40:
      return (a | b) >>> 0;
    case 0x50:
      return (a & b) >>> 0;
    case 0x60:
      return (a << b) >>> 0;
    case 0x70:
      return a >>> b;
    case 0x80:
      return -a >>> 0;
    case MOD:
      return b === 0 ? null : a % b;
    default:
      return (a ^ b) >>> 0;
  }
}

function holds(op: number, a: number, b: number): boolean {
  if (op === 0x10) return a === b;
  if (op === 0x20) return a > b;
  if (op === 0x30) return a >= b;
  return (a & b) !== 0;
}

/** A number in network byte order; null if it is not all there. Kernel: bpf_skb_load_helper_32() and its like */
function load({ bytes, link }: BpfView, offset: number, size: 1 | 2 | 4): number | null {
  const signed = offset | 0;
  if (signed >= 0) return numberAt(bytes, signed, size);
  if (signed >= NET_OFF) return numberAt(bytes, signed - NET_OFF, size);
  if (signed < LL_OFF || link === null) return null;
  const at = signed - LL_OFF;
  if (at >= link.length) return numberAt(bytes, at - link.length, size);
  let value = 0;
  for (let i = at; i < at + size; i++) {
    const byte = i < link.length ? link[i] : bytes[i - link.length];
    if (byte === undefined) return null;
    value = value * 256 + byte;
  }
  return value;
}

function numberAt(bytes: Uint8Array, at: number, size: number): number | null {
  if (at + size > bytes.length) return null;
  let value = 0;
  for (let i = at; i < at + size; i++) value = value * 256 + bytes[i]!;
  return value;
}
