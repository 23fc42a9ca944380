import { maskLength } from '../../wire';
import { type HostMask, hostMask } from '../read/host-kinds';
import { oneOf } from '../read/kinds';
import { port, protocol } from '../read/port-kinds';
import { defineMatch, flag, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';

interface Negatable<T> {
  readonly value: T;
  readonly negated: boolean;
}

interface IpvsConfig {
  /** `--ipvs` alone. */
  readonly any: { readonly negated: boolean } | null;
  readonly proto: Negatable<number> | null;
  readonly addr: Negatable<HostMask> | null;
  readonly port: Negatable<number> | null;
  readonly dir: 'ORIGINAL' | 'REPLY' | null;
  readonly method: Negatable<string> | null;
  readonly control: Negatable<number> | null;
}

const DIRS = ['ORIGINAL', 'REPLY'] as const;
const METHODS = ['GATE', 'IPIP', 'MASQ'] as const;
const NEGATABLE = { negatable: true } as const;
const bad = (name: string): string => `ipvs: Bad value for "--${name}" option: "%s"`;

export const ipvs = defineMatch({
  name: 'ipvs',
  title: 'Virtual server',
  help: 'Connections of IPVS. The kernel that labs are compared with is built without it: a ruleset with it does not load.',
  absent: true,
  options: {
    ipvs: flag('Belongs to a connection of IPVS', NEGATABLE),
    vproto: option(protocol, 'Protocol of the service', NEGATABLE),
    vaddr: option(hostMask, 'Address of the service', NEGATABLE),
    vport: option(port, 'Port of the service', NEGATABLE),
    vdir: option(oneOf(DIRS, bad('vdir'), true), 'Direction of the packet'),
    vmethod: option(oneOf(METHODS, bad('vmethod'), true), 'How packets get to the real server', NEGATABLE),
    vportctl: option(port, 'Port of the service that the connection belongs to', NEGATABLE),
  },
  parse: (uses): Read<IpvsConfig> => {
    const kept = <T>(use: Negatable<T> | undefined): Negatable<T> | null =>
      use === undefined ? null : { value: use.value, negated: use.negated };
    const { ipvs: any, vproto, vaddr, vport, vdir, vmethod, vportctl } = uses;
    const others = [vproto, vaddr, vport, vdir, vmethod, vportctl].some((use) => use !== undefined);
    if (any === undefined && !others) {
      return new Refusal('option-missing', 'IPVS: At least one option is required');
    }
    if (any?.negated && others) {
      return new Refusal('options-clash', '! --ipvs cannot be together with other options');
    }
    return {
      any: others ? null : { negated: any!.negated },
      proto: kept(vproto),
      addr: kept(vaddr),
      port: kept(vport),
      dir: vdir?.value ?? null,
      method: kept(vmethod),
      control: kept(vportctl),
    };
  },
  print: (c, { family }) => ipvsText(c, '--', family),
  list: (c, { family }) => ipvsText(c, '', family),
});

function ipvsText(c: IpvsConfig, prefix: string, family: XtFamily): string {
  let out = '';
  const add = (negated: boolean, text: string): void => {
    out += `${not(negated)} ${prefix}${text}`;
  };
  if (c.any !== null) add(c.any.negated, 'ipvs');
  if (c.proto !== null) add(c.proto.negated, `vproto ${c.proto.value}`);
  if (c.addr !== null) add(c.addr.negated, `vaddr ${network(c.addr.value, family)}`);
  if (c.port !== null) add(c.port.negated, `vport ${c.port.value}`);
  if (c.dir !== null) add(false, `vdir ${c.dir}`);
  if (c.method !== null) add(c.method.negated, `vmethod ${c.method.value}`);
  if (c.control !== null) add(c.control.negated, `vportctl ${c.control.value}`);
  return out;
}

function network({ addr, mask }: HostMask, family: XtFamily): string {
  const length = maskLength(mask);
  return length === (family === 'ip' ? 32 : 128) ? addr : `${addr}/${length ?? mask}`;
}
