import { useEffect, useMemo, useState } from 'react';
import type { Diagnostic } from '../../src/engine';
import { stores, useLab } from '../store';
import { Button, counted, cx, Empty, IconButton } from '../ui';
import { Fields, FormHead, Problem, Row, Switch, TextBox } from './fields';
import { useByLine } from './hooks';
import { NewSet } from './NewSet';
import type { Picked } from './picked';
import { Members } from './SetMembers';
import {
  optionsOf,
  readSets,
  removeSet,
  renameSet,
  renameSetInRules,
  rulesWithSet,
  type SetBlock,
  setSetOption,
  TYPE_WORDS,
} from './sets';
import { typeHas, writeSets } from './setsEdit';
import { keep } from './typed';
import { linesOf } from './words';

/** The sets of a host: each with its type, its options and its members. */
export function SetsForm({ host, picked }: { readonly host: string; readonly picked: Picked }) {
  const text = useLab((s) => s.lab.hosts[host]?.ipset ?? '');
  const sets = useMemo(() => readSets(text), [text]);
  const byLine = useByLine(host, 'ipset');
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string | null>(() => sets[0]?.name ?? null);
  // A line that is chosen in the text opens its set.
  const { line } = picked;
  useEffect(() => {
    if (line === null) return;
    const found = readSets(stores.lab.getState().lab.hosts[host]?.ipset ?? '').find(
      (s) => s.line === line || s.members.some((m) => m.line === line),
    );
    if (found !== undefined) setOpen(found.name);
  }, [line, host]);
  const loose = [...byLine].filter(([n]) => !sets.some((s) => s.line === n || s.members.some((m) => m.line === n)));
  return (
    <>
      <FormHead
        title="Sets"
        lead="Addresses, networks and ports under one name. A rule asks for all of them at once, with -m set."
      >
        <Button icon="plus" data-testid="add-set" onClick={() => setAdding(true)}>
          Add a set
        </Button>
      </FormHead>
      {adding && (
        <NewSet
          host={host}
          text={text}
          onDone={(name) => {
            setAdding(false);
            if (name !== null) setOpen(name);
          }}
        />
      )}
      <div className="flex flex-col gap-2">
        {sets.map((set) => (
          <SetCard
            key={`${set.line}/${set.name}`}
            host={host}
            text={text}
            set={set}
            open={open === set.name}
            byLine={byLine}
            onToggle={() => {
              setOpen(open === set.name ? null : set.name);
              picked.set(open === set.name ? null : set.line);
            }}
            onName={setOpen}
          />
        ))}
        {loose.map(([n, faults]) => (
          <div key={n} className="rounded-card border border-bad bg-card px-[14px] py-2">
            <p className="mono mb-1 truncate text-[12.5px]">{linesOf(text)[n - 1]}</p>
            <Problem text={faults[0]?.message ?? ''} />
          </div>
        ))}
        {sets.length === 0 && !adding && (
          <Empty text="No sets. A set saves a rule for each address, and its members can come and go while rules stay." />
        )}
      </div>
    </>
  );
}

function SetCard({
  host,
  text,
  set,
  open,
  byLine,
  onToggle,
  onName,
}: {
  readonly host: string;
  readonly text: string;
  readonly set: SetBlock;
  readonly open: boolean;
  readonly byLine: ReadonlyMap<number, readonly Diagnostic[]>;
  readonly onToggle: () => void;
  readonly onName: (name: string) => void;
}) {
  const faults = byLine.get(set.line) ?? [];
  const wrongMembers = set.members.filter((m) => byLine.has(m.line)).length;
  const options = optionsOf(set.text);
  const spec = useLab((s) => s.lab.hosts[host]);
  const used = rulesWithSet(spec?.iptables ?? '', set.name) + rulesWithSet(spec?.ip6tables ?? '', set.name);
  const count = counted(set.members.length, 'member');
  return (
    <Row
      open={open}
      onToggle={onToggle}
      wrong={faults.length > 0 || wrongMembers > 0}
      testid={`set-${set.name}`}
      label={`Set ${set.name}, ${set.type}, ${count}`}
      face={
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          <b className="mono font-[650] text-[15px]">{set.name}</b>
          <span className="mono text-[12.5px] text-t2">{set.type}</span>
          <span className="text-[13px] text-t2">{TYPE_WORDS[set.type] ?? 'no type that ipset has'}</span>
        </span>
      }
      aside={
        <>
          <span className={cx('whitespace-nowrap text-[13px]', wrongMembers > 0 ? 'text-bad' : 'text-t3')}>
            {wrongMembers > 0 ? `${wrongMembers} left out` : count}
          </span>
          <IconButton
            icon="trash"
            size={17}
            label={`Delete set ${set.name}${used > 0 ? `, which ${used} ${used === 1 ? 'rule names' : 'rules name'}` : ''}`}
            data-testid={`remove-set-${set.name}`}
            onClick={() => writeSets(host, removeSet(text, set))}
          />
        </>
      }
    >
      {faults.map((fault) => (
        <div key={fault.message} className="px-[14px] pb-2">
          <Problem text={fault.message} />
        </div>
      ))}
      {open && (
        <div className="border-line border-t px-[14px] py-3">
          <Fields>
            <TextBox
              label="Name"
              value={set.name}
              late
              testid={`set-${set.name}-name`}
              help={
                used === 0
                  ? undefined
                  : `${used} ${used === 1 ? 'rule names' : 'rules name'} it, and gets the new name.`
              }
              commit={(name) => rename(host, set.name, name, onName)}
            />
            {typeHas(set.type, 'timeout') && (
              <TextBox
                label="Timeout, in seconds"
                value={options.get('timeout')?.value ?? ''}
                placeholder="they stay"
                testid={`set-${set.name}-timeout`}
                commit={keep((v) => writeSets(host, setSetOption(text, set, 'timeout', v), `${set.line}/timeout`))}
              />
            )}
          </Fields>
          <Members host={host} text={text} set={set} byLine={byLine} />
          <SetOptions host={host} text={text} set={set} />
        </div>
      )}
    </Row>
  );
}

/** What is said of a set seldom: its size, netmask, and what its members can have. */
function SetOptions({ host, text, set }: { readonly host: string; readonly text: string; readonly set: SetBlock }) {
  const options = optionsOf(set.text);
  return (
    <details className="mt-3">
      <summary
        className="min-h-7 cursor-pointer text-[13px] text-t2 hover:text-t1"
        data-testid={`set-${set.name}-options`}
      >
        Options
      </summary>
      <Fields className="mt-2">
        {['maxelem', 'netmask', 'range', 'size', 'markmask']
          .filter((key) => typeHas(set.type, key) && (key === 'maxelem' || key === 'size' || options.has(key)))
          .map((key) => (
            <TextBox
              key={key}
              label={OPTION_WORDS[key] ?? key}
              value={options.get(key)?.value ?? ''}
              placeholder={key === 'maxelem' ? '65536' : key === 'size' ? '8' : ''}
              testid={`set-${set.name}-${key}`}
              commit={keep((v) => writeSets(host, setSetOption(text, set, key, v), `${set.line}/${key}`))}
            />
          ))}
      </Fields>
      <div className="mt-2 flex flex-wrap gap-x-6">
        {(['counters', 'comment', 'forceadd', 'skbinfo'] as const)
          .filter((key) => typeHas(set.type, key))
          .map((key) => (
            <Switch
              key={key}
              label={OPTION_WORDS[key] ?? key}
              on={options.has(key)}
              testid={`set-${set.name}-${key}`}
              onChange={(on) => writeSets(host, setSetOption(text, set, key, on ? 'yes' : ''))}
            />
          ))}
      </div>
    </details>
  );
}

const OPTION_WORDS: Readonly<Record<string, string>> = {
  maxelem: 'Members at most',
  netmask: 'Netmask of members',
  range: 'Range',
  size: 'Sets at most',
  markmask: 'Mask of marks',
  counters: 'Counts packets',
  comment: 'Members have comments',
  forceadd: 'Full: an old member makes room',
  skbinfo: 'Members carry marks',
};

function rename(host: string, from: string, to: string, onName: (name: string) => void): string | null {
  if (to === from) return null;
  if (!/^\S{1,31}$/.test(to)) return 'The name of a set has 1 to 31 characters, and no space.';
  const text = stores.lab.getState().lab.hosts[host]?.ipset ?? '';
  if (readSets(text).some((s) => s.name === to)) return `There is a set ${to} already.`;
  stores.lab.getState().editHost(host, (h) => ({
    ...h,
    ipset: renameSet(text, from, to),
    ...(h.iptables === undefined ? {} : { iptables: renameSetInRules(h.iptables, from, to) }),
    ...(h.ip6tables === undefined ? {} : { ip6tables: renameSetInRules(h.ip6tables, from, to) }),
  }));
  onName(to);
  return null;
}
