import { useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../src/engine';
import { type HostText, stores, useLab } from '../store';
import { Button, cx, Empty, IconButton } from '../ui';
import { Choice, Fields, FormHead, Problem, Row, Switch, TextBox } from './fields';
import { useByLine, useInterfaces, useShown } from './hooks';
import { type LineForm, meaningOf, readLine, setField, setHead, setHops, setTarget, setType } from './lineForm';
import { type LineField, ROUTE, ROUTE_TYPES, RULE } from './lineKinds';
import type { Picked } from './picked';
import { VirtualList } from './VirtualList';
import { linesOf, movedLine, withLine, withNewLine, withoutLines } from './words';

export type LinesMember = 'routes' | 'routes6' | 'rules' | 'rules6';

const HEADS: Readonly<Record<LinesMember, readonly [string, string]>> = {
  routes: ['IPv4 routes', 'Which way a packet goes. The longest prefix that fits wins, then the lowest metric.'],
  routes6: ['IPv6 routes', 'Which way a packet goes. The longest prefix that fits wins, then the lowest metric.'],
  rules: [
    'IPv4 policy rules',
    'Which table of routes is looked up. Rules are asked by priority, the lowest number first.',
  ],
  rules6: [
    'IPv6 policy rules',
    'Which table of routes is looked up. Rules are asked by priority, the lowest number first.',
  ],
};
const RULE_DEEDS: readonly (readonly [string, string])[] = [
  ['lookup', 'look up a table'],
  ['goto', 'go to a rule'],
  ['blackhole', 'drop in silence'],
  ['unreachable', 'refuse: unreachable'],
  ['prohibit', 'refuse: prohibited'],
  ['nop', 'nothing'],
];

/** Routes, or policy rules, of a host: each line of its text as a form. */
export function LinesForm({
  host,
  member,
  picked,
  scroller,
}: {
  readonly host: string;
  readonly member: LinesMember;
  readonly picked: Picked;
  readonly scroller: React.RefObject<HTMLElement | null>;
}) {
  const text = useLab((s) => s.lab.hosts[host]?.[member] ?? '');
  const kind = member.startsWith('routes') ? ROUTE : RULE;
  const family = member.endsWith('6') ? 6 : 4;
  const byLine = useByLine(host, member);
  const [open, setOpen] = useOpenLine(text, picked);
  const [adding, setAdding] = useState(false);
  const rows = useMemo(
    () =>
      linesOf(text).flatMap((line, i) => {
        const form = readLine(kind, line);
        return form === null ? [] : [{ line: i + 1, form }];
      }),
    [text, kind],
  );
  const [title, lead] = HEADS[member];
  const write = (next: string, group = ''): void => setText(host, member, next, group);
  const change = (line: number, next: string, group: string): void =>
    write(withLine(text, line, next), `${line}/${group}`);
  const one = kind === ROUTE ? 'route' : 'rule';
  return (
    <>
      <FormHead title={title} lead={lead}>
        <Button icon="plus" data-testid={`add-${one}`} onClick={() => setAdding(true)}>
          Add a {one}
        </Button>
      </FormHead>
      {adding && (
        <NewLine
          host={host}
          kind={kind.name}
          family={family}
          onCancel={() => setAdding(false)}
          onAdd={(line) => {
            setAdding(false);
            const next = withNewLine(text, line);
            write(next);
            setOpen(null);
          }}
        />
      )}
      <VirtualList rows={rows} keyOf={(row) => row.line} size={64} scroller={scroller}>
        {({ line, form }) => (
          <LineRow
            host={host}
            line={line}
            form={form}
            family={family}
            open={open === line}
            faults={byLine.get(line) ?? []}
            onToggle={() => setOpen(open === line ? null : line)}
            onChange={(next, group) => change(line, next, group)}
            onRemove={() => {
              setOpen(null);
              write(withoutLines(text, [line]));
            }}
          />
        )}
      </VirtualList>
      {rows.length === 0 && !adding && (
        <Empty
          text={
            kind === ROUTE
              ? 'No routes of its own: only the networks of its addresses are reached.'
              : 'No rules of its own: local, main and default are looked up, in this order.'
          }
        />
      )}
      <Implied host={host} kind={kind.name} family={family} text={text} />
    </>
  );
}

function setText(host: string, member: HostText, text: string, group: string): void {
  stores.lab
    .getState()
    .editHost(
      host,
      (h) => ((h[member] ?? '') === text ? h : { ...h, [member]: text }),
      group === '' ? '' : `${host}/${member}/${group}`,
    );
}

/** The line whose form is open stays open while lines above it come and go. */
function useOpenLine(text: string, picked: Picked): readonly [number | null, (line: number | null) => void] {
  const before = useRef(text);
  const { line, set } = picked;
  useEffect(() => {
    if (before.current === text) return;
    const moved = line === null ? null : movedLine(before.current, text, line);
    before.current = text;
    if (moved !== line) set(moved);
  }, [text, line, set]);
  return [line, set];
}

function LineRow({
  host,
  line,
  form,
  family,
  open,
  faults,
  onToggle,
  onChange,
  onRemove,
}: {
  readonly host: string;
  readonly line: number;
  readonly form: LineForm;
  readonly family: 4 | 6;
  readonly open: boolean;
  readonly faults: readonly Diagnostic[];
  readonly onToggle: () => void;
  readonly onChange: (text: string, group: string) => void;
  readonly onRemove: () => void;
}) {
  const one = form.kind === ROUTE ? 'route' : 'rule';
  const meaning = meaningOf(form, family);
  return (
    <Row
      open={open}
      onToggle={onToggle}
      wrong={faults.length > 0}
      testid={`${one}-${line}`}
      label={`${one === 'route' ? 'Route' : 'Rule'} in line ${line}: ${meaning}`}
      face={
        <span className="flex min-w-0 flex-col gap-[2px]">
          <span className="font-semibold text-[14.5px] [overflow-wrap:anywhere]">{meaning}</span>
          <span className="mono truncate text-[12.5px] text-t2">{form.text.trim()}</span>
        </span>
      }
      aside={
        <>
          {faults.length > 0 && <span className="text-[13px] text-bad">left out</span>}
          <IconButton
            icon="trash"
            label={`Delete ${one} in line ${line}`}
            size={17}
            data-testid={`remove-${one}-${line}`}
            onClick={onRemove}
          />
        </>
      }
    >
      {faults.map((fault) => (
        <div key={`${fault.column}/${fault.message}`} className="px-[14px] pb-2">
          <Problem text={fault.message} testid={`fault-${line}`}>
            {fault.suggestion !== undefined && (
              <Button size="sm" onClick={() => onChange(mended(form.text, fault), 'fix')}>
                {fault.suggestion.label}
              </Button>
            )}
          </Problem>
        </div>
      ))}
      {open && (
        <div className="border-line border-t px-[14px] py-3">
          <LineFields host={host} form={form} onChange={onChange} prefix={`${one}-${line}`} />
        </div>
      )}
    </Row>
  );
}

function mended(text: string, fault: Diagnostic): string {
  return text.slice(0, fault.column - 1) + (fault.suggestion?.replacement ?? '') + text.slice(fault.endColumn - 1);
}

/** The fields of one line. Those that the line does not say are offered below. */
function LineFields({
  host,
  form,
  prefix,
  onChange,
}: {
  readonly host: string;
  readonly form: LineForm;
  readonly prefix: string;
  readonly onChange: (text: string, group: string) => void;
}) {
  const [more, setMore] = useState<readonly string[]>([]);
  const route = form.kind === ROUTE;
  const shown = form.kind.fields.filter((f) => f.always || form.values.has(f.key) || more.includes(f.key));
  const offered = form.kind.fields.filter((f) => !shown.includes(f));
  const several = form.hops.value !== '';
  const now = (text: string, group: string): null => {
    onChange(text, group);
    return null;
  };
  return (
    <>
      <Fields>
        <TextBox
          label={route ? 'To' : 'Priority'}
          value={form.head.value}
          placeholder={route ? 'default, or 10.0.0.0/8' : 'the kernel chooses'}
          testid={`${prefix}-head`}
          commit={(v) => now(setHead(form, v), 'head')}
          {...(route ? { offers: ['default'] } : {})}
        />
        <Choice
          label={route ? 'A packet' : 'Then'}
          value={form.type.value}
          options={route ? ROUTE_TYPES : RULE_DEEDS}
          testid={`${prefix}-type`}
          onPick={(v) => onChange(setType(form, v), '')}
        />
        {!route && (form.type.value === 'lookup' || form.type.value === 'goto') && (
          <TextBox
            label={form.type.value === 'goto' ? 'Rule' : 'Table'}
            value={form.target.value}
            placeholder="main"
            offers={form.type.value === 'goto' ? [] : ['main', 'local', 'default', '100']}
            testid={`${prefix}-table`}
            commit={(v) => now(setTarget(form, v), 'table')}
          />
        )}
        {several && (
          <TextBox
            className="col-span-full"
            label="Next hops"
            value={form.hops.value}
            testid={`${prefix}-hops`}
            help="Each is nexthop via ADDRESS dev INTERFACE weight NUMBER."
            commit={(v) => now(setHops(form, v), 'hops')}
          />
        )}
        {shown
          .filter((f) => !several || (f.key !== 'via' && f.key !== 'dev'))
          .map((field) => (
            <OneField key={field.key} host={host} field={field} form={form} prefix={prefix} onChange={onChange} />
          ))}
      </Fields>
      {offered.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <span className="text-[13px] text-t2">Also</span>
          {offered.map((field) => (
            <button
              key={field.key}
              type="button"
              title={field.help}
              data-testid={`${prefix}-more-${field.key}`}
              className="h-7 rounded-full border border-line-2 px-[10px] font-[550] text-[12.5px] text-t2 hover:bg-raised hover:text-t1 pointer-coarse:h-11"
              onClick={() => {
                if (field.kind === 'flag') onChange(setField(form, field.key, 'yes'), '');
                else setMore([...more, field.key]);
              }}
            >
              {field.label}
            </button>
          ))}
        </div>
      )}
      {form.rest.length > 0 && (
        <p className="mt-3 text-[12.5px] text-t3">
          Kept as typed: <span className="mono">{form.rest.join(' ')}</span>
        </p>
      )}
    </>
  );
}

function OneField({
  host,
  field,
  form,
  prefix,
  onChange,
}: {
  readonly host: string;
  readonly field: LineField;
  readonly form: LineForm;
  readonly prefix: string;
  readonly onChange: (text: string, group: string) => void;
}) {
  const interfaces = useInterfaces(host);
  const value = form.values.get(field.key)?.value ?? '';
  const set = (v: string, group = field.key): null => {
    onChange(setField(form, field.key, v), group);
    return null;
  };
  const testid = `${prefix}-${field.key}`;
  if (field.kind === 'flag') {
    return (
      <div className="flex flex-col justify-end gap-1">
        <Switch label={field.label} on={value !== ''} testid={testid} onChange={(on) => set(on ? 'yes' : '', '')} />
        <span className="text-[12.5px] text-t3 leading-[1.4]">{field.help}</span>
      </div>
    );
  }
  if (field.kind === 'choice') {
    return (
      <Choice
        label={field.label}
        value={value}
        options={[['', 'not said'], ...(field.values ?? []).map((v) => [v, v] as const)]}
        testid={testid}
        help={field.help}
        onPick={(v) => set(v, '')}
      />
    );
  }
  return (
    <TextBox
      label={field.label}
      value={value}
      testid={testid}
      help={field.help}
      {...(field.example === undefined ? {} : { placeholder: field.example })}
      offers={
        field.kind === 'interface' ? [...interfaces, 'lo'] : field.kind === 'table' ? ['main', 'local', '100'] : []
      }
      commit={set}
    />
  );
}

/** A line that is made with a few fields, and then is in the text. */
function NewLine({
  host,
  kind,
  family,
  onAdd,
  onCancel,
}: {
  readonly host: string;
  readonly kind: 'route' | 'rule';
  readonly family: 4 | 6;
  readonly onAdd: (line: string) => void;
  readonly onCancel: () => void;
}) {
  const interfaces = useInterfaces(host);
  const [draft, setDraft] = useState({
    head: kind === 'route' ? 'default' : '',
    via: '',
    dev: '',
    from: '',
    table: 'main',
  });
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector('input')?.focus(), []);
  const set =
    (key: keyof typeof draft) =>
    (value: string): null => {
      setDraft((d) => ({ ...d, [key]: value }));
      return null;
    };
  const line =
    kind === 'route'
      ? [draft.head, draft.via === '' ? '' : `via ${draft.via}`, draft.dev === '' ? '' : `dev ${draft.dev}`]
      : [draft.head === '' ? '' : `${draft.head}:`, `from ${draft.from || 'all'}`, `lookup ${draft.table || 'main'}`];
  const ready = kind === 'rule' || (draft.head !== '' && (draft.via !== '' || draft.dev !== ''));
  const text = line.filter((w) => w !== '').join(' ');
  const form = readLine(kind === 'route' ? ROUTE : RULE, text);
  return (
    <form
      ref={first}
      className="mb-3 rounded-card border border-line-2 bg-card p-[14px]"
      data-testid={`new-${kind}`}
      aria-label={`New ${kind}`}
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) onAdd(text);
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        onCancel();
      }}
    >
      <Fields>
        <TextBox
          label={kind === 'route' ? 'To' : 'Priority'}
          value={draft.head}
          placeholder={kind === 'route' ? 'default, or 10.0.0.0/8' : 'the kernel chooses'}
          testid={`new-${kind}-head`}
          commit={set('head')}
        />
        {kind === 'route' ? (
          <>
            <TextBox
              label="Via"
              value={draft.via}
              placeholder={family === 4 ? '192.0.2.1' : '2001:db8::1'}
              testid="new-route-via"
              commit={set('via')}
            />
            <TextBox
              label="Out of"
              value={draft.dev}
              placeholder="eth0"
              offers={interfaces}
              testid="new-route-dev"
              commit={set('dev')}
            />
          </>
        ) : (
          <>
            <TextBox label="From" value={draft.from} placeholder="all" testid="new-rule-from" commit={set('from')} />
            <TextBox
              label="Look up table"
              value={draft.table}
              offers={['main', '100']}
              testid="new-rule-table"
              commit={set('table')}
            />
          </>
        )}
      </Fields>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" disabled={!ready} data-testid={`new-${kind}-add`}>
          Add the {kind}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <span className="min-w-0 flex-1 text-[13px] text-t2" aria-live="polite">
          {form === null ? '' : meaningOf(form, family)}
        </span>
      </div>
    </form>
  );
}

/** Lines that the kernel made which are shown. */
const FEW = 40;

/** What the kernel made itself, for the eye: nothing of it stands in the text. */
function Implied({
  host,
  kind,
  family,
  text,
}: {
  readonly host: string;
  readonly kind: 'route' | 'rule';
  readonly family: 4 | 6;
  readonly text: string;
}) {
  const flag = family === 6 ? '-6 ' : '';
  const shown = useShown(host, kind === 'route' ? `ip ${flag}route show` : `ip ${flag}rule show`);
  const own = new Set(text.split('\n').map((line) => line.trim()));
  const implied = shown.filter((line) =>
    kind === 'route' ? line.includes('proto kernel') && !own.has(line.trim()) : /^(0|32766|32767):\s/.test(line),
  );
  if (implied.length === 0) return null;
  return (
    <section className="mt-5" aria-label="Made by the kernel">
      <h3 className="mb-1 font-[650] text-[13px] text-t2">
        {kind === 'route' ? 'Made by the kernel, from the addresses' : 'Always there'}
      </h3>
      <ul className={cx('m-0 list-none p-0')}>
        {implied.slice(0, FEW).map((line) => (
          <li key={line} className="mono border-line border-t py-[6px] text-[12.5px] text-t2 [overflow-wrap:anywhere]">
            {line.trim()}
          </li>
        ))}
        {implied.length > FEW && (
          <li className="border-line border-t py-[6px] text-[12.5px] text-t3">and {implied.length - FEW} more</li>
        )}
      </ul>
    </section>
  );
}
