import { useEffect, useRef } from 'react';
import type { Lab } from '../../src/engine';
import { hostIcon, stores, useLab } from '../store';
import { Button, Chip, cx, Icon, Kbd } from '../ui';
import { addressesOf, parseTarget } from './addresses';
import { change, composer, giveUp, submit, useComposer } from './composerStore';
import { sourceFor } from './composeStep';
import { defaultPort, fieldsOf, type Preset } from './draft';
import { Select, TextInput } from './Field';
import { fieldsSummary, HeaderFields } from './HeaderFields';

const PRESETS: readonly (readonly [Preset, string])[] = [
  ['ping', 'Ping'],
  ['tcp', 'TCP connect'],
  ['http', 'HTTP'],
  ['dns', 'DNS'],
  ['custom', 'Custom'],
];

/** From, to, what kind of packet: adds a step to the lab and plays it. */
export function Composer() {
  const lab = useLab((s) => s.lab);
  const draft = useComposer((s) => s.draft);
  const editing = useComposer((s) => s.editing);
  const open = useComposer((s) => s.open);
  const focus = useComposer((s) => s.focus);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!focus) return;
    composer.setState({ focus: false });
    const field = form.current?.querySelector<HTMLInputElement>('[data-focus]');
    field?.focus();
    field?.select();
  }, [focus]);
  const hosts = Object.keys(lab.hosts).length > 0;
  const step = draft.preset === 'wait' || draft.preset === 'command';
  return (
    <form
      ref={form}
      className="px-[14px] pt-[14px] tight:pt-[10px]"
      aria-label={editing === null ? 'Send a packet' : `Edit step ${editing + 1}`}
      data-testid="composer"
      onKeyDown={(e) => {
        // In a drawer, Esc closes that.
        if (e.key !== 'Escape' || e.currentTarget.closest('dialog') !== null) return;
        if (editing !== null) giveUp();
        (document.activeElement as HTMLElement).blur();
      }}
      onSubmit={(e) => {
        e.preventDefault();
        if (!submit()) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
        else if (e.currentTarget.closest('dialog') === null) focusPlay();
      }}
    >
      <div className="flex items-center gap-2">
        <h2 className="text-[14.5px]">{editing === null ? 'Send a packet' : `Edit step ${editing + 1}`}</h2>
        <span className="flex-1" />
        {editing === null && (
          <span className="in-[dialog]:hidden">
            <Kbd>N</Kbd>
          </span>
        )}
      </div>
      <div
        className={cx(
          'mt-[9px] flex flex-col gap-[9px] tight:gap-[6px]',
          // Labels beside their fields.
          'tight:[&>div]:grid tight:[&>div]:items-center tight:[&>div>:not(label)]:col-start-2',
          step ? 'tight:[&>div]:grid-cols-[58px_minmax(0,1fr)]' : 'tight:[&>div]:grid-cols-[32px_minmax(0,1fr)]',
        )}
      >
        {draft.preset !== 'wait' && <From lab={lab} arrive={!step} />}
        {!step && <To lab={lab} />}
        {draft.preset === 'command' && (
          <TextInput field="command" label="Command" data-focus="" placeholder="iptables -D FORWARD 1" />
        )}
        {draft.preset === 'wait' && <TextInput field="seconds" label="Seconds" data-focus="" inputMode="decimal" />}
      </div>
      {!step && (
        <>
          <fieldset className="m-0 mt-[10px] border-0 p-0 tight:mt-[8px]">
            <legend className="sr-only">Kind</legend>
            <div className="flex flex-wrap gap-[5px] tight:gap-[4px]">
              {PRESETS.map(([preset, name]) => (
                <Chip
                  key={preset}
                  on={draft.preset === preset}
                  className="px-[9px]! tight:px-[6px]! tight:text-[12px]!"
                  data-testid={`preset-${preset}`}
                  onClick={() => pick(preset, draft.preset, draft.to)}
                >
                  {name}
                </Chip>
              ))}
            </div>
          </fieldset>
          {fieldsOf(draft).length > 0 && (
            <>
              <button
                type="button"
                aria-expanded={open}
                data-testid="composer-more"
                className="mt-[8px] flex min-h-7 w-full items-center gap-1 tight:mt-[4px] rounded-[6px] text-[12.5px] text-t2 hover:text-t1 pointer-coarse:min-h-11"
                onClick={() => showFields(!open)}
              >
                <Icon name={open ? 'down' : 'right'} size={13} />
                <span className="whitespace-nowrap">Header fields</span>
                <span className="flex-1" />
                <span className="mono truncate text-[12px] text-t3">{open ? '' : fieldsSummary(draft)}</span>
              </button>
              {open && <HeaderFields />}
            </>
          )}
        </>
      )}
      <div className="mt-[9px] flex gap-2 pb-4 tight:mt-[6px] tight:pb-2">
        {editing !== null && (
          <Button onClick={giveUp} className="flex-1" data-testid="composer-cancel">
            Cancel
          </Button>
        )}
        <Button
          type="submit"
          tone="primary"
          icon={editing === null ? 'plus' : 'check'}
          className="flex-1"
          disabled={!hosts}
          data-testid="composer-inject"
        >
          {editing === null ? 'Add to lab' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

/** What was sent plays: Space is to pause it, not to send it again. In an empty lab there is nothing to play before it ran. */
function focusPlay(): void {
  const from = document.activeElement;
  const focus = (): boolean => {
    const button = document.querySelector<HTMLButtonElement>('[data-testid="transport-play"]:enabled');
    button?.focus();
    return button !== null;
  };
  if (focus()) return;
  const stop = stores.play.subscribe(({ beats }) => {
    if (beats.length === 0) return;
    stop();
    requestAnimationFrame(() => {
      if (document.activeElement === from || document.activeElement === document.body) focus();
    });
  });
}

function showFields(open: boolean): void {
  composer.setState({ open });
}

/** Another preset has another usual port; one that was written by hand stays. */
function pick(preset: Preset, before: Preset, to: string): void {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(to);
  const address = match?.[1] ?? to;
  const port = match === null ? null : Number(match[2]);
  const next = defaultPort(preset);
  const usual = port === null || port === defaultPort(before);
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  const six = address.includes(':') && !address.startsWith('[');
  const host = six ? `[${address}]` : address;
  const target = next === null || address === '' ? bare : `${host}:${usual || port === null ? next : port}`;
  // What was asked in one protocol is no payload of another kind.
  const asked = preset !== before && (before === 'http' || before === 'dns');
  change({ preset, to: target, ...(asked ? { payload: '' } : {}) });
  if (preset === 'custom') showFields(true);
}

function From({ lab, arrive }: { readonly lab: Lab; readonly arrive: boolean }) {
  const host = useComposer((s) => s.draft.host);
  const device = useComposer((s) => s.draft.interface);
  const spec = lab.hosts[host];
  const first = spec === undefined ? undefined : Object.keys(spec.interfaces ?? {})[0];
  const outside = device !== '';
  return (
    <Select
      field="host"
      label={arrive ? 'From' : 'Host'}
      value={`${host}/${device}`}
      title={`${host} ${outside ? `in ${device}` : (first ?? '')}`.trim()}
      onPick={(value) => {
        const at = value.lastIndexOf('/');
        change({ host: value.slice(0, at), interface: value.slice(at + 1) });
      }}
      options={
        <>
          <optgroup label={arrive ? 'Sent by a program on' : 'Host'}>
            {Object.keys(lab.hosts).map((name) => (
              <option key={name} value={`${name}/`}>
                {name}
              </option>
            ))}
          </optgroup>
          {arrive && (
            <optgroup label="Arrives from outside on">
              {Object.entries(lab.hosts).flatMap(([name, h]) =>
                Object.entries(h.interfaces ?? {})
                  .filter(([, i]) => (i.kind ?? 'segment') === 'segment')
                  .map(([i]) => (
                    <option key={`${name}/${i}`} value={`${name}/${i}`}>
                      {name} {i}
                    </option>
                  )),
              )}
            </optgroup>
          )}
        </>
      }
    >
      <Icon name={outside ? 'globe' : hostIcon(lab.hosts[host])} size={16} className="tight:hidden" />
      {/* Of both the host says more, but an interface's usual name is whole. */}
      <span className="min-w-0 flex-1 truncate">{host === '' ? 'no host' : host}</span>
      <span className="mono max-w-[45%] flex-none truncate text-[11.5px] text-t3" data-testid="composer-from-interface">
        {outside ? `in ${device}` : first}
      </span>
      <Icon name="down" size={13} />
    </Select>
  );
}

function To({ lab }: { readonly lab: Lab }) {
  const draft = useComposer((s) => s.draft);
  const port = defaultPort(draft.preset);
  const target = parseTarget(draft.to, lab);
  const named = typeof target !== 'string' && !draft.to.includes(target.address);
  const source =
    draft.interface === '' || draft.src !== '' || typeof target === 'string' ? null : sourceFor(draft, lab, target);
  const hint = [named ? target.address : '', source === null ? '' : `from ${source}, outside of the lab`]
    .filter(Boolean)
    .join(' · ');
  return (
    <>
      <TextInput
        field="to"
        label="To"
        data-focus=""
        list="composer-targets"
        placeholder={port === null ? 'address or host' : `address:${port}`}
        {...(hint === '' ? {} : { hint })}
      />
      <datalist id="composer-targets">
        {Object.entries(lab.hosts).flatMap(([name, host]) => {
          const addresses = addressesOf(host);
          const first = addresses[0];
          const listeners = port === null || first === undefined ? [] : (host.listen ?? []);
          return [
            ...listeners.map((l) => {
              const value = first?.text.includes(':') ? `[${first.text}]:${l.port}` : `${first?.text}:${l.port}`;
              return (
                <option key={`${name}/${l.protocol}/${l.port}`} value={value}>
                  {name}, {l.serves ?? 'echo'} on {l.protocol} {l.port}
                </option>
              );
            }),
            ...addresses.map((a) => (
              <option key={`${name}/${a.text}`} value={a.text}>
                {name} {a.interface}
              </option>
            )),
          ];
        })}
      </datalist>
    </>
  );
}
