import { useState } from 'react';
import { SET_TYPES } from '../../src/engine';
import { Choice, TextBox } from './fields';
import { NewForm } from './NewForm';
import { numberedName } from './names';
import { addSet, readSets, TYPE_WORDS } from './sets';
import { typeHas, writeSets } from './setsEdit';
import { keep } from './typed';

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
  const [name, setName] = useState(() => numberedName('set', names, 1));
  const [type, setType] = useState('hash:ip');
  const [family, setFamily] = useState('inet');
  const [range, setRange] = useState('');
  const [timeout, setTimeout] = useState('');
  const known = SET_TYPES.find((t) => t.name === type);
  const ranged = typeHas(type, 'range');
  const problem = problemOf(name, names, typeHas(type, 'range') && range === '' ? type : '');
  const options = [
    known?.family === 'both' && family === 'inet6' ? 'family inet6' : '',
    ranged ? `range ${range}` : '',
    timeout === '' ? '' : `timeout ${timeout}`,
    'comment',
  ];
  return (
    <NewForm
      label="New set"
      testid="new-set"
      action="Create the set"
      ready={problem === null}
      note={problem ?? ''}
      onAdd={() => {
        writeSets(host, addSet(text, name, type, options.filter((o) => o !== '').join(' ')));
        onDone(name);
      }}
      onCancel={() => onDone(null)}
    >
      <TextBox label="Name" value={name} testid="new-set-name" commit={keep(setName)} />
      <Choice
        label="Holds"
        value={type}
        options={SET_TYPES.map((t) => [t.name, `${t.name}: ${TYPE_WORDS[t.name] ?? ''}`] as const).toSorted(
          (a, b) => order(a[0]) - order(b[0]),
        )}
        testid="new-set-type"
        className="min-[480px]:col-span-2"
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
          commit={keep(setRange)}
        />
      )}
      <TextBox
        label="Timeout, in seconds"
        value={timeout}
        placeholder="they stay"
        testid="new-set-timeout"
        commit={keep(setTimeout)}
      />
    </NewForm>
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

/** What is wrong with the set to be made; `unranged`: its type, if that wants a range and there is none. */
function problemOf(name: string, names: readonly string[], unranged: string): string | null {
  if (!/^\S{1,31}$/.test(name)) return 'The name of a set has 1 to 31 characters, and no space.';
  if (names.includes(name)) return `There is a set ${name} already.`;
  if (unranged === '') return null;
  return unranged === 'bitmap:port'
    ? 'A range of ports is wanted, as 0-1023.'
    : 'A range of addresses is wanted, as 10.0.0.0/24.';
}
