import type { IfaceAddr, IfaceInfo } from '../../../model';
import { fails, prints } from '../../output';
import { changedOr, type IpFlags, type IpObject, notModelled, verbOf } from './index';
import { briefLine, chosen, linkLines } from './link';

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };

function addrLines(iface: IfaceInfo, address: IfaceAddr): string[] {
  const words = [`    ${address.family === 4 ? 'inet' : 'inet6'} ${address.addr}/${address.length}`];
  if (address.family === 4 && address.broadcast !== null) words.push(`brd ${address.broadcast}`);
  words.push(`scope ${SCOPES[address.scope] ?? address.scope}`);
  if (address.secondary) words.push('secondary');
  // IPv6 addresses of a lab are made without duplicate address detection; the name stands at the end of IPv4 lines.
  if (address.family === 4) words.push(iface.name);
  else words.push(iface.kind === 'loopback' ? '' : 'nodad ');
  return [words.join(' '), '       valid_lft forever preferred_lft forever'];
}

function shown(list: readonly IfaceInfo[], flags: IpFlags): string[] {
  const ours = (f: IfaceInfo) => f.addresses.filter((a) => flags.family === null || a.family === flags.family);
  const some = list.filter((f) => flags.family === null || ours(f).length > 0);
  if (flags.brief)
    return some.map((f) =>
      briefLine(
        f,
        ours(f).map((a) => `${a.addr}/${a.length}`),
      ),
    );
  if (flags.oneline) {
    return some.flatMap((f) =>
      ours(f).map(
        (a) =>
          `${f.index}: ${f.name}    ${addrLines(f, a)
            .map((l) => l.trimStart())
            .join('\\       ')}`,
      ),
    );
  }
  return some.flatMap((f) => {
    const [first, second] = linkLines(f, false);
    const link = flags.family === null ? [first!, second!] : [first!];
    return [...link, ...ours(f).flatMap((a) => addrLines(f, a))];
  });
}

export const ipAddr: IpObject = (host, args, flags) => {
  const verb = verbOf(args[0]);
  switch (verb) {
    case 'show': {
      const list = chosen(host.interfaces(), args.slice(1));
      return 'length' in list ? prints(shown(list, flags)) : list;
    }
    case 'add':
    case 'del':
    case 'replace':
    case 'flush':
      return changedOr(host.addrCommand(verb, args.slice(1)));
    default:
      return verb === null
        ? fails(255, `Command "${args[0]}" is unknown, try "ip address help".`)
        : notModelled(`address ${args[0]}`);
  }
};
