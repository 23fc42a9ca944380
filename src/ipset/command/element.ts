import { IPPROTO } from '../../wire';
import type { Part } from '../catalogue';
import { icmpByName } from '../icmp-names';
import type { SetTypeName } from '../types';
import { readAddress } from './address';
import { ERROR, report, type Session, syntaxError } from './session';
import { readEther, readPort, readProto, readSetname, readU8, readU32, separator, splitRange } from './values';

/** Reads an element, part by part. libipset: ipset_parse_elem() */
export function readElement(session: Session, text: string): boolean {
  const type = session.data.type!;
  const { parts } = type;
  const optional = type.lastOptional === true;
  const pieces: string[] = [text];
  const first = separator(text, ',');
  if (parts.length > 1) {
    if (first >= 0) pieces.splice(0, 1, text.slice(0, first), text.slice(first + 1));
    else if (!optional) return syntaxError(session, `Second element is missing from ${text}.`);
  } else if (first >= 0) {
    if (type.name === 'list:set') return readNameCompat(session, text);
    return syntaxError(session, `Elem separator in ${text}, but settype ${type.name} supports none.`);
  }
  const rest = pieces[1];
  const second = rest === undefined ? -1 : separator(rest, ',');
  if (parts.length > 2) {
    if (second < 0 && !optional) return syntaxError(session, `Third element is missing from ${text}.`);
    if (second >= 0) pieces.splice(1, 1, rest!.slice(0, second), rest!.slice(second + 1));
  } else if (second >= 0) {
    return syntaxError(session, `Two elem separators in ${text}, but settype ${type.name} supports one.`);
  }
  if (pieces[2] !== undefined && separator(pieces[2], ',') >= 0) {
    return syntaxError(session, `Three elem separators in ${text}, but settype ${type.name} supports two.`);
  }
  return pieces.every((piece, i) => readPart(session, type.name, parts[i]!, i === 0, piece));
}

function readPart(session: Session, type: SetTypeName, part: Part, first: boolean, text: string): boolean {
  const { data } = session;
  switch (part) {
    case 'ip':
      if (type === 'bitmap:ip') return readAddress(session, 'ip', text, 'any');
      if (type === 'bitmap:ip,mac') return readAddress(session, 'ip', text, 'plain');
      return readAddress(session, first ? 'ip' : 'ip2', text, first ? 'any4-plain6' : 'plain');
    case 'net':
      return readAddress(session, first ? 'ip' : 'ip2', text, 'any4-ipnet6');
    case 'port':
      return type === 'bitmap:port' ? readTcpUdpPort(session, text) : readProtoPort(session, text);
    case 'mark': {
      const mark = readU32(session, text);
      if (mark === null) return false;
      data.elem.mark = mark;
      data.given.add('mark');
      return true;
    }
    case 'mac': {
      const mac = readEther(session, text);
      if (mac === null) return false;
      data.elem.mac = mac;
      data.given.add('ether');
      return true;
    }
    case 'iface':
      return readIface(session, text);
    default: {
      const name = readSetname(session, text);
      if (name === null) return false;
      data.elem.name = name;
      data.given.add('name');
      return true;
    }
  }
}

/** `NAME` or `physdev:NAME`. libipset: ipset_parse_iface() */
function readIface(session: Session, text: string): boolean {
  const { data } = session;
  const physdev = text.startsWith('physdev:');
  const name = physdev ? text.slice(8) : text;
  if (physdev) data.elem.physdev = true;
  if (name.length > 15) return syntaxError(session, `interface name '${name}' is longer than 15 characters`);
  data.elem.iface = name;
  data.given.add('iface');
  return true;
}

/** `SET,before,SET`, as ipset 4 wrote it. libipset: ipset_parse_name_compat() */
function readNameCompat(session: Session, text: string): boolean {
  const { data } = session;
  const at = separator(text, ',');
  const rest = text.slice(at + 1);
  const next = separator(rest, ',');
  const word = next < 0 ? rest : rest.slice(0, next);
  if (next < 0 || (word !== 'before' && word !== 'after')) {
    return report(session, ERROR, 'you must specify elements as setname,[before|after],setname');
  }
  const name = readSetname(session, text.slice(0, at));
  if (name === null) return false;
  const reference = readSetname(session, rest.slice(next + 1));
  if (reference === null) return false;
  data.elem.name = name;
  data.elem.nameref = reference;
  data.given.add('name').add('nameref');
  if (word === 'before') data.elem.before = true;
  return true;
}

/** `[PROTO:]PORT[-PORT]`. libipset: ipset_parse_proto_port() */
function readProtoPort(session: Session, text: string): boolean {
  const { data } = session;
  const at = separator(text, ':');
  if (at < 0) {
    setProto(session, IPPROTO.tcp);
    return readPorts(session, text, 'tcp');
  }
  const name = text.slice(0, at);
  const port = text.slice(at + 1);
  const proto = readProto(session, name);
  if (proto === null) return false;
  setProto(session, proto);
  switch (proto) {
    case IPPROTO.tcp:
    case IPPROTO.sctp:
    case IPPROTO.udp:
    case IPPROTO.udplite:
      return readPorts(session, port, name);
    case IPPROTO.icmp:
    case IPPROTO.icmpv6: {
      const v6 = proto === IPPROTO.icmpv6;
      const title = v6 ? 'ICMPv6' : 'ICMP';
      const family = v6 ? 'inet6' : 'inet';
      if (data.family !== family) {
        syntaxError(session, `Protocol ${title} can be used with family ${family} only`);
        return true; // as the tool does: the command then lacks its set
      }
      return readTypeCode(session, proto, port, title);
    }
    default:
      if (port !== '0') {
        return syntaxError(session, `Protocol ${name} can be used with pseudo port value 0 only.`);
      }
      data.elem.port = 0;
      data.given.add('port');
      return true;
  }
}

function setProto(session: Session, proto: number): void {
  session.data.elem.proto = proto;
  session.data.given.add('proto');
}

/** libipset: ipset_parse_icmp(), ipset_parse_icmpv6() */
function readTypeCode(session: Session, proto: number, text: string, title: string): boolean {
  let value = icmpByName(proto, text);
  if (value === null) {
    const slash = separator(text, '/');
    if (slash < 0) return report(session, ERROR, `Cannot parse ${text} as an ${title} type/code.`);
    const type = readU8(session, text.slice(0, slash));
    const code = type === null ? null : readU8(session, text.slice(slash + 1));
    if (type === null || code === null) return false;
    value = type * 256 + code;
  }
  session.data.elem.port = value;
  session.data.given.add('port');
  return true;
}

/** libipset: ipset_parse_tcpudp_port() */
function readPorts(session: Session, text: string, proto: string): boolean {
  const range = splitRange(session, text);
  if (range === null) return false;
  const [from, to] = range;
  if (to !== null) {
    const port = readPort(session, to, proto);
    if (port === null) return false;
    session.data.elem.portTo = port;
    session.data.given.add('portTo');
  }
  const port = readPort(session, from, proto);
  if (port === null) return false;
  session.data.elem.port = port;
  session.data.given.add('port');
  return true;
}

/** The port of bitmap:port: the protocol only says whose names are meant. libipset: ipset_parse_tcp_udp_port() */
export function readTcpUdpPort(session: Session, text: string): boolean {
  if (!readProtoPort(session, text)) return false;
  const { data } = session;
  const { proto } = data.elem;
  if (proto !== IPPROTO.tcp && proto !== IPPROTO.udp) {
    return syntaxError(session, 'Only protocols TCP and UDP are valid');
  }
  data.elem.proto = undefined as never;
  data.given.delete('proto');
  return true;
}
