import { nearest } from '../../base';
import type { Kind } from '../record';
import { type Read, Refusal } from '../refusal';
import { protocolAsTyped, protocolNames, serviceByName, serviceNames } from './names';
import { readUint } from './numbers';

/** Protocols and ports that options take, with the refusals of libxtables (xtoptions.c). */

/** XTTYPE_PROTOCOL */
export const protocol: Kind<number> = {
  name: 'protocol',
  values: protocolNames,
  read: (word) => protocolAsTyped(word) ?? unknownProtocol(word),
};

export function unknownProtocol(word: string): Refusal {
  return new Refusal('unknown-protocol', `unknown protocol "${word}" specified`, {
    suggestion: nearest(word, protocolNames),
  });
}

export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** A port by number or by the name of a service of any protocol. XTTYPE_PORT */
export const port: Kind<number> = { name: 'port', read: (word) => (word === '' ? 0 : readPort(word)) };

function readPort(word: string): Read<number> {
  return (
    decimalPort(word) ??
    serviceByName(word, '') ??
    new Refusal('unknown-port', `Port "${word}" does not resolve to anything.\n`, {
      suggestion: nearest(word, serviceNames),
    })
  );
}

/** A decimal number, of which 16 bits count; one that is negative in 32 bits is none. libc: getaddrinfo() */
function decimalPort(word: string): number | null {
  const digits = /^\s*([+-]?)(\d+)$/.exec(word);
  if (digits === null) return null;
  const value = BigInt(digits[2]!);
  if (value > 0xffff_ffff_ffff_ffffn) return null;
  const bits = BigInt.asUintN(32, digits[1] === '-' ? -value : value);
  return bits > 0x7fff_ffffn ? null : Number(bits & 0xffffn);
}

/** `PORT[:PORT]`; an empty side means the end of the range. Nothing checks that min <= max. XTTYPE_PORTRC */
export const portRange: Kind<PortRange> = {
  name: 'ports',
  read: (word, call) => {
    const values: number[] = [];
    for (const [i, part] of word.split(':').entries()) {
      if (i === 2) {
        const message = `${call.extension}: Too many components for option "--${call.flag}" (max: 2)\n`;
        return new Refusal('bad-value', message);
      }
      const value = part === '' ? (i === 0 ? 0 : 65535) : readPort(part);
      if (value instanceof Refusal) return value;
      values.push(value);
    }
    return { min: values[0]!, max: values[1] ?? values[0]! };
  },
};

/** A port as old extensions read it. Kernel side: xtables_parse_port() */
export function oldPort(word: string, protocolWord: string): Read<number> {
  return (
    readUint(word, 0, 65535) ??
    serviceByName(word, protocolWord) ??
    new Refusal('unknown-port', `invalid port/service \`${word}' specified`, {
      suggestion: nearest(word, serviceNames),
    })
  );
}
