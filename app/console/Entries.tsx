import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { stores, useLab } from '../store';
import { Button, cx, thin } from '../ui';
import { EMPTY, type Entry } from './consoleStore';
import { consoles, useConsoles } from './consoles';
import { StepChip } from './StepChip';
import { linesOf, spoken } from './words';

/** Lines of a piece of output that the browser lays out only when it is in view. */
const PIECE = 200;
/** Longer output is folded. */
const FOLD = 400;
const HEAD = 120;
const TAIL = 20;
const LINE = 19;

/** What was asked on a host, and what came of it. Stays at its end unless a person scrolls back. */
export function Entries({ host }: { readonly host: string }) {
  const { entries } = useConsoles((s) => s.hosts[host] ?? EMPTY);
  const scroller = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const stick = (): void => {
    const { current } = scroller;
    if (current !== null && atEnd.current) current.scrollTop = current.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every new line
  useLayoutEffect(stick, [entries]);
  useEffect(() => {
    const observer = new ResizeObserver(stick);
    if (scroller.current !== null) observer.observe(scroller.current);
    if (inner.current !== null) observer.observe(inner.current);
    return () => observer.disconnect();
  });
  const newest = entries.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: who has asked wants to see the answer
  useLayoutEffect(() => {
    atEnd.current = true;
    stick();
  }, [newest]);
  return (
    <section
      ref={scroller}
      aria-label={`Output on ${host}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: or its content is out of reach for the keyboard
      tabIndex={0}
      data-testid="console-output"
      className="relative mono min-h-0 flex-1 overflow-y-auto max-md:overflow-x-auto px-4 pt-2 pb-1 text-[13px] leading-[19px] -outline-offset-2 [overflow-anchor:none]"
      onScroll={(e) => {
        const { scrollTop, scrollHeight, clientHeight } = e.currentTarget;
        atEnd.current = scrollTop + clientHeight >= scrollHeight - 8;
      }}
      onClick={(e) => {
        const chosen = getSelection()?.toString() ?? '';
        const onControl = (e.target as HTMLElement).closest('button, a') !== null;
        if (chosen === '' && !onControl) document.getElementById('console-line')?.focus({ preventScroll: true });
      }}
      onKeyDown={(e) => {
        if (['Home', 'End', ' '].includes(e.key)) e.stopPropagation();
        if (e.ctrlKey && e.key === 'c' && (getSelection()?.toString() ?? '') === '') consoles.getState().stop(host);
      }}
    >
      <div ref={inner}>
        {entries.length === 0 && <Hello host={host} />}
        <ol aria-label={`Commands on ${host}`} className="m-0 list-none p-0">
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} host={host} />
          ))}
        </ol>
      </div>
      <Spoken entries={entries} />
    </section>
  );
}

function Hello({ host }: { readonly host: string }) {
  const there = useLab((s) => s.lab.hosts[host] !== undefined);
  return (
    <p className="m-0 font-sans text-[13px] text-t3 leading-[20px]">
      {there
        ? 'Commands see the host at the playhead. What changes something, or sends packets, becomes a step of the lab.'
        : `There is no host ${host} in this lab. Choose another one above.`}
    </p>
  );
}

const Row = memo(function Row({ entry, host }: { readonly entry: Entry; readonly host: string }) {
  const { command, state, output, error, exit, lead } = entry;
  const listens = entry.since !== null;
  const first = listens && error.startsWith(lead) ? lead : '';
  const rest = error.slice(first.length);
  const bad = exit !== 0 || state === 'refused';
  return (
    <li className="pb-[6px]" data-testid={`console-entry-${entry.id}`} data-state={state} data-exit={exit}>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
          <span className="text-t3">root@{host}:~# </span>
          <span className="font-semibold text-t1">{command}</span>
        </span>
        {entry.step !== null && <StepChip entry={entry} step={entry.step} />}
        {state === 'live' && (
          <span className="inline-flex items-center gap-2 font-sans text-[12.5px] text-t2">
            <span className={cx('size-[6px] rounded-full', entry.over ? 'bg-line-2' : 'bg-ok')} aria-hidden="true" />
            {entry.early ? 'began later than this moment' : entry.over ? 'has ended' : 'listens'}
          </span>
        )}
      </div>
      <Text text={first} className="text-t3" />
      <Text text={output} className="text-t2" />
      <Text
        text={rest}
        className={cx(bad ? 'text-bad' : 'text-t3', state === 'refused' && 'font-sans')}
        testid="console-error"
      />
      {state === 'waiting' && <Waiting />}
      {state === 'done' && exit !== 0 && (
        <p className="m-0 font-sans text-[12.5px] text-t3">
          <span className="text-bad">exit code {exit}</span>
          {exit === 127 && error.includes('not modelled') && '. Hookline does not model this, so nothing was done.'}
        </p>
      )}
    </li>
  );
});

/** Said only when it takes long enough to be seen. */
function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return late ? <p className="m-0 font-sans text-[12.5px] text-t3">waits until the lab has run …</p> : null;
}

function Text({
  text,
  className,
  testid,
}: {
  readonly text: string;
  readonly className: string;
  readonly testid?: string;
}) {
  const [open, setOpen] = useState(false);
  const lines = linesOf(text);
  if (lines.length === 0) return null;
  if (lines.length > FOLD && !open) {
    return (
      <>
        <Piece lines={lines.slice(0, HEAD)} className={className} testid={testid} />
        <Button
          size="sm"
          tone="quiet"
          icon="more"
          className="font-sans"
          data-testid="console-unfold"
          onClick={() => setOpen(true)}
        >
          {thin(lines.length - HEAD - TAIL)} more lines
        </Button>
        <Piece lines={lines.slice(-TAIL)} className={className} />
      </>
    );
  }
  const pieces: (readonly string[])[] = [];
  for (let i = 0; i < lines.length; i += PIECE) pieces.push(lines.slice(i, i + PIECE));
  return pieces.map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the text
    <Piece key={i} lines={piece} className={className} testid={i === 0 ? testid : undefined} />
  ));
}

const COLUMNS = /\S {2,}\S/;

function Piece({
  lines,
  className,
  testid = 'console-text',
}: {
  readonly lines: readonly string[];
  readonly className: string;
  readonly testid?: string | undefined;
}) {
  const long = lines.length >= PIECE;
  return (
    <pre
      className={cx(
        'm-0 whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:8]',
        // Columns that do not fit are told from each other only unbroken: where little fits, the output scrolls sideways.
        lines.some((line) => COLUMNS.test(line)) && 'max-md:w-max max-md:whitespace-pre',
        !className.includes('font-sans') && 'mono',
        className,
      )}
      data-testid={testid}
      style={long ? { contentVisibility: 'auto', containIntrinsicSize: `auto ${lines.length * LINE}px` } : undefined}
    >
      {lines.join('\n')}
    </pre>
  );
}

/** The latest answer, for screen readers. What listens is silent while it prints. */
function Spoken({ entries }: { readonly entries: readonly Entry[] }) {
  const last = entries.at(-1);
  // What was there before the console was opened is not said again.
  const [from] = useState(() => last?.id ?? 0);
  const text =
    last === undefined || last.id <= from || last.state === 'waiting'
      ? ''
      : last.state === 'live'
        ? `${last.command} listens`
        : spoken(last.output, last.error, last.exit);
  return (
    <div role="status" className="sr-only" data-testid="console-spoken">
      {text}
      {last?.step != null && last.id > from && `, step ${stores.lab.getState().lab.steps.indexOf(last.step) + 1}`}
    </div>
  );
}
