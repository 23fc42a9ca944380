import { useState } from 'react';
import { useStore } from 'zustand';
import type { LabStep } from '../../src/engine';
import { canBeStart, stores, useLab, whyStep } from '../store';
import type { Entry } from './consoleStore';
import { consoles } from './consoles';

const LINK = 'rounded-[6px] px-[6px] text-[12.5px] leading-[18px] pointer-coarse:min-h-8';

/** Which step the command has become; leads there. Says so when the step is gone. */
export function StepChip({ entry, step }: { readonly entry: Entry; readonly step: LabStep }) {
  const index = useLab((s) => s.lab.steps.indexOf(step));
  const undone = useStore(stores.lab.temporal, (s) => s.futureStates.some((f) => f.lab?.steps.includes(step)));
  const [busy, setBusy] = useState(false);
  const why = whyStep(entry.command);
  if (index < 0) {
    return (
      <span
        className="whitespace-nowrap font-sans text-[12.5px] text-t3"
        data-testid={`console-step-${entry.id}`}
        data-state="gone"
      >
        {undone ? 'undone' : entry.folded ? 'part of the start' : 'no longer in the lab'}
      </span>
    );
  }
  return (
    <span className="inline-flex items-baseline gap-1 whitespace-nowrap font-sans">
      <button
        type="button"
        className={`${LINK} border border-line-2 text-t2 hover:bg-raised hover:text-t1`}
        data-testid={`console-step-${entry.id}`}
        data-state="there"
        onClick={() => stores.play.getState().seekStep(index)}
      >
        step {index + 1}
      </button>
      {why !== '' && <span className="whitespace-normal text-[12.5px] text-t3">{why}</span>}
      {canBeStart(step) && (
        <button
          type="button"
          disabled={busy}
          className={`${LINK} text-t3 hover:bg-raised hover:text-t1`}
          data-testid={`console-start-${entry.id}`}
          onClick={() => {
            setBusy(true);
            void import('../store/lazy')
              .then((m) => m.makeStart(index))
              .then((done) => done && consoles.getState().markFolded(step))
              .finally(() => setBusy(false));
          }}
        >
          {busy ? 'trying …' : 'Make this the start'}
        </button>
      )}
    </span>
  );
}
