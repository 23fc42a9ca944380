import { attempt, loadRoutes, loadRules } from '../fib';
import { type Family, localMac } from '../wire';
import { changeAddress, initLoopback, ipv6Changed } from './addresses';
import type { Host } from './host';
import { addDevice, setMaster, setUp, validName } from './links';
import { sysctlName } from './sysctl';
import type { InterfaceSpec, TextLoad } from './types';

/**
 * Makes the interfaces of a lab, puts them up, then gives them their addresses. What is refused is left out; `tool` says
 * which of the two was refused first.
 */
export function configureInterfaces(
  host: Host,
  specs: Readonly<Record<string, InterfaceSpec>>,
): { readonly tool: 'interfaces' | 'addresses'; readonly message: string } | null {
  const refused = makeInterfaces(host, specs);
  const badAddress = giveAddresses(host, specs);
  if (refused !== null) return { tool: 'interfaces', message: refused };
  return badAddress === null ? null : { tool: 'addresses', message: badAddress };
}

function makeInterfaces(host: Host, specs: Readonly<Record<string, InterfaceSpec>>): string | null {
  let refused: string | null = null;
  const refuse = (message: string) => {
    refused ??= message;
  };
  const entries = Object.entries(specs);
  const macOf = (i: number, spec: InterfaceSpec) => spec.mac?.toLowerCase() ?? localMac(0, host.index, i + 1);
  // Bridges come after everything that is plugged in from outside.
  for (const bridges of [false, true]) {
    entries.forEach(([name, spec], i) => {
      const kind = spec.kind ?? 'segment';
      if ((kind === 'bridge') !== bridges) return;
      if (!validName(name)) refuse(`Error: argument "${name}" is wrong: "name" not a valid ifname`);
      else if (host.devices.has(name)) refuse('RTNETLINK answers: File exists');
      else
        addDevice(
          host,
          name,
          kind === 'segment' ? 'ethernet' : kind,
          macOf(i, spec),
          spec.mtu ?? 1500,
          spec.segment ?? '',
        );
    });
  }
  for (const [name, spec] of entries) {
    const device = host.devices.get(name);
    if (!device) continue;
    if (spec.master) {
      const error = setMaster(host, device, spec.master);
      if (error !== null) refuse(error);
    }
  }
  // A bridge carries something once its ports do.
  for (const device of [...host.devices.values()]) if (Object.hasOwn(specs, device.name)) setUp(host, device, true);
  return refused;
}

function giveAddresses(host: Host, specs: Readonly<Record<string, InterfaceSpec>>): string | null {
  let refused: string | null = null;
  for (const [name, spec] of Object.entries(specs)) {
    for (const address of spec.addresses ?? []) {
      const words = [address, 'dev', name, ...(address.includes(':') ? ['nodad'] : ['brd', '+'])];
      const error = attempt(() => changeAddress(host, 'add', words));
      if (error !== null) refused ??= `${address} dev ${name}: ${error.message}`;
    }
  }
  return refused;
}

/**
 * Writes one sysctl, `net/ipv4/…` or `net.ipv4.…`; null if that worked, else what the kernel says (`Invalid argument` …).
 *
 * Kernel: proc_sys_write() and what the handlers do
 */
export function writeSysctl(host: Host, key: string, value: string): string | null {
  const name = sysctlName(key);
  if (name === null) return 'No such file or directory';
  const mtu6 = /^ipv6\.conf\.(.+)\.mtu$/.exec(name);
  // Kernel: addrconf_sysctl_mtu()
  if (mtu6 && Number(value) > (host.devices.get(mtu6[1]!)?.mtu ?? Number.POSITIVE_INFINITY)) return 'Invalid argument';
  const off = [...host.devices.values()].filter((device) => !host.ipv6On(device.name));
  const error = host.proc.set(name, value);
  if (error !== null) return error;
  if (!/^ipv6\.conf\..*\.(forwarding|disable_ipv6)$/.test(name)) return null;
  ipv6Changed(host);
  // Kernel: dev_disable_change()
  for (const device of off) if (device.up && host.ipv6On(device.name)) initLoopback(host, device);
  return null;
}

/** Text of `ip route` lines. */
export function loadRouteText(host: Host, family: Family, text: string): TextLoad {
  return loadRoutes(host.fib[family], text, host);
}

/** Text of `ip rule` lines. */
export function loadRuleText(host: Host, family: Family, text: string): TextLoad {
  return loadRules(host.fib[family], text);
}
