import type { HostView } from '../../src/engine';
import { type Selection, stores, useHostNow, useHostState } from '../store';
import { Badge, Button, Chip, Empty, Glyph } from '../ui';
import { Inject, Part, RouteLine, Title } from './details';
import { HookDetails } from './HookDetails';
import { HostDetails, InterfaceDetails } from './HostDetails';
import { Scroll } from './Scroll';

/** Details of what is selected in the graph, where it is no chain. */
export function SelectionPanel({ selection }: { readonly selection: Exclude<Selection, { readonly kind: 'chain' }> }) {
  const view = useHostNow(selection.host);
  if (view === undefined) return <Empty text={`There is no host ${selection.host}.`} />;
  return (
    <Scroll label="Details" className="flex-1 px-[14px] pt-[14px] pb-4">
      <Chip className="mb-3" data-testid="follow" onClick={() => stores.view.getState().followPacket()}>
        <Glyph name="here" size={13} />
        follow the packet
      </Chip>
      {details(selection, view)}
    </Scroll>
  );
}

function details(selection: Exclude<Selection, { readonly kind: 'chain' }>, view: HostView): React.ReactNode {
  switch (selection.kind) {
    case 'interface':
      return <InterfaceDetails view={view} name={selection.interface} />;
    case 'hook':
    case 'function':
      return <HookDetails view={view} selection={selection} />;
    case 'local':
      return <Local view={view} />;
    case 'routing':
      return <Routing view={view} />;
    case 'host':
      return <HostDetails view={view} />;
  }
}

/** The sockets that listen on a host. */
function Local({ view }: { readonly view: HostView }) {
  return (
    <>
      <Title what={`Programs on ${view.name} that wait for packets`}>Local processes</Title>
      {view.listeners.length === 0 && (
        <p className="text-t2">Nothing listens. TCP is answered with a RST, UDP with port unreachable.</p>
      )}
      <ul className="m-0 list-none p-0" data-testid="listeners">
        {view.listeners.map((l) => (
          <li
            key={`${l.protocol} ${l.address} ${l.port}`}
            className="flex flex-wrap items-baseline gap-x-2 border-line border-b py-[6px] text-[13px]"
          >
            <Badge>{l.protocol}</Badge>
            <span className="mono min-w-0 wrap-anywhere">{listenerText(l.address, l.port)}</span>
            <span className="ml-auto text-t2">{SERVICES[l.service] ?? l.service}</span>
          </li>
        ))}
      </ul>
      <Inject host={view.name} place={{ at: 'local' }}>
        Send from here
      </Inject>
    </>
  );
}

const SERVICES: Readonly<Record<string, string>> = {
  echo: 'echoes',
  http: 'serves HTTP',
  dns: 'answers DNS',
  silent: 'takes, does not answer',
};

/** As `ss -l` writes it: `*` for any address, IPv4 and IPv6. */
function listenerText(address: string, port: number): string {
  if (address === '') return `*:${port}`;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The routes of a host, and the rules that are asked before the main table. */
function Routing({ view }: { readonly view: HostView }) {
  const state = useHostState(view.name);
  const routes = (state?.routes ?? []).filter((r) => r.table !== 'local');
  const custom = (state?.rules ?? []).filter((r) => r.priority !== 0 && r.priority < 32766);
  return (
    <>
      <Title what="Decides whether a packet is for this host, or by which interface it leaves.">Routing</Title>
      {custom.length > 0 && (
        <Part title="Rules that are asked before the main table">
          {custom.map((r) => (
            <p key={`${r.family} ${r.priority} ${r.text}`} className="mono py-[2px] text-[12.5px] wrap-anywhere">
              {r.priority}: {r.text}
              {r.family === 'ip6' && <span className="font-sans text-t3"> IPv6</span>}
            </p>
          ))}
        </Part>
      )}
      {(['ip', 'ip6'] as const).map((family) => {
        const own = routes.filter((r) => r.family === family);
        if (own.length === 0) return null;
        return (
          <Part key={family} title={family === 'ip6' ? 'Routes, IPv6' : 'Routes'}>
            {own.map((r) => (
              <RouteLine key={`${r.table} ${r.text}`} route={r} />
            ))}
          </Part>
        );
      })}
      {routes.length === 0 && <p className="text-t2">No routes: packets for other networks cannot be sent.</p>}
      <Button size="sm" className="mt-4" onClick={() => stores.view.getState().setTab('routes')}>
        Show the lookup
      </Button>
    </>
  );
}
