import { type RefObject, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { stores, useLab, usePlay, useView } from '../store';
import { cx, Icon, IconButton, type Layout } from '../ui';
import { consoles, drawerHeight, useConsoles } from './consoles';
import { Entries } from './Entries';
import { Listening } from './Listening';
import { Prompt } from './Prompt';

const LEAST = 132;

/** The console of a host: what was asked and answered, and a line to ask more. */
export function Console({
  host,
  layout,
  typed,
}: {
  readonly host: string;
  readonly layout: Layout;
  /** What was typed while it was loading. */
  readonly typed: RefObject<string>;
}) {
  const height = useStore(drawerHeight, (s) => s.height);
  const sheet = layout === 'narrow';
  useFocusBack();
  const line = useView((s) => s.consoleLine);
  useEffect(() => {
    if (line === null) return;
    stores.view.setState({ consoleLine: null });
    void consoles.getState().run(host, line);
  }, [host, line]);
  useEffect(() => {
    const lines = typed.current.split('\n');
    typed.current = '';
    const rest = lines.pop() ?? '';
    for (const early of lines) void consoles.getState().run(host, early);
    if (rest !== '') consoles.getState().setDraft(host, rest);
  }, [host, typed]);
  return (
    <section
      aria-label={`Console on ${host}`}
      data-testid="console"
      data-takes-focus=""
      className={cx(
        'flex flex-none flex-col border-line border-t bg-panel',
        sheet ? 'fixed inset-x-0 bottom-0 z-30 h-[66dvh] rounded-t-[22px] shadow-lift' : 'relative max-h-[78%]',
      )}
      style={sheet ? undefined : { height }}
    >
      {!sheet && <Resize height={height} />}
      <header className={cx('flex flex-none items-center gap-2 pr-1 pl-3', sheet ? 'h-14 pl-4' : 'h-9')}>
        <Icon name="terminal" size={16} className="text-t3" />
        <Hosts host={host} />
        <Where />
        <IconButton
          icon={sheet ? 'close' : 'down'}
          label="Close the console"
          keys="Esc"
          size={16}
          className={sheet ? 'size-11' : 'size-7'}
          data-testid="console-close"
          onClick={() => stores.view.getState().closeConsole()}
        />
      </header>
      <div
        role="tabpanel"
        id="console-panel"
        aria-labelledby={`console-tab-${host}`}
        className="flex min-h-0 flex-1 flex-col bg-well"
      >
        <Entries key={host} host={host} />
        <Listening host={host} />
        <Prompt key={`${host} prompt`} host={host} />
      </div>
    </section>
  );
}

/** What had the focus before the console was opened has it again. */
function useFocusBack(): void {
  const before = useRef<Element | null>(null);
  before.current ??= document.activeElement;
  useEffect(
    () => () => {
      const { current } = before;
      if (current instanceof HTMLElement && current.isConnected && current !== document.body) current.focus();
    },
    [],
  );
}

/** Hosts of the lab: each has a console of its own. */
function Hosts({ host }: { readonly host: string }) {
  const hosts = useLab((s) => s.lab.hosts);
  const listening = useConsoles((s) =>
    Object.entries(s.hosts)
      .filter(([, c]) => c.entries.some((e) => e.state === 'live'))
      .map(([name]) => name)
      .join(' '),
  ).split(' ');
  const names = Object.keys(hosts);
  const show = (name: string | undefined): void => {
    if (name === undefined) return;
    stores.view.setState({ console: name });
    requestAnimationFrame(() => document.getElementById(`console-tab-${name}`)?.focus());
  };
  return (
    <div
      role="tablist"
      aria-label="Console on"
      className="flex min-w-0 flex-1 gap-[2px] overflow-x-auto [scrollbar-width:none]"
      data-testid="console-hosts"
    >
      {names.map((name, i) => (
        <button
          key={name}
          id={`console-tab-${name}`}
          type="button"
          role="tab"
          aria-selected={name === host}
          aria-controls={name === host ? 'console-panel' : undefined}
          tabIndex={name === host ? 0 : -1}
          data-testid={`console-host-${name}`}
          className={cx(
            'flex h-7 items-center gap-[6px] whitespace-nowrap rounded-[7px] px-[9px] text-[13px] -outline-offset-2 pointer-coarse:h-11',
            name === host ? 'bg-raised font-semibold text-t1' : 'text-t2 hover:bg-raised hover:text-t1',
          )}
          onClick={() => {
            stores.view.setState({ console: name });
            requestAnimationFrame(() => document.getElementById('console-line')?.focus());
          }}
          onKeyDown={(e) => {
            const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: names.length - 1 }[e.key];
            if (to === undefined) return;
            e.preventDefault();
            e.stopPropagation();
            show(names[to]);
          }}
        >
          {name}
          {listening.includes(name) && (
            <span className="size-[6px] rounded-full bg-ok" role="img" aria-label="something listens" />
          )}
        </button>
      ))}
      {!names.includes(host) && <span className="px-2 text-[13px] text-t2">There is no host {host}.</span>}
    </div>
  );
}

/** The moment that commands see. */
function Where() {
  const step = usePlay((s) => s.beats[s.beat]?.userStep ?? -1);
  return (
    <span className="whitespace-nowrap text-[12.5px] text-t3" data-testid="console-moment">
      {step < 0 ? 'at the start' : `at step ${step + 1}`}
    </span>
  );
}

/** The upper edge, to be dragged, or moved by the arrow keys. */
function Resize({ height }: { readonly height: number }) {
  const most = Math.round(window.innerHeight * 0.6);
  const set = (next: number): void =>
    drawerHeight.setState({ height: Math.round(Math.max(LEAST, Math.min(most, next))) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved is no <hr>
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the console"
      aria-valuenow={height}
      aria-valuemin={LEAST}
      aria-valuemax={most}
      tabIndex={0}
      data-testid="console-resize"
      className="absolute inset-x-0 -top-[4px] z-5 h-2 cursor-ns-resize touch-none -outline-offset-2"
      onKeyDown={(e) => {
        const by = { ArrowUp: 24, ArrowDown: -24, PageUp: 120, PageDown: -120 }[e.key];
        if (by === undefined) return;
        e.preventDefault();
        e.stopPropagation();
        set(height + by);
      }}
      onDoubleClick={() => set(240)}
      onPointerDown={(e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
      }}
      onPointerMove={(e) => {
        if (!e.currentTarget.hasPointerCapture(e.pointerId)) return;
        const box = e.currentTarget.parentElement?.getBoundingClientRect();
        if (box !== undefined) set(box.bottom - e.clientY);
      }}
    />
  );
}
