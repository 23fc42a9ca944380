import { useEffect, useRef, useState } from 'react';
import { SET_TYPES } from '../../src/engine';
import { Button } from '../ui';
import { Choice, Fields, TextBox } from './fields';
import { freeName } from './network';
import { addSet, readSets, TYPE_WORDS } from './sets';
import { typeHas, writeSets } from './setsEdit';

/** A set that is being made: name, type, what is said of it at once. */
export function NewSet({
  host,
  text,
  onDone,
}: {
  readonly host: string;
  readonly text: string;
  readonly onDone: (name: string | null) => void;
}) {
  const names = readSets(text).map((s) => s.name);
  const [name, setName] = useState(() => freeName('set', names, 1));
  const [type, setType] = useState('hash:ip');
  const [family, setFamily] = useState('inet');
  const [range, setRange] = useState('');
  const [timeout, setTimeout] = useState('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.select(), []);
  const known = SET_TYPES.find((t) => t.name === type);
  const ranged = typeHas(type, 'range');
  const problem = !/^\S{1,31}$/.test(name)
    ? 'The name of a set has 1 to 31 characters, and no space.'
    : names.includes(name)
      ? `There is a set ${name} already.`
      : ranged && range === ''
        ? type === 'bitmap:port'
          ? 'A range of ports is wanted, as 0-1023.'
          : 'A range of addresses is wanted, as 10.0.0.0/24.'
        : null;
  const options = [
    known?.family === 'both' && family === 'inet6' ? 'family inet6' : '',
    ranged ? `range ${range}` : '',
    timeout === '' ? '' : `timeout ${timeout}`,
    'comment',
  ];
  return (
    <form
      ref={form}
      className="mb-3 rounded-card border border-line-2 bg-card p-[14px]"
      data-testid="new-set"
      aria-label="New set"
      onSubmit={(e) => {
        e.preventDefault();
        if (problem !== null) return;
        writeSets(host, addSet(text, name, type, options.filter((o) => o !== '').join(' ')));
        onDone(name);
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        onDone(null);
      }}
    >
      <Fields>
        <TextBox
          label="Name"
          value={name}
          testid="new-set-name"
          commit={(v) => {
            setName(v);
            return null;
          }}
        />
        <Choice
          label="Holds"
          value={type}
          options={SET_TYPES.map((t) => [t.name, `${t.name}: ${TYPE_WORDS[t.name] ?? ''}`] as const).toSorted(
            (a, b) => order(a[0]) - order(b[0]),
          )}
          testid="new-set-type"
          onPick={setType}
        />
        {known?.family === 'both' && (
          <Choice
            label="Family"
            value={family}
            options={[
              ['inet', 'IPv4'],
              ['inet6', 'IPv6'],
            ]}
            testid="new-set-family"
            onPick={setFamily}
          />
        )}
        {ranged && (
          <TextBox
            label="Range"
            value={range}
            placeholder={type === 'bitmap:port' ? '0-1023' : '10.0.0.0/24'}
            testid="new-set-range"
            commit={(v) => {
              setRange(v);
              return null;
            }}
          />
        )}
        <TextBox
          label="Timeout, in seconds"
          value={timeout}
          placeholder="they stay"
          testid="new-set-timeout"
          commit={(v) => {
            setTimeout(v);
            return null;
          }}
        />
      </Fields>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" disabled={problem !== null} data-testid="new-set-add">
          Create the set
        </Button>
        <Button tone="quiet" onClick={() => onDone(null)}>
          Cancel
        </Button>
        <span className="min-w-0 flex-1 text-[13px] text-t2" aria-live="polite">
          {problem ?? ''}
        </span>
      </div>
    </form>
  );
}

const FIRST = [
  'hash:ip',
  'hash:net',
  'hash:ip,port',
  'hash:net,port',
  'hash:net,iface',
  'list:set',
  'bitmap:port',
  'bitmap:ip',
];
const order = (type: string): number => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length);
