import { useState } from 'react';
import { type LabInterface, parsePrefix } from '../../src/engine';
import { useLab } from '../store';
import { Button, Icon, IconButton, onEscape } from '../ui';
import { editInterface } from './edit';
import { TextBox } from './fields';
import { useReport } from './hooks';
import { freeAddress, prefixesOf } from './network';
import { keep } from './typed';

/** All addresses of an interface. */
export function Addresses({
  host,
  name,
  spec,
}: {
  readonly host: string;
  readonly name: string;
  readonly spec: LabInterface;
}) {
  const lab = useLab((s) => s.lab);
  const faults = useReport(host, 'addresses');
  const [drafting, setDrafting] = useState(false);
  const addresses = spec.addresses ?? [];
  const prefixes = spec.segment === undefined ? [] : prefixesOf(lab, spec.segment);
  const offers = prefixes.flatMap((p) => freeAddress(lab, p) ?? []);
  const change = (next: readonly string[], group = ''): string | null =>
    editInterface(host, name, { ...spec, addresses: next }, group);
  const problemOf = (address: string): string | undefined => {
    const head = `${address} dev ${name}: `;
    return faults.find((d) => d.message.startsWith(head))?.message.slice(head.length);
  };
  const test = (text: string): string | null =>
    parsePrefix(text) === null || !text.includes('/')
      ? `An address with its prefix length is wanted, as ${offers[0] ?? '192.0.2.1/24'}.`
      : addresses.includes(text)
        ? 'It has this address already.'
        : null;
  return (
    <section className="mt-3" aria-label={`Addresses of ${name}`}>
      <h3 className="mb-1 text-[12.5px] text-t2">Addresses</h3>
      <div className="flex flex-wrap items-start gap-2">
        {addresses.map((address, i) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the field stays while the address in it is typed
            key={i}
            className="flex min-w-[210px] items-start"
          >
            <TextBox
              label={`Address ${i + 1} of ${name}`}
              hideLabel
              className="flex-1"
              value={address}
              offers={offers}
              testid={`address-${host}-${name}-${i + 1}`}
              problem={problemOf(address)}
              commit={(v) => (v === address ? null : (test(v) ?? change(addresses.with(i, v), `address/${i}`)))}
            />
            <IconButton
              icon="close"
              size={16}
              label={`Remove ${address}`}
              data-testid={`remove-address-${host}-${name}-${i + 1}`}
              onClick={() => change(addresses.toSpliced(i, 1))}
            />
          </div>
        ))}
        {drafting ? (
          <NewAddress
            label={`New address of ${name}`}
            testid={`new-address-${host}-${name}`}
            offers={offers}
            start={offers[0] ?? ''}
            test={test}
            onAdd={(v) => {
              setDrafting(false);
              change([...addresses, v]);
            }}
            onCancel={() => setDrafting(false)}
          />
        ) : (
          <Button
            size="sm"
            icon="plus"
            className="h-[34px]!"
            data-testid={`add-address-${host}-${name}`}
            onClick={() => setDrafting(true)}
          >
            Address
          </Button>
        )}
      </div>
    </section>
  );
}

function NewAddress({
  label,
  testid,
  offers,
  start,
  test,
  onAdd,
  onCancel,
}: {
  readonly label: string;
  readonly testid: string;
  readonly offers: readonly string[];
  readonly start: string;
  readonly test: (text: string) => string | null;
  readonly onAdd: (text: string) => void;
  readonly onCancel: () => void;
}) {
  const [text, setText] = useState(start);
  const [tried, setTried] = useState(false);
  const problem = test(text);
  return (
    <form
      className="flex items-start gap-1"
      onSubmit={(e) => {
        e.preventDefault();
        if (problem === null) onAdd(text);
        else setTried(true);
      }}
      onKeyDown={onEscape(onCancel)}
    >
      <span
        ref={(span) => {
          const field = span?.querySelector('input');
          if (span !== null && field != null && document.activeElement !== field && !span.dataset.seen) {
            span.dataset.seen = 'yes';
            field.focus();
            field.select();
          }
        }}
      >
        <TextBox
          label={label}
          hideLabel
          className="w-[210px]"
          value={text}
          placeholder="192.0.2.1/24"
          offers={offers}
          testid={testid}
          problem={(tried && problem) || undefined}
          commit={keep(setText)}
        />
      </span>
      <Button size="sm" type="submit" className="h-[34px]!" data-testid={`${testid}-add`}>
        <Icon name="check" size={15} />
        Add
      </Button>
      <IconButton icon="close" size={16} label="No new address" onClick={onCancel} />
    </form>
  );
}
