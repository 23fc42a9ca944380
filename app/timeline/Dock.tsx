import { useEffect, useState } from 'react';
import { stores, useRun } from '../store';
import { cx, Icon, type Layout } from '../ui';
import { ConsoleButton, ConsoleStrip } from './ConsoleStrip';
import { Explain } from './Explain';
import { Legend, SlimTimeline, Timeline } from './Timeline';
import { Transport } from './Transport';
import { type StepBeats, useStepBeats } from './useStepBeats';

/** What happens now, the transport, and the events of the step. */
export function Dock({ layout }: { readonly layout: Layout }) {
  return (
    <footer
      className={cx(
        'relative border-line border-t bg-panel',
        layout === 'narrow' && '-mt-5 z-10 rounded-t-[22px] pb-[max(8px,env(safe-area-inset-bottom))] shadow-lift',
      )}
      data-testid="dock"
    >
      <Busy />
      {layout === 'narrow' && <Grip />}
      <Explain layout={layout} />
      {layout === 'wide' && (
        <>
          <div className="flex items-center gap-6 px-4 pb-2">
            <Transport layout={layout} />
            <Events layout={layout} />
          </div>
          <div className="flex h-[30px] items-center border-line border-t">
            <ConsoleStrip />
            <Legend />
          </div>
        </>
      )}
      {layout === 'middle' && (
        <div className="flex items-center gap-3 px-[14px] pt-1 pb-3">
          <Transport layout={layout} />
          <Events layout={layout} />
          <ConsoleButton />
        </div>
      )}
      {layout === 'narrow' && (
        // Where the page is low, as when it is enlarged, one row has them all.
        <div className="low:flex low:items-center">
          <Transport layout={layout} />
          <div className="low:min-w-0 low:flex-1 flex items-center gap-3 px-[18px] low:max-[480px]:justify-end low:max-[480px]:px-2">
            {/* Where it is narrow besides, the buttons alone have room. */}
            <div className="contents low:max-[480px]:hidden">
              <Events layout={layout} />
            </div>
            <ConsoleButton />
            <button
              type="button"
              className="flex h-11 items-center gap-2 font-semibold"
              data-testid="open-inspector"
              onClick={() => stores.view.getState().setDrawer('inspector')}
            >
              Rules
              <Icon name="up" size={15} />
            </button>
          </div>
        </div>
      )}
    </footer>
  );
}

/** Pulled up, the sheet shows the inspector. */
function Grip() {
  return (
    <button
      type="button"
      aria-label="Show rules, packet and conntrack"
      className="lowest:h-3 low:h-4 mx-auto grid h-6 w-24 place-items-center"
      onClick={() => stores.view.getState().setDrawer('inspector')}
      onPointerDown={(e) => {
        const from = e.clientY;
        const target = e.currentTarget;
        target.setPointerCapture(e.pointerId);
        const up = (end: PointerEvent): void => {
          if (from - end.clientY > 24) stores.view.getState().setDrawer('inspector');
        };
        target.addEventListener('pointerup', up, { once: true });
      }}
    >
      <span className="h-[5px] w-11 rounded-full bg-line-2" />
    </button>
  );
}

/** The events of the step, and which of them is on show. */
function Events({ layout }: { readonly layout: Layout }) {
  const view = useStepBeats();
  return (
    <>
      <Position view={view} layout={layout} />
      {layout === 'wide' ? <Timeline view={view} /> : <SlimTimeline view={view} />}
    </>
  );
}

function Position({ view, layout }: { readonly view: StepBeats; readonly layout: Layout }) {
  const { position, beats, step } = view;
  if (beats.length === 0) return <div className={layout === 'wide' ? 'w-[82px]' : ''} />;
  return (
    <div className={cx('num whitespace-nowrap', layout === 'wide' && 'w-[82px]')} data-testid="position">
      <div className="font-bold text-[15px] leading-tight">
        {position} <span className="font-medium text-t3">of {beats.length}</span>
      </div>
      {layout === 'wide' && <div className="text-[12.5px] text-t3">events, step {step + 1}</div>}
    </div>
  );
}

/** A run that takes longer than 150 ms is shown as such; the recording before it stays usable. */
function Busy() {
  const since = useRun((s) => s.since);
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (since === null) return;
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, [since]);
  if (!late) return null;
  return (
    <div
      className="absolute inset-x-0 -top-[2px] h-[2px] overflow-hidden bg-line"
      role="progressbar"
      aria-label="Running"
      data-testid="busy"
    >
      <div className="h-full w-1/3 animate-[pulse_1s_infinite] bg-t2" />
    </div>
  );
}
