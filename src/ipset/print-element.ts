import { addrFromWords, IPPROTO, protocolName, type Words } from '../wire';
import { typeOf } from './catalogue';
import { icmpName } from './icmp-names';
import type { ElemKey, SetFamily, SetTypeName } from './types';

/** An address with its prefix length, if that is not the whole. */
export function addressText(ip: Words, cidr: number, family: SetFamily): string {
  const text = addrFromWords(ip, family === 6 ? 6 : 4);
  return cidr === (family === 6 ? 128 : 32) ? text : `${text}/${cidr}`;
}

/** `tcp:80`, `icmp:echo-request`, `gre:0`. */
export function protoPortText(proto: number, port: number): string {
  const name = protocolName(proto);
  if (proto === IPPROTO.icmp || proto === IPPROTO.icmpv6) {
    return `${name}:${icmpName(proto, port) ?? `${port >>> 8}/${port & 0xff}`}`;
  }
  return `${name}:${port}`;
}

export function markText(mark: number): string {
  return `0x${mark.toString(16).padStart(8, '0')}`;
}

/** A member of a hash set as `ipset` prints it. */
export function elementText(type: SetTypeName, family: SetFamily, e: ElemKey): string {
  let first = true;
  return typeOf(type)
    .parts.map((part) => {
      switch (part) {
        case 'ip':
        case 'net': {
          const text = first ? addressText(e.ip, e.cidr, family) : addressText(e.ip2, e.cidr2, family);
          first = false;
          return text;
        }
        case 'port':
          first = false;
          return protoPortText(e.proto, e.port);
        case 'mark':
          return markText(e.mark);
        case 'mac':
          return e.mac.toUpperCase();
        case 'iface':
          return `${e.physdev ? 'physdev:' : ''}${e.iface}`;
        default:
          return '';
      }
    })
    .join(',');
}
