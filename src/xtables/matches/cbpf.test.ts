import { describe, expect, it } from 'vitest';
import { type BpfInstruction, type BpfView, bpfValid, runBpf } from './cbpf';

/** `CODE JT JF K` of each instruction, as tcpdump -ddd prints them. */
function program(...lines: readonly string[]): BpfInstruction[] {
  return lines.map((line) => {
    const [code, jt, jf, k] = line.split(' ').map(Number);
    return { code: code!, jt: jt!, jf: jf!, k: k! >>> 0 };
  });
}

const bytes = Uint8Array.of(
  0x45,
  0,
  0,
  28,
  0,
  0,
  0,
  0,
  64,
  17,
  0,
  0,
  10,
  0,
  0,
  2,
  10,
  0,
  0,
  1,
  0x0f,
  0xa0,
  0,
  53,
  0,
  8,
);
const view: BpfView = {
  bytes,
  link: Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0),
  extra: (offset) => (offset === 20 ? 7 : offset === 8 ? 'end' : null),
};
const run = (...lines: readonly string[]): number | null => runBpf(program(...lines), view);

describe('a program of classic BPF', () => {
  it('loads numbers in network byte order, from the IP header on', () => {
    expect(run('48 0 0 9', '22 0 0 0')).toBe(17);
    expect(run('40 0 0 2', '22 0 0 0')).toBe(28);
    expect(run('32 0 0 16', '22 0 0 0')).toBe(0x0a000001);
    expect(run('128 0 0 0', '22 0 0 0')).toBe(bytes.length);
    expect(run('177 0 0 0', '72 0 0 2', '22 0 0 0')).toBe(53);
  });

  it('loads from the headers before it by negative offsets', () => {
    expect(run(`40 0 0 ${-0x200000 + 12}`, '22 0 0 0')).toBe(0x0800);
    expect(run(`48 0 0 ${-0x200000 + 23}`, '22 0 0 0')).toBe(17);
    expect(run(`32 0 0 ${-0x200000 + 12}`, '22 0 0 0')).toBe(0x08004500);
    expect(run(`48 0 0 ${-0x100000 + 9}`, '22 0 0 0')).toBe(17);
  });

  it('ends with 0 where the packet ends', () => {
    expect(run('32 0 0 23', '6 0 0 1')).toBe(0);
    expect(run('40 0 0 24', '6 0 0 1')).toBe(1);
  });

  it('asks what the kernel keeps beside the packet', () => {
    expect(run('32 0 0 4294963220', '22 0 0 0')).toBe(7);
    expect(run('0 0 0 9', '32 0 0 4294963208', '6 0 0 1')).toBe(9);
    expect(run('32 0 0 4294963252', '6 0 0 1')).toBeNull();
  });

  it('computes with 32 bits', () => {
    const compute = (a: number, op: number, k: number) => run(`0 0 0 ${a}`, `${op | 4} 0 0 ${k}`, '22 0 0 0');
    expect(compute(0xffff_ffff, 0x00, 2)).toBe(1);
    expect(compute(1, 0x10, 2)).toBe(0xffff_ffff);
    expect(compute(0x1_0001, 0x20, 0x1_0001)).toBe(0x2_0001);
    expect(compute(100, 0x30, 7)).toBe(14);
    expect(compute(100, 0x90, 7)).toBe(2);
    expect(compute(0xf0, 0x40, 0x0f)).toBe(0xff);
    expect(compute(0xff, 0x50, 0x18)).toBe(0x18);
    expect(compute(0xff, 0xa0, 0x0f)).toBe(0xf0);
    expect(compute(1, 0x60, 31)).toBe(0x8000_0000);
    expect(compute(0x8000_0000, 0x70, 31)).toBe(1);
    expect(run('0 0 0 5', '132 0 0 0', '22 0 0 0')).toBe(0xffff_fffb);
    expect(run('0 0 0 5', '1 0 0 0', '60 0 0 0', '6 0 0 1')).toBe(0);
  });

  it('jumps, and keeps numbers in cells', () => {
    expect(run('48 0 0 9', '21 1 0 17', '6 0 0 1', '6 0 0 2')).toBe(2);
    expect(run('48 0 0 9', '37 0 1 16', '6 0 0 1', '6 0 0 2')).toBe(1);
    expect(run('48 0 0 9', '69 0 1 2', '6 0 0 1', '6 0 0 2')).toBe(2);
    expect(run('5 0 0 1', '6 0 0 1', '6 0 0 2')).toBe(2);
    expect(run('0 0 0 7', '2 0 0 3', '97 0 0 3', '135 0 0 0', '22 0 0 0')).toBe(7);
  });
});

describe('what the kernel takes', () => {
  it('ends with a return', () => {
    expect(bpfValid(program('48 0 0 9'))).toBe(false);
    expect(bpfValid([])).toBe(false);
    expect(bpfValid(program('6 0 0 1'))).toBe(true);
  });

  it('jumps forward and stays inside', () => {
    expect(bpfValid(program('5 0 0 1', '6 0 0 1'))).toBe(false);
    expect(bpfValid(program('21 0 1 0', '6 0 0 1'))).toBe(false);
    expect(bpfValid(program('21 0 0 0', '6 0 0 1'))).toBe(true);
  });

  it('neither divides by nothing nor shifts too far', () => {
    expect(bpfValid(program('52 0 0 0', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('148 0 0 0', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('100 0 0 32', '22 0 0 0'))).toBe(false);
  });

  it('reads no cell that may be unwritten', () => {
    expect(bpfValid(program('96 0 0 0', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('2 0 0 0', '96 0 0 0', '22 0 0 0'))).toBe(true);
    expect(bpfValid(program('21 0 1 0', '2 0 0 0', '96 0 0 0', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('2 0 0 16', '22 0 0 0'))).toBe(false);
  });

  it('knows its codes and what it keeps beside the packet', () => {
    expect(bpfValid(program('14 0 0 0'))).toBe(false);
    expect(bpfValid(program('160 0 0 0', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('32 0 0 4294963201', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('32 0 0 4294963264', '22 0 0 0'))).toBe(false);
    expect(bpfValid(program('32 0 0 4294963260', '22 0 0 0'))).toBe(true);
  });
});
