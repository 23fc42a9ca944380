import { useState } from 'react';
import { TextBox } from './fields';
import { useInterfaces, useShown } from './hooks';
import { meaningOf, readLine } from './lineForm';
import { ROUTE, RULE } from './lineKinds';
import { NewForm } from './NewForm';
import { keep } from './typed';

/** A line that is made with a few fields, and then is in the text. */
export function NewLine({
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
  const set = (key: keyof typeof draft) => keep((value) => setDraft((d) => ({ ...d, [key]: value })));
  const line =
    kind === 'route'
      ? [draft.head, draft.via === '' ? '' : `via ${draft.via}`, draft.dev === '' ? '' : `dev ${draft.dev}`]
      : [draft.head === '' ? '' : `${draft.head}:`, `from ${draft.from || 'all'}`, `lookup ${draft.table || 'main'}`];
  const ready = kind === 'rule' || (draft.head !== '' && (draft.via !== '' || draft.dev !== ''));
  const text = line.filter((w) => w !== '').join(' ');
  const form = readLine(kind === 'route' ? ROUTE : RULE, text);
  return (
    <NewForm
      label={`New ${kind}`}
      testid={`new-${kind}`}
      action={`Add the ${kind}`}
      ready={ready}
      note={form === null ? '' : meaningOf(form, family)}
      onAdd={() => onAdd(text)}
      onCancel={onCancel}
    >
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
    </NewForm>
  );
}

/** Lines that the kernel made which are shown. */
const FEW = 40;

/** What the kernel made itself, for the eye: nothing of it stands in the text. */
export function Implied({
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
      <ul className="m-0 list-none p-0">
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
