import type { HostView } from '../../src/engine';
import type { HookFamily, HookName } from '../../src/model';
import { isOwnHookName, newHook, withList } from '../setup';
import { type InjectPlace, type Selection, stores, useHostState, useHostView, useLab, useRun } from '../store';
import { Badge, Button, Chip, Empty, Glyph, Icon, Tag, thin } from '../ui';
import { Scroll } from './Scroll';

/** Details of what is selected in the graph, where it is no chain. */
export function SelectionPanel({ selection }: { readonly selection: Exclude<Selection, { readonly kind: 'chain' }> }) {
  const view = useHostView(selection.host);
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
      return <Interface view={view} name={selection.interface} />;
    case 'hook':
    case 'function':
      return <Hook view={view} selection={selection} />;
    case 'local':
      return <Local view={view} />;
    case 'routing':
      return <Routing view={view} />;
    case 'host':
      return <Host view={view} />;
  }
}

function Title({ children, what }: { readonly children: React.ReactNode; readonly what: string }) {
  return (
    <>
      <h2 className="font-[670] text-[18px] wrap-anywhere">{children}</h2>
      <p className="pb-3 text-[13px] text-t2">{what}</p>
    </>
  );
}

function Facts({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-[5px] text-[13px]">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-t3 wrap-anywhere">{name}</dt>
            <dd className="mono m-0 whitespace-pre-line text-[12.5px] wrap-anywhere">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Inject({
  host,
  place,
  children,
}: {
  readonly host: string;
  readonly place: InjectPlace;
  readonly children: string;
}) {
  return (
    <Button
      size="sm"
      icon="send"
      className="mt-4"
      data-testid="inject-here"
      onClick={() => stores.view.getState().openComposer({ host, place })}
    >
      {children}
    </Button>
  );
}

function Interface({ view, name }: { readonly view: HostView; readonly name: string }) {
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
            <p key={`${r.family} ${r.table} ${r.text}`} className="mono py-[2px] text-[12.5px] wrap-anywhere">
              {r.text}
              {r.table !== 'main' && <span className="font-sans text-t3"> table {r.table}</span>}
            </p>
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

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="border-line border-b pb-1 font-[650] text-[13.5px]">{title}</h3>
      <div className="pt-1">{children}</div>
    </section>
  );
}

/** A row that leads to what it names. */
function Line({
  name,
  value,
  onClick,
}: {
  readonly name: string;
  readonly value: string;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex min-h-8 w-full items-center gap-2 rounded-[6px] px-1 text-left text-[13px] hover:bg-raised pointer-coarse:min-h-11"
    >
      <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,96px)_minmax(0,1fr)] items-baseline gap-x-3 py-[3px]">
        <span className="mono text-[12.5px] wrap-anywhere">{name}</span>
        <span className="mono whitespace-pre-line text-[12.5px] text-t2 wrap-anywhere">{value}</span>
      </span>
      <Icon name="right" size={14} className="flex-none text-t3" />
    </button>
  );
}

const HOOKS: Readonly<Record<string, string>> = {
  PREROUTING: 'Every packet that arrives comes here, before the route is looked up.',
  INPUT: 'Packets for this host come here, on their way to a program.',
  FORWARD: 'Packets passing through this host come here.',
  OUTPUT: 'Packets made on this host come here. Their route has been looked up already.',
  POSTROUTING: 'Every packet that leaves comes here last.',
  INGRESS: 'Every frame that an interface has received.',
  EGRESS: 'Every frame that an interface is about to send.',
};

function Hook({
  view,
  selection,
}: {
  readonly view: HostView;
  readonly selection: Extract<Selection, { readonly kind: 'hook' | 'function' }>;
}) {
  const hook = view.hooks.find((h) => h.hook === selection.hook && h.family === selection.family);
  return (
    <>
      <Title what={HOOKS[selection.hook] ?? ''}>{selection.hook}</Title>
      <ol className="m-0 flex list-none flex-col gap-[6px] p-0">
        {(hook?.functions ?? []).map((fn) => {
          const on = selection.kind === 'function' && selection.fn === fn.name;
          const { table } = fn;
          const row = (
            <>
              <span className="num w-[52px] text-right text-[12.5px] text-t3">{priorityText(fn.priority)}</span>
              <Tag hue={table ?? 'conntrack'}>{fn.name}</Tag>
              <span className="min-w-0 flex-1 text-left text-[13px] text-t2 leading-[1.3] wrap-anywhere">
                {table === null
                  ? (SUBSYSTEMS[fn.subsystem] ?? fn.subsystem)
                  : fn.rules === 0
                    ? 'no rules'
                    : `${thin(fn.rules)} ${fn.rules === 1 ? 'rule' : 'rules'} · ${fn.policy}`}
              </span>
              {(table !== null || fn.subsystem === 'user') && <Icon name="right" size={14} className="text-t3" />}
            </>
          );
          const style = `flex min-h-10 w-full py-1 items-center gap-2 rounded-card border px-2 ${on ? 'border-line-2 bg-raised' : 'border-line bg-card'}`;
          return (
            <li key={fn.name}>
              {table === null && fn.subsystem !== 'user' ? (
                <div className={style}>{row}</div>
              ) : table === null ? (
                <button
                  type="button"
                  className={`${style} hover:bg-raised`}
                  data-testid={`edit-function-${fn.name}`}
                  onClick={() => editOwn(view.name, selection, fn.name)}
                >
                  {row}
                </button>
              ) : (
                <button
                  type="button"
                  className={`${style} hover:bg-raised`}
                  onClick={() =>
                    stores.view
                      .getState()
                      .select(
                        { kind: 'chain', host: view.name, family: selection.family, table, chain: selection.hook },
                        'chain',
                      )
                  }
                >
                  {row}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {(hook?.functions.length ?? 0) === 0 && <p className="text-t2">Nothing is registered here. Packets pass.</p>}
      <div className="flex flex-wrap gap-2">
        <Inject host={view.name} place={{ at: 'hook', hook: selection.hook }}>
          Send a packet here
        </Inject>
        {isOwnHookName(selection.hook) && (
          <Button
            size="sm"
            icon="plus"
            className="mt-4"
            data-testid="add-function-here"
            onClick={() => addOwn(view.name, selection)}
          >
            Add a hook function here
          </Button>
        )}
      </div>
    </>
  );
}

/** A function of one's own is added at the hook on show, and opened in the editor. */
function addOwn(host: string, { hook, family }: { readonly hook: HookName; readonly family: HookFamily }): void {
  if (!isOwnHookName(hook)) return;
  const { lab, editHost } = stores.lab.getState();
  const line = (lab.hosts[host]?.hooks ?? []).length + 1;
  editHost(host, (h) =>
    withList(h, 'hooks', [...(h.hooks ?? []), newHook(h.hooks ?? [], hook, family === 'ip6' ? 'ip6' : 'ip')]),
  );
  stores.view.getState().openEditor({ host, member: 'hooks', line });
}

function editOwn(
  host: string,
  { hook, family }: { readonly hook: HookName; readonly family: HookFamily },
  name: string,
): void {
  const all = stores.lab.getState().lab.hosts[host]?.hooks ?? [];
  const at = all.findIndex((h) => h.name === name && h.hook === hook && (h.family ?? 'ip') === family);
  stores.view.getState().openEditor({ host, member: 'hooks', line: at + 1 });
}

const SUBSYSTEMS: Readonly<Record<string, string>> = {
  conntrack: 'finds or makes the flow',
  confirm: 'puts the flow into the table',
  defrag: 'puts fragments together',
  nft: 'nftables chain',
  ipvs: 'virtual server',
  bpf: 'BPF program',
  user: 'hook function of your own',
};

function priorityText(priority: number): string {
  return priority >= 2147483647 ? 'last' : String(priority).replace('-', '−');
}

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
              <p key={`${r.table} ${r.text}`} className="mono py-[2px] text-[12.5px] wrap-anywhere">
                {r.text}
                {r.table !== 'main' && <span className="font-sans text-t3"> table {r.table}</span>}
              </p>
            ))}
          </Part>
        );
      })}
      {routes.length === 0 && <p className="text-t2">No routes: packets for other networks can not be sent.</p>}
      <Button size="sm" className="mt-4" onClick={() => stores.view.getState().setTab('routes')}>
        Show the lookup
      </Button>
    </>
  );
}

function Host({ view }: { readonly view: HostView }) {
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
  return `${families}, ${thin(flows)} ${flows === 1 ? 'flow' : 'flows'}`;
}
