import { memo, type RefObject, Suspense, useContext, useEffect, useRef, useState } from 'react';
import { type LabStep, outcomeText, type StepResult } from '../../src/engine';
import { canBeStart, stores, useLab, usePlay, useRun } from '../store';
import { CrossFade, cx, Glyph, glyphColour, Icon, later, Menu, type MenuItem, thin, verdictOf } from '../ui';
import { edit } from './composerStore';
import { SortableRowContext } from './sortableRow';
import { stepSubtitle, stepTitle } from './stepWords';

const loadSortable = () => import('./lazy').then((m) => m.Sortable);
const Sortable = later(loadSortable);
/** Without it, steps are moved by their menus and keys. */
const noDragging = (): void => undefined;

/** The steps of the lab with what came of each. */
export function StepsList() {
  const lab = useLab((s) => s.lab);
  const { steps } = lab;
  const results = useRun((s) => s.result?.steps);
  const fresh = useRun((s) => s.lab);
  const current = usePlay((s) => s.beats[s.beat]?.userStep ?? -1);
  const list = useRef<HTMLElement>(null);
  const drag = useDragging(list, results !== undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is the current one
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current, steps.length]);
  const rows = steps.map((step, index) => (
    <Step
      key={keyOf(steps, index)}
      step={step}
      index={index}
      count={steps.length}
      on={index === current}
      result={fresh === lab || fresh?.steps[index] === step ? results?.[index] : undefined}
    />
  ));
  return (
    <section
      className="relative min-h-[104px] flex-1 overflow-y-auto border-line border-t px-[6px] pb-4"
      aria-label="Steps"
      data-testid="steps"
      ref={list}
    >
      <div className="sticky top-0 z-1 flex items-center bg-panel px-[9px] pt-3 pb-[6px]">
        <h2 className="flex-1 text-[14.5px]">Steps</h2>
        <span className="num text-[12px] text-t3">{thin(steps.length)}</span>
        <AddOther />
      </div>
      {steps.length === 0 ? (
        <div className="px-[9px]">
          <p className="pb-2 text-[13px] text-t2">Send a ping to see the first hooks light up.</p>
        </div>
      ) : (
        <ol className="m-0 flex list-none flex-col gap-[2px] p-0">
          {drag ? (
            <Suspense fallback={rows}>
              <Sortable
                ids={steps.map((_, i) => keyOf(steps, i))}
                onMove={(from, to) => stores.lab.getState().moveStep(from, to)}
              >
                {rows}
              </Sortable>
            </Suspense>
          ) : (
            rows
          )}
        </ol>
      )}
      {steps.length > 1 && (
        <p className="px-[9px] pt-2 text-[12px] text-t3">Steps run in order and share one conntrack table.</p>
      )}
    </section>
  );
}

/** Whether steps can be dragged: what that takes loads late, and only for a mouse. */
function useDragging(list: RefObject<HTMLElement | null>, ran: boolean): boolean {
  const [drag, setDrag] = useState(false);
  useEffect(() => {
    // A finger scrolls the list; it moves steps by their menu. Keys need none of this.
    // What shows first comes first: nothing of this loads before the first run is there.
    if (drag || !ran || !matchMedia('(pointer: fine)').matches) return;
    const begin = (): void => {
      loadSortable().then(() => {
        // The rows are mounted anew: not under the pointer, the focus or an open menu.
        const within = list.current?.matches(':hover, :focus-within') === true;
        if (!within && document.querySelector('[role="menu"]') === null) setDrag(true);
      }, noDragging);
    };
    const timer = setTimeout(begin, 2000);
    const element = list.current;
    element?.addEventListener('pointerleave', begin);
    return () => {
      clearTimeout(timer);
      element?.removeEventListener('pointerleave', begin);
    };
  }, [drag, ran, list]);
  return drag;
}

const keys = new WeakMap<LabStep, number>();
let nextKey = 1;

/** A step keeps its key while it moves; the same object twice (a duplicate) is told apart by its place. */
function keyOf(steps: readonly LabStep[], index: number): string {
  const step = steps[index];
  if (step === undefined) return String(index);
  let key = keys.get(step);
  if (key === undefined) {
    key = nextKey++;
    keys.set(step, key);
  }
  const before = steps.slice(0, index).filter((s) => s === step).length;
  return before === 0 ? `s${key}` : `s${key}-${before}`;
}

const Step = memo(function Step({
  step,
  index,
  count,
  on,
  result,
}: {
  readonly step: LabStep;
  readonly index: number;
  readonly count: number;
  readonly on: boolean;
  readonly result: StepResult | undefined;
}) {
  const row = useContext(SortableRowContext);
  const title = step.title ?? result?.title ?? stepTitle(step);
  const subtitle = result?.subtitle ?? stepSubtitle(step);
  const glyph = result === undefined ? 'none' : verdictOf(result.outcome).glyph;
  const said = result === undefined ? 'not run yet' : outcomeText(result.outcome);
  const lab = stores.lab.getState();
  const move = (by: number): void => {
    const to = index + by;
    if (to < 0 || to >= count) return;
    lab.moveStep(index, to);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-testid="step-${to + 1}"] > button`)?.focus(),
    );
  };
  return (
    <li
      ref={row?.ref}
      style={row?.style}
      {...row?.listeners}
      className={cx(
        'group relative flex rounded-card',
        on ? 'bg-raised shadow-[inset_3px_0_0_var(--packet)]' : 'hover:bg-card',
      )}
      data-testid={`step-${index + 1}`}
      data-state={on ? 'current' : 'idle'}
    >
      <button
        type="button"
        aria-current={on ? 'step' : undefined}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
        className="flex min-w-0 flex-1 gap-[9px] rounded-card px-[9px] py-[7px] text-left pointer-coarse:min-h-11"
        onClick={() => stores.play.getState().seekStep(index)}
        onDoubleClick={() => edit(index, step)}
        onKeyDown={(e) => {
          if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
            e.preventDefault();
            move(e.key === 'ArrowUp' ? -1 : 1);
          } else if (!e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
            e.preventDefault();
            document
              .querySelector<HTMLElement>(`[data-testid="step-${index + (e.key === 'ArrowUp' ? 0 : 2)}"] > button`)
              ?.focus();
          } else if (e.key === 'Delete' || e.key === 'Backspace') {
            e.preventDefault();
            remove(index);
          }
        }}
      >
        <span className={cx('num min-w-3 font-[650]', on ? 'text-t1' : 'text-t3')}>{index + 1}</span>
        <span className="min-w-0 flex-1">
          <span
            className={cx('line-clamp-2 text-[13.5px] wrap-anywhere', on ? 'font-[650]' : 'font-[550]')}
            title={title}
          >
            {title}
          </span>
          <span className="line-clamp-2 text-[12px] text-t3 wrap-anywhere" title={subtitle}>
            {subtitle}
          </span>
        </span>
        <span
          className="pt-[2px] group-focus-within:invisible group-hover:invisible pointer-coarse:visible!"
          data-testid={`outcome-step-${index + 1}`}
          data-state={result?.outcome.kind ?? 'idle'}
          title={said}
        >
          <CrossFade of={result === undefined ? '' : said}>
            <Glyph name={glyph} label={said} className={glyphColour(glyph)} />
          </CrossFade>
        </span>
      </button>
      <StepMenu index={index} step={step} count={count} />
    </li>
  );
});

function remove(index: number): void {
  stores.lab.getState().removeStep(index);
  stores.notices.getState().say({
    tone: 'info',
    text: `Step ${index + 1} is removed.`,
    action: { label: 'Undo', run: () => stores.lab.getState().undo() },
    undoes: true,
  });
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`[data-testid="step-${Math.max(1, index)}"] > button`)?.focus(),
  );
}

function StepMenu({ index, step, count }: { readonly index: number; readonly step: LabStep; readonly count: number }) {
  const lab = stores.lab.getState();
  const items: readonly MenuItem[] = [
    {
      key: 'play',
      label: 'Play',
      icon: <Icon name="play" size={15} />,
      run: () => stores.play.getState().playStep(index),
    },
    {
      key: 'edit',
      label: 'Edit',
      icon: <Icon name="edit" size={15} />,
      testid: 'step-edit',
      run: () => edit(index, step),
    },
    {
      key: 'duplicate',
      label: 'Duplicate',
      icon: <Icon name="plus" size={15} />,
      testid: 'step-duplicate',
      run: () => lab.addStep({ ...step }, index + 1),
    },
    ...(canBeStart(step)
      ? [
          {
            key: 'start',
            label: 'Make this the start',
            icon: <Icon name="first" size={15} />,
            testid: 'step-start',
            run: () => void import('../store/lazy').then((m) => m.makeStart(index)).catch(() => undefined),
          },
        ]
      : []),
    {
      key: 'up',
      label: 'Move up',
      icon: <Icon name="up" size={15} />,
      hint: 'Alt ↑',
      disabled: index === 0,
      run: () => lab.moveStep(index, index - 1),
    },
    {
      key: 'down',
      label: 'Move down',
      icon: <Icon name="down" size={15} />,
      hint: 'Alt ↓',
      disabled: index === count - 1,
      run: () => lab.moveStep(index, index + 1),
    },
    {
      key: 'remove',
      label: 'Remove',
      icon: <Icon name="trash" size={15} />,
      hint: 'Del',
      tone: 'bad',
      testid: 'step-remove',
      run: () => remove(index),
    },
  ];
  return (
    <Menu
      label={`More about step ${index + 1}`}
      testid={`step-menu-${index + 1}`}
      className="absolute top-[5px] right-[4px] grid size-7 place-items-center rounded-[7px] text-t2 opacity-0 hover:bg-panel focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:static pointer-coarse:size-11 pointer-coarse:opacity-100"
      items={items}
    >
      <Icon name="more" size={16} />
    </Menu>
  );
}

/** Steps that send nothing: time, and commands between packets. */
function AddOther() {
  const add = (step: LabStep): void => {
    const { beats, beat } = stores.play.getState();
    const at = (beats[beat]?.userStep ?? stores.lab.getState().lab.steps.length - 1) + 1;
    const index = stores.lab.getState().addStep(step, at);
    const added = stores.lab.getState().lab.steps[index];
    if (added !== undefined) edit(index, added, true);
  };
  return (
    <Menu
      label="Add a step that is no packet"
      testid="step-add-other"
      align="end"
      className="ml-1 grid size-7 place-items-center rounded-[7px] text-t2 hover:bg-raised pointer-coarse:size-11"
      items={[
        {
          key: 'wait',
          label: 'Wait: the clock moves on',
          icon: <Glyph name="wait" size={15} />,
          testid: 'step-add-wait',
          run: () => add({ wait: { seconds: 10 } }),
        },
        {
          key: 'run',
          label: 'Command on a host',
          icon: <Glyph name="command" size={15} />,
          testid: 'step-add-command',
          run: () => add({ run: { host: stores.view.getState().host, command: 'iptables -S' } }),
        },
      ]}
    >
      <Icon name="plus" size={15} />
    </Menu>
  );
}
