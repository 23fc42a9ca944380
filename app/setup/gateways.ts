import { type Lab, parsePrefix, prefixContains } from '../../src/engine';
import { linksOf } from './network';

/** A router of the segment: an address there of a host that forwards. */
export function gatewaysOf(lab: Lab, segment: string): readonly { readonly host: string; readonly address: string }[] {
  return linksOf(lab, segment).flatMap(({ host, interface: name }) => {
    const spec = lab.hosts[host];
    const forwards = Object.entries(spec?.sysctl ?? {}).some(
      ([key, value]) => /^net[./]ipv4[./](ip_forward|conf[./]all[./]forwarding)$/.test(key) && Number(value) !== 0,
    );
    const address = spec?.interfaces?.[name]?.addresses?.find((a) => !a.includes(':'));
    return forwards && address !== undefined ? [{ host, address: address.replace(/\/\d+$/, '') }] : [];
  });
}

/** A host that has come to a segment, with a default route by the only router there if it had none; else as it was. */
export function withDefaultRoute(lab: Lab, host: string, segment: string): Lab {
  const spec = lab.hosts[host];
  const { routes = '' } = spec ?? {};
  const [router, another] = gatewaysOf(lab, segment).filter((g) => g.host !== host);
  const own = linksOf(lab, segment).find((l) => l.host === host);
  if (own === undefined || router === undefined || another !== undefined) return lab;
  if (/^\s*(default|0\.0\.0\.0\/0)\s/m.test(routes)) return lab;
  const near = (spec?.interfaces?.[own.interface]?.addresses ?? []).some((text) => {
    const net = parsePrefix(text);
    return net !== null && prefixContains(net, router.address);
  });
  if (!near) return lab;
  const before = routes === '' || routes.endsWith('\n') ? routes : `${routes}\n`;
  const more = `default via ${router.address} dev ${own.interface}\n`;
  return { ...lab, hosts: { ...lab.hosts, [host]: { ...spec, routes: `${before}${more}` } } };
}
