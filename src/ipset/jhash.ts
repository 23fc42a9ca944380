/** Bob Jenkins' lookup3 over 32-bit words, as the kernel has it. Kernel: jhash2(), include/linux/jhash.h */
export function jhash2(key: readonly number[], initval: number): number {
  let left = key.length;
  let a = (0xdeadbeef + (left << 2) + initval) | 0;
  let b = a;
  let c = a;
  let at = 0;
  while (left > 3) {
    a = (a + key[at]!) | 0;
    b = (b + key[at + 1]!) | 0;
    c = (c + key[at + 2]!) | 0;
    a = (a - c) ^ rol(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rol(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rol(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rol(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rol(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rol(b, 4);
    b = (b + a) | 0;
    left -= 3;
    at += 3;
  }
  if (left === 0) return c >>> 0;
  if (left > 2) c = (c + key[at + 2]!) | 0;
  if (left > 1) b = (b + key[at + 1]!) | 0;
  a = (a + key[at]!) | 0;
  c = ((c ^ b) - rol(b, 14)) | 0;
  a = ((a ^ c) - rol(c, 11)) | 0;
  b = ((b ^ a) - rol(a, 25)) | 0;
  c = ((c ^ b) - rol(b, 16)) | 0;
  a = ((a ^ c) - rol(c, 4)) | 0;
  b = ((b ^ a) - rol(a, 14)) | 0;
  c = ((c ^ b) - rol(b, 24)) | 0;
  return c >>> 0;
}

function rol(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}
