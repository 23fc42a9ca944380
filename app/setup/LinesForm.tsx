import { useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../src/engine';
import { useLab } from '../store';
import { Button, Empty, IconButton } from '../ui';
import { writeText } from './edit';
import { FormHead, Problem, Row } from './fields';
import { useByLine } from './hooks';
import { LineFields } from './LineFields';
import { type LineForm, meaningOf, readLine } from './lineForm';
import { ROUTE, RULE } from './lineKinds';
import { Implied, NewLine } from './NewLine';
import type { Picked } from './picked';
import { VirtualList } from './VirtualList';
import { linesOf, mended, movedLine, withLine, withNewLine, withoutLines } from './words';

type LinesMember = 'routes' | 'routes6' | 'rules' | 'rules6';

const ROUTES_LEAD = 'Which way a packet goes. The longest prefix that fits wins, then the lowest metric.';
const RULES_LEAD = 'Which table of routes is looked up. Rules are asked by priority, the lowest number first.';
const HEADS: Readonly<Record<LinesMember, readonly [string, string]>> = {
  routes: ['IPv4 routes', ROUTES_LEAD],
  routes6: ['IPv6 routes', ROUTES_LEAD],
  rules: ['IPv4 policy rules', RULES_LEAD],
  rules6: ['IPv6 policy rules', RULES_LEAD],
};

/** Routes, or policy rules, of a host: each line of its text as a form. */
export function LinesForm({
  host,
  member,
  picked,
}: {
  readonly host: string;
  readonly member: LinesMember;
  readonly picked: Picked;
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
  const write = (next: string, group = ''): void => writeText(host, member, next, group);
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
            write(withNewLine(text, line));
            setOpen(null);
          }}
        />
      )}
      <VirtualList rows={rows} keyOf={(row) => row.line} size={64}>
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
