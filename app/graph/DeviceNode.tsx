import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { stores, useView } from '../store';
import { cx } from '../ui';
import type { DeviceBox } from './boxes';
import { onBox } from './flow';
import { Middle } from './Middle';
import { SendButton } from './SendButton';
import { useScene } from './scene';
import { TapMark, useTap } from './taps';

/** An interface, on the side where packets come in or where they leave. */
export function DeviceNode({ data: { box } }: NodeProps<Node<{ readonly box: DeviceBox }>>) {
  const { host, walk } = useScene();
  const name = box.interface.name;
  const selected = useView(
    (s) => s.selection?.kind === 'interface' && s.selection.interface === name && s.selection.host === host.name,
  );
  const passed =
    walk.way.includes(box.side === 'in' ? `wire-in:${name}` : `out:${name}`) || walk.way.includes(`${box.stop}:top`);
  const state = passed ? 'passed' : walk.way.length > 0 ? 'not-reached' : 'idle';
  return <DeviceFace box={box} host={host.name} state={state} selected={selected} />;
}

/** With hundreds of interfaces, a beat draws those anew that it changes. */
const DeviceFace = memo(function DeviceFace({
  box,
  host,
  state,
  selected,
}: {
  readonly box: DeviceBox;
  readonly host: string;
  readonly state: 'passed' | 'not-reached' | 'idle';
  readonly selected: boolean;
}) {
  const name = box.interface.name;
  const listens = useTap(host, name);
  const select = (): void => stores.view.getState().select({ kind: 'interface', host, interface: name }, 'chain');
  const slotted = box.slots.some((slot) => slot.name === 'taps');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button of its name is for keys
    <section
      className="hook"
      onClick={onBox(select)}
      data-state={state}
      data-testid={`${box.side === 'in' ? 'ingress' : 'egress'}-${name}`}
      aria-label={`Interface ${name}, ${box.side === 'in' ? 'in' : 'out'}`}
      {...(selected ? { 'data-selected': '' } : {})}
    >
      <h3 className="hook-name" style={{ height: box.header, fontSize: name.length > 6 ? 12 : 15, right: 2 }}>
        <button
          type="button"
          className={cx('flex min-w-0', name.length > 8 && 'tracking-[-0.025em]')}
          aria-label={name}
          title={`${name}: ${box.interface.addresses.join(', ')}`}
          onClick={select}
        >
          <Middle name={name} end={4} />
        </button>
      </h3>
      {box.side === 'in' && (
        <SendButton
          host={host}
          place={{ at: 'interface', interface: name }}
          label={`Send a packet that arrives at ${name}`}
          // On the corner: not on the name, which tells this interface from the others at its end.
          className="absolute -top-[16px] -right-[6px]"
        />
      )}
      {box.slots.map((slot) => (
        <div
          key={slot.name}
          className="slot"
          data-testid={`slot-${slot.name}-${box.side}-${name}`}
          {...(slot.solid ? { 'data-solid': '' } : {})}
          style={{ left: slot.x - box.x, top: slot.y - box.y, width: slot.w, height: slot.h }}
          title={slot.name === 'taps' ? 'Where tcpdump sees the packet' : slot.name}
          {...(slot.name === 'taps' && listens !== '' ? { 'data-listens': '' } : {})}
        >
          <span className="truncate">{slot.name === 'taps' && listens !== '' ? listens : slot.name}</span>
        </div>
      ))}
      {!slotted && <TapMark host={host} dev={name} className="absolute right-[6px] bottom-[1px]" />}
    </section>
  );
});
