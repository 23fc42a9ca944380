import type { IfaceAddr, IfaceInfo } from '../../model';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, showFilters, unknownVerb, verbOf } from './ip';
import { briefState, linkHead, linkMac } from './ip-link';

const VERBS = ['show', 'add', 'del', 'change', 'replace', 'flush', 'save', 'restore'] as const;

export function ipAddr({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'address');
    case 'add':
    case 'del':
    case 'replace':
    case 'flush':
      return changed(host.addrCommand(verb, rest));
    case 'show': {
      const filter = showFilters(rest);
      let { dev } = filter;
      let scope: string | null = null;
      let up = false;
      for (let i = 0; i < filter.rest.length; i++) {
        const word = filter.rest[i]!;
        if (word === 'up') up = true;
        else if (word === 'scope') scope = filter.rest[++i] ?? '';
        else if (dev === null && !/^(to|label|dynamic|permanent|primary|secondary|master|type)$/.test(word)) dev = word;
        else return { notModelled: `ip addr show ${word}` };
      }
      if (dev !== null && !host.iface(dev)) return { stderr: `Device "${dev}" does not exist.\n`, exit: 1 };
      const shown = host.interfaces().filter((i) => (dev === null || i.name === dev) && (!up || i.up));
      return { stdout: shown.map((i) => addressesOf(i, options, scope)).join('') };
    }
    default:
      return { notModelled: `ip addr ${verb}` };
  }
}

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };

function addressesOf(iface: IfaceInfo, options: IpOptions, scope: string | null): string {
  const wanted = iface.addresses.filter(
    (a) => (options.family === null || a.family === options.family) && (scope === null || SCOPES[a.scope] === scope),
  );
  // IPv4 comes first, as the kernel dumps one family after the other.
  const ordered = [...wanted.filter((a) => a.family === 4), ...wanted.filter((a) => a.family === 6)];
  if (ordered.length === 0 && (options.family !== null || scope !== null)) return '';
  if (options.brief) {
    const list = ordered.map((a) => `${a.addr}/${a.length} `).join('');
    return `${iface.name.padEnd(16)} ${briefState(iface).padEnd(14)} ${list}\n`;
  }
  if (options.oneLine) {
    const head = `${iface.index}: ${iface.name}    `;
    return ordered.map((a) => `${head}${address(iface, a)}\\       valid_lft forever preferred_lft forever\n`).join('');
  }
  const lines = ordered.map((a) => `    ${address(iface, a)}\n       valid_lft forever preferred_lft forever\n`);
  // With a family alone there is no line with the MAC.
  const mac = options.family === null ? linkMac(iface) : '';
  return `${linkHead(iface)}\n${mac}${lines.join('')}`;
}

function address(iface: IfaceInfo, a: IfaceAddr): string {
  const name = `${a.addr}/${a.length}`;
  const scope = SCOPES[a.scope] ?? String(a.scope);
  const secondary = a.secondary ? 'secondary ' : '';
  if (a.family === 6) return `inet6 ${name} scope ${scope} ${iface.kind === 'loopback' ? '' : 'nodad '}`;
  return `inet ${name}${a.broadcast === null ? '' : ` brd ${a.broadcast}`} scope ${scope} ${secondary}${iface.name}`;
}
