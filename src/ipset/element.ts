import type { Words } from '../wire';
import type { Elem, ElemKey, Ext } from './types';

/*
 * Elements and keys are made here and nowhere else, field by field in one order: so that all have one shape, which is
 * what makes reading them fast.
 */

/** A key like `base` with other addresses and another port. */
export function keyWith(base: ElemKey, ip: Words, cidr: number, ip2: Words, cidr2: number, port: number): ElemKey {
  const { proto, mark, mac, iface, physdev, wildcard } = base;
  return { ip, cidr, ip2, cidr2, port, proto, mark, mac, iface, physdev, wildcard };
}

export function newElem(key: ElemKey, nomatch: boolean, seq: number, ext: Ext, waits: number | null = null): Elem {
  return Object.freeze({
    ip: key.ip,
    cidr: key.cidr,
    ip2: key.ip2,
    cidr2: key.cidr2,
    port: key.port,
    proto: key.proto,
    mark: key.mark,
    mac: key.mac,
    iface: key.iface,
    physdev: key.physdev,
    wildcard: key.wildcard,
    nomatch,
    seq,
    ext,
    waits,
  });
}
