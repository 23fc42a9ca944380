import { hex } from './context';

/** Lines of hexadecimal, each after a line break; with the characters beside them. tcpdump: hex_and_ascii_print() */
export function hexLines(bytes: Uint8Array, from: number, ascii: boolean): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    let words = '';
    for (let i = 0; i < row.length; i += 2) {
      words += ` ${hex(row[i]!, 2)}${i + 1 < row.length ? hex(row[i + 1]!, 2) : ''}`;
    }
    const text = [...row].map((c) => (c > 32 && c < 127 ? String.fromCharCode(c) : '.')).join('');
    out += `\n\t0x${hex(from + at, 4)}: ${ascii ? `${words.padEnd(40)}  ${text}` : words}`;
  }
  return out;
}

/** -A: what can be printed, on a line of its own. */
export function asciiLines(bytes: Uint8Array): string {
  let out = '\n';
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (c === 13) {
      // A carriage return before a line feed is left out.
      if (bytes[i + 1] !== 10) out += '.';
    } else if (c === 10 || c === 9 || (c >= 32 && c < 127)) out += String.fromCharCode(c);
    else out += '.';
  }
  return out;
}
