import type { Node, NodeProps } from '@xyflow/react';
import { useState } from 'react';
import { counted, cx, Glyph, Icon } from '../ui';
import { type DeviceBox, type HookBox, TITLE_LINES, titleLines } from './boxes';
import { usePlace, useScene } from './scene';
import { TapMark } from './taps';

type PresenterNode = Node<{ readonly box: HookBox }, 'hook'>;

/** A hook for a room: its name, what the packet makes of it, and its tables when they are asked for. */
export function HookNode({ data: { box } }: NodeProps<PresenterNode>) {
  const { walk } = useScene();
  const [open, setOpen] = useState(false);
  const here = walk.currentHook === box.hook;
  const passed = walk.entered.has(box.hook) && !here;
  const ended = here && walk.ended !== null;
  const at = here
    ? box.cards.find((c) => ['current', 'dropped'].includes(walk.cards.get(c.stop)?.state ?? ''))
    : undefined;
  const state = ended ? 'dropped' : here ? 'current' : passed ? 'passed' : walk.way.length > 0 ? 'not-reached' : 'idle';
  return (
    <div className="relative size-full">
      <button
        type="button"
        className="phook"
        data-state={state}
        data-testid={`hook-${box.hook}`}
        aria-expanded={open}
        aria-label={`Hook ${box.hook}, ${here ? 'the packet is here' : state}`}
        onClick={() => setOpen(!open)}
      >
        <span className="flex items-center gap-[10px]">
          {passed && <Glyph name="pass" size={20} />}
          {box.hook}
        </span>
        {at !== undefined && (
          <span className={cx('text-[15px] font-semibold text-(--c)', `hue-${at.hue}`)}>
            {at.fn.table ?? at.fn.name}
          </span>
        )}
      </button>
      {open && (
        <ul
          className="absolute top-full left-0 z-5 m-0 mt-2 grid w-[290px] list-none gap-1 rounded-[14px] border-2 border-line-2 bg-panel p-2 shadow-lift"
          data-testid={`tables-${box.hook}`}
        >
          {box.cards.map((card) => {
            const known = walk.cards.get(card.stop);
            return (
              <li
                key={card.stop}
                className={cx('flex items-center gap-3 rounded-[9px] px-3 py-[6px] text-[18px]', `hue-${card.hue}`)}
                style={card === at ? { background: 'var(--w)' } : undefined}
              >
                <b className="font-[650] text-(--c)">{card.fn.table ?? card.fn.name}</b>
                <span className="flex-1 text-right text-[16px] text-t2">
                  {known?.text || (card.fn.table === null ? '' : counted(card.fn.rules, 'rule'))}
                </span>
                {known?.mark != null && <Glyph name={known.mark} size={18} className="text-(--c)" />}
              </li>
            );
          })}
          {box.cards.length === 0 && <li className="px-3 py-[6px] text-[16px] text-t2">Nothing is registered here.</li>}
        </ul>
      )}
    </div>
  );
}

export function LocalNode() {
  const { walk, host } = useScene();
  const here = walk.here && (walk.current === 'local:in' || walk.current === 'local:out');
  return (
    <div
      className="phook !flex-row gap-3 !text-[20px] !font-semibold"
      data-state={here ? 'current' : 'idle'}
      data-testid="local-process"
    >
      <Icon name="gear" size={24} />
      Programs on {host.name}
    </div>
  );
}

/** What is happening, as large as the room needs it, and whose addresses these are. */
export function TitleNode() {
  const { host } = usePlace();
  return (
    <header>
      <h2 className="truncate font-bold text-[40px] leading-[1.15] tracking-[-0.03em]" title={host.name}>
        {host.name}
      </h2>
      <div className="mt-4 grid gap-1 text-[20px] leading-6">
        {titleLines(host)
          .slice(0, TITLE_LINES)
          .map(({ name, address }) => (
            <div key={`${name} ${address}`} className="flex gap-3 whitespace-nowrap">
              <b className="font-semibold text-t2">{name}</b>
              <span className="mono truncate text-[19px]" title={address}>
                {address}
              </span>
            </div>
          ))}
      </div>
    </header>
  );
}

/** The name of the interface that the packet came by, or leaves by; of the only one, if there is one. */
export function DeviceNode({ data: { box } }: NodeProps<Node<{ readonly box: DeviceBox }, 'device'>>) {
  const { walk, layout, host } = useScene();
  const all = layout.devices.filter((d) => d.side === box.side);
  const coming = new Set([...walk.way, ...walk.ahead]);
  const used = all.filter((d) => coming.has(`${d.stop}:top`));
  const names = (used.length > 0 ? used : all).map((d) => d.interface.name);
  return (
    <span
      className={cx('block truncate font-semibold text-[17px] text-t2', box.side === 'out' && 'text-right')}
      title={names.join(', ')}
    >
      {names.length > 2 ? `${names.length} interfaces` : names.join(', ')}
      {names.length === 1 && <TapMark host={host.name} dev={names[0] ?? ''} className="ml-2 text-[14px]!" />}
    </span>
  );
}
