import type { HostView } from '../../src/engine';
import { stores, useHostState, useLab, useRun } from '../store';
import { Button, counted, Empty } from '../ui';
import { Facts, Inject, Line, Part, RouteLine, Title } from './details';

/** A host: what it forwards, its interfaces, the sysctls that the lab sets. */
export function HostDetails({ view }: { readonly view: HostView }) {
  const left = useLab((s) => s.lab.hosts[view.name]?.sysctl);
  const now = useHostState(view.name);
  const sysctls = Object.entries(left ?? {});
  return (
    <>
      <Title what={view.forwarding.ip || view.forwarding.ip6 ? 'Forwards packets' : 'Does not forward packets'}>
        {view.title || view.name}
      </Title>
      <Facts
        rows={[
          ['name', view.title === '' || view.title === view.name ? '' : view.name],
          [
            'forwards',
            [view.forwarding.ip ? 'IPv4' : '', view.forwarding.ip6 ? 'IPv6' : ''].filter(Boolean).join(', '),
          ],
          ['conntrack', conntrackText(view, now?.conntrack.entries.length ?? 0)],
        ]}
      />
      <Part title="Interfaces">
        {view.interfaces
          .filter((i) => i.kind !== 'loopback')
          .map((i) => (
            <Line
              key={i.name}
              name={i.name}
              value={
                (addressesOf(now?.addresses, i.name) ?? i.addresses).join('\n') ||
                (i.master === '' ? 'no address' : `port of ${i.master}`)
              }
              onClick={() => stores.view.getState().select({ kind: 'interface', host: view.name, interface: i.name })}
            />
          ))}
      </Part>
      {sysctls.length > 0 && (
        <Part title="sysctl">
          {sysctls.map(([key, value]) => (
            <p key={key} className="mono flex flex-wrap gap-x-2 py-[2px] text-[12.5px]">
              <span className="min-w-0 text-t2 wrap-anywhere">{key}</span>
              <span className="ml-auto">{String(value)}</span>
            </p>
          ))}
        </Part>
      )}
      <div className="flex flex-wrap gap-2">
        <Inject host={view.name} place={{ at: 'host' }}>
          Send from here
        </Inject>
        <Button size="sm" className="mt-4" onClick={() => stores.view.getState().showHost(view.name)}>
          Open
        </Button>
      </div>
    </>
  );
}

function conntrackText({ conntrack }: HostView, flows: number): string {
  if (!conntrack.ip && !conntrack.ip6) return 'off: no rule asks for it';
  const families = conntrack.ip && conntrack.ip6 ? 'on' : `on for ${conntrack.ip ? 'IPv4' : 'IPv6'}`;
  return `${families}, ${counted(flows, 'flow')}`;
}

/** An interface: its addresses now, its segment with those on it, the routes that leave by it. */
export function InterfaceDetails({ view, name }: { readonly view: HostView; readonly name: string }) {
  const device = view.interfaces.find((i) => i.name === name);
  const segments = useRun((s) => s.result?.segments);
  const now = useHostState(view.name);
  const sysctl = useLab((s) => s.lab.hosts[view.name]?.sysctl);
  if (device === undefined) return <Empty text={`${view.name} has no interface ${name}.`} />;
  const ports = view.interfaces.filter((i) => i.master === name).map((i) => i.name);
  const others = (segments?.find((s) => s.name === device.segment)?.ports ?? []).filter(
    (p) => p.host !== view.name || p.interface !== name,
  );
  const addresses = addressesOf(now?.addresses, name) ?? device.addresses;
  const routes = (now?.routes ?? []).filter((r) => r.table !== 'local' && ` ${r.text} `.includes(` dev ${name} `));
  const own = Object.entries(sysctl ?? {}).filter(([key]) => key.includes(`.${name}.`) || key.includes(`/${name}/`));
  return (
    <>
      <Title what={`Interface of ${view.name}${device.kind === 'ethernet' ? '' : `, a ${device.kind}`}`}>{name}</Title>
      <Facts
        rows={[
          ['addresses', addresses.join('\n') || 'none'],
          ['segment', device.segment],
          ['MAC', device.kind === 'loopback' ? '' : device.mac],
          ['MTU', String(device.mtu)],
          ['port of', device.master],
          ['ports', ports.join(' ')],
          ...own.map(([key, value]): readonly [string, string] => [key.split(/[./]/).at(-1) ?? key, String(value)]),
        ]}
      />
      {others.length > 0 && (
        <Part title="On the same segment">
          {others.map((p) => (
            <Line
              key={`${p.host} ${p.interface}`}
              name={p.host}
              value={p.interface}
              onClick={() => stores.view.getState().select({ kind: 'interface', host: p.host, interface: p.interface })}
            />
          ))}
        </Part>
      )}
      {routes.length > 0 && (
        <Part title="Routes that leave by it">
          {routes.map((r) => (
            <RouteLine key={`${r.family} ${r.table} ${r.text}`} route={r} />
          ))}
        </Part>
      )}
      {device.kind === 'ethernet' && (
        <Inject host={view.name} place={{ at: 'interface', interface: name }}>
          Let a packet arrive here
        </Inject>
      )}
    </>
  );
}

/** The addresses that an interface has now, from the host's `NAME ADDRESS/LENGTH` lines. */
function addressesOf(lines: readonly string[] | undefined, name: string): readonly string[] | null {
  return lines?.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1)) ?? null;
}
