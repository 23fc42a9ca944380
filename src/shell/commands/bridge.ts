import type { Host } from '../../host';
import { linkCommand } from '../../host/lazy';
import { fails, usagePage } from '../output';
import type { CommandOutput, LocalCommand } from '../types';
import { INCOMPLETE } from './ip';

/** bridge-utils 1.7.1 */
export const brctl: LocalCommand = {
  names: ['brctl'],
  help: 'Shows and changes bridges, in the old way',
  run: ({ host, args }) => {
    const [verb, name = '', port = ''] = args;
    switch (verb) {
      case 'show':
        return showBridges(host, args.slice(1));
      case 'showmacs':
        return host.bridges.has(name)
          ? { stdout: macs(host, name) }
          : fails(1, `read of forward table failed: No such device`);
      case 'addbr':
        return addBridge(host, name);
      case 'delbr':
        return deleteBridge(host, name);
      case 'addif':
      case 'delif':
        return ports(host, verb, name, args.slice(2));
      case 'stp':
        if (!host.bridges.has(name)) return fails(1, `set stp status failed: No such device`);
        return /^(off|no|0|false)$/.test(port) ? {} : { notModelled: 'brctl stp on (spanning tree)' };
      case 'hairpin': {
        const [, , , on = ''] = args;
        const error = linkCommand(host, 'set', [port, 'type', 'bridge_slave', 'hairpin', on]);
        return error ? fails(1, `can't set ${port} to hairpin on bridge ${name}: No such device`) : { changed: true };
      }
      case 'showstp':
      case 'setageing':
      case 'setfd':
      case 'sethello':
      case 'setmaxage':
      case 'setpathcost':
      case 'setportprio':
      case 'setbridgeprio':
        return { notModelled: `brctl ${verb}` };
      case undefined:
        return fails(1, USAGE);
      default:
        return fails(1, `never heard of command [${verb}]\n${USAGE}`);
    }
  },
};

const USAGE = usagePage(
  'brctl',
  `usage: brctl show [BRIDGE]
       brctl showmacs BRIDGE
       brctl addbr NEW
       brctl delbr BRIDGE
       brctl addif|delif BRIDGE IF
       brctl hairpin BRIDGE IF on|off
       brctl stp BRIDGE off
`,
);

function portsOf(host: Host, bridge: string): readonly string[] {
  return [...(host.bridges.get(bridge)?.portList() ?? [])].reverse();
}

function showBridges(host: Host, names: readonly string[]): CommandOutput {
  const head = 'bridge name\tbridge id\t\tSTP enabled\tinterfaces\n';
  let stderr = '';
  const shown = names.length > 0 ? names : [...host.bridges.keys()].sort();
  const lines = shown.map((name) => {
    const device = host.iface(name);
    if (!host.bridges.has(name) || !device) {
      stderr += device ? `device ${name} is not a bridge!\n` : `bridge ${name} does not exist!\n`;
      return '';
    }
    const id = `8000.${device.mac.replaceAll(':', '')}`;
    return `${name}\t\t${id}\tno\t\t${[...portsOf(host, name)].sort().join('\n\t\t\t\t\t\t\t')}\n`;
  });
  return { stdout: head + lines.join(''), stderr, exit: stderr === '' ? 0 : 1 };
}

/** Ages are 0: nothing is forgotten here. */
function macs(host: Host, name: string): string {
  const order = portsOf(host, name);
  const own = order.map((port) => ({ port, mac: host.iface(port)!.mac, local: 'yes' }));
  const learned = host.bridges
    .get(name)!
    .entries()
    .map((e) => ({ ...e, local: 'no' }));
  const rows = [...own, ...learned].sort((a, b) => (a.mac < b.mac ? -1 : 1));
  const lines = rows.map((r) => {
    const number = String(order.indexOf(r.port) + 1).padStart(3);
    return `${number}\t${r.mac}\t${r.local}\t\t   0.00\n`;
  });
  return `port no\tmac addr\t\tis local?\tageing timer\n${lines.join('')}`;
}

function addBridge(host: Host, name: string): CommandOutput {
  if (name === '') return fails(1, `Incorrect number of arguments for command\n${USAGE}`);
  if (host.iface(name)) return fails(1, `device ${name} already exists; can't create bridge with the same name`);
  const error = linkCommand(host, 'add', [name, 'type', 'bridge']);
  return error ? fails(1, `add bridge failed: ${error.message}`) : { changed: true };
}

function deleteBridge(host: Host, name: string): CommandOutput {
  const device = host.iface(name);
  if (!device) return fails(1, `bridge ${name} doesn't exist; can't delete it`);
  if (!host.bridges.has(name)) return fails(1, `can't delete bridge ${name}: Operation not permitted`);
  if (device.up) return fails(1, `bridge ${name} is still up; can't delete it`);
  const error = linkCommand(host, 'del', [name]);
  return error ? fails(1, `can't delete bridge ${name}: ${error.message}`) : { changed: true };
}

function ports(host: Host, verb: 'addif' | 'delif', bridge: string, names: readonly string[]): CommandOutput {
  let changed = false;
  for (const name of names) {
    const device = host.iface(name);
    if (!device) return { ...fails(1, `interface ${name} does not exist!`), changed };
    if (!host.bridges.has(bridge)) return { ...fails(1, `bridge ${bridge} does not exist!`), changed };
    if (verb === 'addif' && device.master !== '') {
      const said = `device ${name} is already a member of a bridge; can't add it to bridge ${bridge}.`;
      return { ...fails(1, said), changed };
    }
    if (verb === 'delif' && device.master !== bridge)
      return { ...fails(1, `device ${name} is not a port of ${bridge}`), changed };
    const words = verb === 'addif' ? ['master', bridge] : ['nomaster'];
    const error = linkCommand(host, 'set', [name, ...words]);
    if (error)
      return { ...fails(1, `can't add ${name} to bridge ${bridge}: ${error.message.replace(/^.*: /, '')}`), changed };
    changed = true;
  }
  return { changed };
}

/** `bridge` of iproute2 6.1 */
export const bridge: LocalCommand = {
  names: ['bridge'],
  help: 'Shows ports, MACs and VLANs of bridges',
  run: ({ host, args }) => {
    const options = args.filter((a) => a.startsWith('-'));
    const odd = options.find((a) => !/^-(o|oneline|d|details|c|color)$/.test(a));
    if (odd !== undefined) {
      return /^-(j|json|p|pretty|s|statistics|n|netns|t|timestamp|b|batch)$/.test(odd)
        ? { notModelled: `bridge ${odd}` }
        : fails(255, `Option "${odd}" is unknown, try "bridge help".`);
    }
    const [object = '', verb = 'show', ...rest] = args.filter((a) => !a.startsWith('-'));
    const shows = 'show'.startsWith(verb) || 'list'.startsWith(verb) || verb === 'lst';
    if (object === '' || object === 'help') return fails(255, BRIDGE_USAGE);
    if ('link'.startsWith(object)) {
      if (verb === 'set') {
        const words = rest.filter((w) => w !== 'dev');
        if (!/^(hairpin)$/.test(words[1] ?? '')) return { notModelled: `bridge link set ${words[1] ?? ''}` };
        const error = linkCommand(host, 'set', [words[0]!, 'type', 'bridge_slave', 'hairpin', words[2] ?? '']);
        return error ? fails(error.exit, error.message) : { changed: true };
      }
      if (!shows) return fails(255, `Command "${verb}" is unknown, try "bridge link help".`);
      if (options.some((o) => /^-d/.test(o))) return { notModelled: 'bridge -d link' };
      if (rest.at(-1) === 'dev') return INCOMPLETE;
      const dev = rest.filter((w) => w !== 'dev')[0];
      if (dev !== undefined && !host.iface(dev)) return fails(255, `Cannot find device "${dev}"`);
      return { stdout: links(host, dev) };
    }
    if ('fdb'.startsWith(object)) return shows ? fdb(host, rest) : fdbChange(verb);
    if ('vlan'.startsWith(object)) {
      const dev = rest[rest.indexOf('dev') + 1];
      if (shows && rest.includes('dev') && dev === undefined) return INCOMPLETE;
      if (shows && dev !== undefined && !host.iface(dev)) return fails(255, `Cannot find device "${dev}"`);
      return shows ? { stdout: 'port              vlan-id  \n' } : { notModelled: `bridge vlan ${verb} (VLANs)` };
    }
    if (['mdb', 'monitor', 'vni'].some((name) => name.startsWith(object))) return { notModelled: `bridge ${object}` };
    return fails(255, `Object "${object}" is unknown, try "bridge help".`);
  },
};

const BRIDGE_USAGE = usagePage(
  'bridge',
  `usage: bridge link|fdb|vlan
       bridge link show [dev IF]
       bridge link set dev IF hairpin on|off
       bridge fdb show [br BRIDGE] [brport IF]
`,
);

function links(host: Host, dev: string | undefined): string {
  const lines = host.interfaces().map((i) => {
    if (i.master === '' || (dev !== undefined && i.name !== dev)) return '';
    const up = i.up ? ',UP,LOWER_UP' : '';
    const state = i.up && host.iface(i.master)?.up ? 'forwarding' : 'disabled';
    return `${i.index}: ${i.name}: <BROADCAST,MULTICAST${up}> mtu ${i.mtu} master ${i.master} state ${state} priority 32 cost 2 \n`;
  });
  return lines.join('');
}

/** What bridges know; the groups that an interface itself listens to (`self`) are left out. */
function fdb(host: Host, words: readonly string[]): CommandOutput {
  const option = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const of = option('br') ?? option('master');
  const dev = option('dev') ?? option('brport');
  if (/^(br|master|dev|brport)$/.test(words.at(-1) ?? '')) return INCOMPLETE;
  const odd = words.find(
    (w, i) => !/^(br|master|dev|brport)$/.test(w) && !/^(br|master|dev|brport)$/.test(words[i - 1] ?? ''),
  );
  if (odd !== undefined) return { notModelled: `bridge fdb show ${odd}` };
  if (of !== undefined && !host.iface(of)) return fails(255, `Cannot find bridge device "${of}"`);
  if (dev !== undefined && !host.iface(dev)) return fails(255, `Cannot find device "${dev}"`);
  const lines = host.interfaces().flatMap((i) => {
    const master = host.bridges.has(i.name) ? i.name : i.master;
    if (master === '' || (of !== undefined && master !== of) || (dev !== undefined && i.name !== dev)) return [];
    const learned = host.bridges
      .get(master)!
      .entries()
      .filter((e) => e.port === i.name);
    const shownDev = dev === undefined ? ` dev ${i.name}` : '';
    return [
      ...learned.map((e) => `${e.mac}${shownDev} master ${master} \n`),
      `${i.mac}${shownDev} master ${master} permanent\n`,
    ];
  });
  return { stdout: lines.join('') };
}

function fdbChange(verb: string): CommandOutput {
  if (['add', 'append', 'replace', 'delete', 'del', 'get', 'flush'].includes(verb))
    return { notModelled: `bridge fdb ${verb}` };
  return fails(255, `Command "${verb}" is unknown, try "bridge fdb help".`);
}
