import type { Node, NodeProps, NodeTypes } from '@xyflow/react';
import { memo, useMemo } from 'react';
import type { RunResult } from '../../src/engine';
import { type Beat, hostIcon, stores, useView } from '../store';
import { Button, counted, cx, Glyph, Icon } from '../ui';
import { MiniHooks, type MiniState } from './MiniHooks';
import { ConnectHandle } from './NetworkConnect';
import { useNet, useNetMoment } from './net';
import { addressLines, type HostCard, NAME, shownAddresses } from './networkCards';
import { endWord, NOTHING } from './networkState';
import { SendButton } from './SendButton';
import { WireLog } from './WireLog';

export type NetNode =
  | Node<{ readonly card: HostCard }, 'host'>
  | Node<Record<string, never>, 'heading'>
  | Node<Record<string, never>, 'wirelog'>;

function Heading() {
  const { run, layout, editing } = useNet();
  const presenter = useView((s) => s.presenter);
  const bridges = run.hosts.reduce((sum, h) => sum + h.interfaces.filter((i) => i.kind === 'bridge').length, 0);
  // Also those that nobody is on yet.
  const segments = layout.wires.length + layout.leftOut.length;
  const large = layout.wires.some((wire) => wire.segment.large);
  const words = [counted(run.hosts.length, 'host'), counted(segments, 'segment')];
  if (bridges > 0) words.push(counted(bridges, 'bridge'));
  return (
    <header>
      <div className="flex items-center gap-3">
        <h2 className="text-[30px] leading-[1.3] tracking-[-0.025em]">Network</h2>
        {!editing && !presenter && (
          <Button
            size="sm"
            icon="edit"
            className={cx('nodrag nopan', large && 'h-[38px] text-[18.5px]')}
            data-testid="network-edit"
            onClick={() => stores.view.getState().editNetwork({})}
          >
            Edit network
          </Button>
        )}
      </div>
      <p className={cx('mt-1 text-t2', large && 'text-[20px] leading-none')}>{words.join(', ')}</p>
      {layout.leftOut.length > 0 && (
        <p className="truncate text-[13px] text-t3" title={layout.leftOut.join('\n')} data-testid="wires-left-out">
          {layout.leftOut.length} wires with one host only are not drawn: {layout.leftOut.join(', ')}
        </p>
      )}
    </header>
  );
}

/** A host: who it is, how steps went on it, where the packet is. While the network is edited, a click picks it. */
function HostNode({ data: { card } }: NodeProps<Extract<NetNode, { type?: 'host' }>>) {
  const { lab, run, starts, editing } = useNet();
  const { state, beat } = useNetMoment();
  const picked = useView((s) => s.networkEdit?.pick?.kind === 'host' && s.networkEdit.pick.name === card.host.name);
  const { host } = card;
  const { name } = host;
  const mini = state.mini.get(name) ?? NOTHING;
  const here = !state.onWire && beat !== undefined && beat.packet !== '' && state.host === name;
  const rules = host.hooks.reduce((sum, h) => sum + h.functions.reduce((n, fn) => n + fn.rules, 0), 0);
  const lines = useMemo(() => addressLines(host), [host]);
  const open = (): void => stores.view.getState().showHost(name);
  const pick = (): void => stores.view.getState().editNetwork({ pick: { kind: 'host', name } });
  const first = starts.get(name);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one stop of Tab for each host; Enter opens it
      tabIndex={0}
      className={cx(
        'relative size-full rounded-[16px] border-[1.5px] bg-card p-[14px_16px] text-left',
        card.small && '!p-[9px_14px]',
        here
          ? 'border-(--packet-ring) shadow-[0_0_0_5px_var(--packet-halo)]'
          : editing && picked
            ? 'border-filter shadow-[0_0_0_1px_var(--filter)]'
            : 'border-line-2',
      )}
      aria-label={`Host ${name}${here ? `, the packet ${state.ended === null ? 'is' : 'ended'} here` : ''}`}
      data-testid={`host-${name}`}
      data-state={here ? 'current' : 'idle'}
      onDoubleClick={open}
      onClick={() => {
        if (editing) pick();
      }}
      onKeyDown={(e) => {
        if (e.target !== e.currentTarget || e.key !== 'Enter') return;
        if (editing) pick();
        else open();
      }}
    >
      {editing && <ConnectHandle card={card} />}
      <div className={cx('flex items-center gap-[9px]', !card.wide && 'pr-7')}>
        <Icon name={hostIcon(lab.hosts[name])} size={20} className="text-t2" />
        <button
          type="button"
          tabIndex={-1}
          className={cx(
            'min-w-0 text-left font-[680] tracking-[-0.01em] hover:underline',
            name.length > 14 && (card.wide || name.length > 20)
              ? 'line-clamp-2 text-[14px] leading-[1.15] [overflow-wrap:anywhere]'
              : 'truncate text-[18px]',
          )}
          onClick={(e) => {
            e.stopPropagation();
            if (editing) pick();
            else open();
          }}
          title={[editing ? name : `Open ${name}`, ...(card.small ? lines : [])].join('\n')}
        >
          {name}
        </button>
        <span className="flex-1" />
        {card.small && <EndMark state={mini} />}
        {card.wide && lines[0] !== undefined && <span className="mono text-[14px]">{lines[0]}</span>}
      </div>
      <SendButton
        host={name}
        place={{ at: 'host' }}
        label={`Send a packet from ${name}`}
        className={cx(
          'absolute',
          // The first line of a wide card ends with an address.
          card.wide ? 'right-[10px] bottom-[10px]' : card.small ? 'top-[9px] right-[9px]' : 'top-[10px] right-[10px]',
        )}
      />
      {!card.small && (
        <div className="mb-[6px] ml-[29px] flex justify-between gap-2 whitespace-nowrap text-[13px] text-t2">
          <span className="truncate" title={card.words}>
            {card.words}
          </span>
          {card.wide && rules > 0 && <span>{counted(rules, 'rule')}</span>}
        </div>
      )}
      {card.wide ? (
        <div className="-mt-1 flex items-center gap-[18px]">
          <MiniHooks state={mini} width={132} />
          <span className="whitespace-pre-line text-[13px] text-t2 leading-[1.35]">
            {here
              ? `the ${titleOf(run, beat)} ${state.ended === null ? 'is\nhere' : `ended\nhere: ${endWord(state.ended)}`}`
              : state.onWire && state.hops.at(-1)?.to?.startsWith(`${name}/`)
                ? `the ${titleOf(run, beat)} is\nabout to arrive`
                : first !== undefined && `step ${first + 1}\nstarts here`}
          </span>
        </div>
      ) : (
        !card.small && (
          <>
            <MiniHooks state={mini} width={Math.min(162, card.w - 34)} />
            <Addresses host={host} lines={lines} />
          </>
        )
      )}
      {!card.small &&
        card.bridges.map((bridge, k) => (
          <Bridge key={bridge.name} bridge={bridge} below={card.bridges.length - 1 - k} />
        ))}
    </section>
  );
}

/** The first addresses of a host; the others are counted. `lines`: the same, as short as they must be. */
const Addresses = memo(function Addresses({
  host,
  lines,
}: {
  readonly host: HostCard['host'];
  readonly lines: readonly string[];
}) {
  const all = shownAddresses(host);
  return (
    <>
      <div className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 text-[13px] leading-[21px]">
        {all.slice(0, 4).map(({ name, address }, k) => (
          <div key={address} className="contents">
            <b className="truncate font-semibold text-t2" style={{ maxWidth: NAME }} title={name}>
              {name}
            </b>
            <span className="mono truncate" title={address}>
              {lines[k]}
            </span>
          </div>
        ))}
      </div>
      {all.length > 4 && (
        <p
          className="text-[12px] text-t3 leading-[20px]"
          title={all.map(({ name, address }) => `${name} ${address}`).join('\n')}
        >
          and {all.length - 4} more addresses
        </p>
      )}
    </>
  );
});

/** A bridge inside a host, with `below` others under it. */
function Bridge({ bridge, below }: { readonly bridge: HostCard['bridges'][number]; readonly below: number }) {
  return (
    <div
      className="absolute right-3 left-3 flex h-[38px] items-center gap-2 rounded-card border-[1.5px] border-line-2 bg-well px-3"
      style={{ bottom: 12 + below * 46 }}
      title={`ports: ${bridge.ports.join(', ')}`}
    >
      <b className="font-[620]">{bridge.name}</b>
      <span className="text-t2">bridge</span>
      <span className="flex-1" />
      <span className="mono truncate text-[13px]">
        {bridge.addresses[0]?.replace(/\/\d+$/, '') ?? `${bridge.ports.length} ports`}
      </span>
    </div>
  );
}

/** All that a small card has room for: how steps ended here. */
function EndMark({ state }: { readonly state: MiniState }) {
  if (state.dropped.size > 0)
    return <Glyph name="bad" size={16} className="text-bad" label="a step ended here: dropped" />;
  if (state.delivered) return <Glyph name="ok" size={16} className="text-ok" label="a step ended here: delivered" />;
  return null;
}

function titleOf(run: RunResult, beat: Beat | undefined): string {
  return run.steps[beat?.userStep ?? -1]?.packets.find((p) => p.id === beat?.packet)?.title ?? 'packet';
}

export const netNodeTypes = { host: HostNode, heading: Heading, wirelog: WireLog } satisfies NodeTypes;
