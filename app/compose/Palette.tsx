import { Dialog } from 'radix-ui';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { shippedLabs } from '../../src/engine';
import { SECTIONS } from '../setup';
import { stores } from '../store';
import { cx, Icon, type IconName, Kbd } from '../ui';
import { openFile, openLab, saveFile, startImport } from './labFiles';
import { search } from './search';
import { stepSubtitle, stepTitle } from './stepWords';

interface Entry {
  readonly key: string;
  readonly group: string;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly keys?: string;
  readonly run: () => void;
}

const SHOWN = 60;
const BEHIND = /^(step|panel|chain|rule)-|^(play|send|network)$/;

/** Finds hosts, chains, rules, steps, panels, labs and commands, and does what is picked. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = useMemo(allEntries, []);
  const wanted = useDeferredValue(text);
  const found = useMemo(() => find(entries, wanted), [entries, wanted]);
  const list = useRef<HTMLDivElement>(null);
  const active = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const pick = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    // What shows something of the graph or its panels closes an editor that lies over them.
    if (BEHIND.test(entry.key)) stores.view.getState().closeAll();
    entry.run();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="palette"
          onCloseAutoFocus={(e) => {
            // What was picked has taken the focus.
            if (document.activeElement?.closest('[data-takes-focus]') != null) e.preventDefault();
          }}
          className="fixed top-[10dvh] left-1/2 z-40 flex max-h-[72dvh] w-[min(640px,calc(100vw-24px))] -translate-x-1/2 flex-col overflow-hidden rounded-hook border border-line-2 bg-panel shadow-lift"
        >
          <Dialog.Title className="sr-only">Find or run</Dialog.Title>
          <div className="flex flex-none items-center gap-3 border-line border-b px-4">
            <Icon name="search" size={18} className="text-t3" />
            <input
              // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into it
              autoFocus
              value={text}
              placeholder="Host, chain, rule, step, command"
              aria-label="Find or run"
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={active === undefined ? undefined : `palette-${active.key}`}
              autoComplete="off"
              spellCheck={false}
              data-testid="palette-input"
              className="h-[52px] min-w-0 flex-1 bg-transparent text-[16px] outline-none placeholder:text-t3"
              onChange={(e) => {
                setText(e.target.value);
                setAt(0);
              }}
              onKeyDown={(e) => {
                const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key];
                if (by !== undefined) {
                  e.preventDefault();
                  setAt(Math.max(0, Math.min(found.length - 1, Math.min(at, found.length - 1) + by)));
                } else if (e.key === 'Enter') {
                  e.preventDefault();
                  // The list may be a moment behind the text: what was typed counts.
                  pick(wanted === text ? active : find(entries, text)[at]);
                }
              }}
            />
            <Kbd>Esc</Kbd>
          </div>
          <div
            ref={list}
            id="palette-list"
            role="listbox"
            aria-label="Found"
            className="min-h-0 flex-1 overflow-y-auto p-2"
          >
            {found.length === 0 && <p className="px-3 py-4 text-t2">Nothing contains “{wanted}”.</p>}
            {found.map((entry, i) => (
              <div key={entry.key}>
                {(i === 0 || found[i - 1]?.group !== entry.group) && (
                  <div className="px-2 pt-2 pb-1 font-semibold text-[12px] text-t3" role="presentation">
                    {entry.group}
                  </div>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above */}
                <div
                  id={`palette-${entry.key}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={entry === active}
                  data-testid={`find-${entry.key}`}
                  className={cx(
                    'flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-2 pointer-coarse:min-h-11',
                    entry === active && 'bg-raised',
                  )}
                  onClick={() => pick(entry)}
                  onPointerMove={() => setAt(i)}
                >
                  <Icon name={entry.icon} size={16} className="text-t3" />
                  <span className={cx('min-w-0 max-w-[60%] truncate', entry.group === 'Rules' && 'mono text-[12.5px]')}>
                    {entry.title}
                  </span>
                  <span className="min-w-0 flex-1 truncate text-[12.5px] text-t3">{entry.detail}</span>
                  {entry.keys !== undefined && <Kbd>{entry.keys}</Kbd>}
                </div>
              </div>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function find(entries: readonly Entry[], text: string): readonly Entry[] {
  return search(entries, text, (e) => `${e.title} ${e.detail}`, text === '' ? 40 : SHOWN);
}

function allEntries(): readonly Entry[] {
  const view = stores.view.getState();
  const play = stores.play.getState();
  const { lab, undo, redo } = stores.lab.getState();
  const result = stores.run.getState().result;
  const entries: Entry[] = [];
  const add = (
    group: string,
    icon: IconName,
    key: string,
    title: string,
    detail: string,
    run: () => void,
    keys?: string,
  ): void => {
    entries.push({ group, icon, key, title, detail, run, ...(keys === undefined ? {} : { keys }) });
  };
  for (const name of Object.keys(lab.hosts)) {
    const addresses = Object.values(lab.hosts[name]?.interfaces ?? {}).flatMap((i) => i.addresses ?? []);
    add('Hosts', 'host', `host-${name}`, name, addresses.join(' '), () => view.showHost(name));
  }
  lab.steps.forEach((step, i) => {
    const told = result?.steps[i];
    add(
      'Steps',
      'send',
      `step-${i + 1}`,
      `${i + 1}  ${step.title ?? told?.title ?? stepTitle(step)}`,
      told?.subtitle ?? stepSubtitle(step),
      () => play.playStep(i),
    );
  });
  add('Commands', 'play', 'play', play.playing ? 'Pause' : 'Play', '', play.toggle, 'Space');
  add(
    'Commands',
    'send',
    'send',
    'Send a packet',
    'goes to the composer',
    () => view.openComposer({ host: view.host, place: { at: 'host' } }),
    'N',
  );
  add('Commands', 'edit', 'edit', 'Edit the rules', view.host, () => view.setOverlay('editor'), 'E');
  for (const name of [view.host, ...Object.keys(lab.hosts).filter((n) => n !== view.host)]) {
    if (name !== '')
      add(
        'Commands',
        'terminal',
        `console-${name}`,
        `Console on ${name}`,
        '',
        () => view.openConsole(name),
        name === view.host ? 'C' : undefined,
      );
  }
  add('Commands', 'network', 'network', 'Network', 'all hosts and wires', view.showNetwork, 'G');
  add('Commands', 'network', 'network-edit', 'Edit the network', 'hosts, segments, wires, addresses', () =>
    view.editNetwork({}),
  );
  add('Commands', 'plus', 'add-host', 'Add a host', 'to the network', () => view.editNetwork({ adding: 'host' }));
  add('Commands', 'plus', 'add-segment', 'Add a segment', 'to the network', () =>
    view.editNetwork({ adding: 'segment' }),
  );
  for (const section of SECTIONS) {
    const [member] = section.members;
    if (section.key === 'rules' || member === undefined) continue;
    add('Commands', 'edit', `edit-${section.key}`, `Edit ${section.title.toLowerCase()}`, view.host, () =>
      view.openEditor({ host: view.host, member, line: 0 }),
    );
  }
  add('Commands', 'undo', 'undo', 'Undo', '', undo, '⌘Z');
  add('Commands', 'redo', 'redo', 'Redo', '', redo, '⇧⌘Z');
  add('Commands', 'sun', 'theme', 'Light or dark', '', () => view.setTheme(lightNow() ? 'dark' : 'light'), 'T');
  add('Commands', 'auto', 'theme-system', 'Theme of the system', '', () => view.setTheme('system'));
  add('Commands', 'share', 'share', 'Share as a link', '', () => view.setOverlay('share'));
  add('Commands', 'list', 'labs', 'Labs', 'open, save, rename', () => view.setOverlay('labs'));
  add('Commands', 'plus', 'open-file', 'Open a file', 'lab or ruleset', openFile);
  add('Commands', 'plus', 'save-file', 'Save the lab as a file', '', saveFile);
  add('Commands', 'plus', 'paste', 'Paste a lab or a dump', 'iptables-save, ip addr, ip route', () => startImport(''));
  add('Commands', 'help', 'help', 'Keyboard', '', () => view.setOverlay('help'), '?');
  const tabs = [
    ['chain', 'Chain'],
    ['packet', 'Packet'],
    ['conntrack', 'Conntrack'],
    ['routes', 'Routes'],
    ['sets', 'Sets'],
  ] as const;
  tabs.forEach(([tab, name], i) => {
    add('Panels', 'panel', `panel-${tab}`, name, 'panel', () => showTab(tab), String(i + 1));
  });
  for (const shipped of shippedLabs) {
    add('Labs', 'cube', `lab-${shipped.name}`, shipped.title, shipped.notes, () => {
      shipped.load().then(
        (opened) => openLab(opened),
        () => stores.notices.getState().say({ tone: 'bad', text: 'The lab could not be loaded.' }),
      );
    });
  }
  for (const host of result?.hosts ?? []) {
    for (const c of host.chains) {
      const title = `${c.table} ${c.chain}`;
      const detail = `${host.name}${c.family === 'ip6' ? ', IPv6' : ''}, ${c.rules} rules${c.policy === null ? '' : `, ${c.policy}`}`;
      add('Chains', 'list', `chain-${host.name}-${c.family}-${c.table}-${c.chain}`, title, detail, () =>
        showChain(host.name, c.family, c.table, c.chain),
      );
    }
  }
  for (const [name, host] of Object.entries(lab.hosts)) {
    for (const family of ['ip', 'ip6'] as const) {
      let table = '';
      const numbers = new Map<string, number>();
      for (const line of ((family === 'ip' ? host.iptables : host.ip6tables) ?? '').split('\n')) {
        if (line.startsWith('*')) {
          table = line.slice(1).trim();
          numbers.clear();
        }
        const [, chain, rule] = /^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$/.exec(line) ?? [];
        if (chain === undefined) continue;
        const number = (numbers.get(chain) ?? 0) + 1;
        numbers.set(chain, number);
        const here = table;
        add(
          'Rules',
          'right',
          `rule-${name}-${family}-${here}-${chain}-${number}`,
          rule ?? '',
          `${name}, ${here} ${chain} ${number}`,
          () => {
            showChain(name, family, here, chain);
            requestAnimationFrame(() =>
              document
                .querySelector(`[data-testid="rule-${here}-${chain}-${number}"]`)
                ?.scrollIntoView({ block: 'center' }),
            );
          },
        );
      }
    }
  }
  return entries;
}

function lightNow(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: light)').matches : chosen === 'light';
}

function showTab(tab: 'chain' | 'packet' | 'conntrack' | 'routes' | 'sets'): void {
  const view = stores.view.getState();
  view.setTab(tab);
  if (document.querySelector('[data-testid="inspector"]') === null) view.setDrawer('inspector');
}

function showChain(host: string, family: 'ip' | 'ip6' | 'bridge' | 'netdev', table: string, chain: string): void {
  const view = stores.view.getState();
  view.showHost(host);
  view.select({ kind: 'chain', host, family, table, chain }, 'chain');
  showTab('chain');
}
