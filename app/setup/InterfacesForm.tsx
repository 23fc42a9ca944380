import { useState } from 'react';
import { type LabInterface, parsePrefix } from '../../src/engine';
import { stores, useHostView, useLab } from '../store';
import { Button, Empty, Icon, IconButton } from '../ui';
import { Confirm } from './Confirm';
import { editHost, editLab } from './edit';
import { Choice, Fields, FormHead, Problem, Row, TextBox } from './fields';
import { useReport } from './hooks';
import {
  addInterface,
  addressesFor,
  type Change,
  freeAddress,
  linesWithInterface,
  prefixesOf,
  removeInterface,
  renameInterface,
  segmentsOf,
  stepsGo,
  stepsWith,
} from './network';

const KINDS = [
  ['segment', 'on a segment'],
  ['bridge', 'a bridge'],
  ['dummy', 'a dummy, on nothing'],
] as const;

const kindOf = (i: LabInterface): 'segment' | 'bridge' | 'dummy' => i.kind ?? 'segment';

/** Makes a change of the network; the sentence that says why not, else null. */
export function make(change: (lab: Parameters<typeof addressesFor>[0]) => Change, group = ''): string | null {
  const made = change(stores.lab.getState().lab);
  return 'refused' in made ? made.refused : editLab(() => made.lab, group);
}

/** Interfaces of a host: where each is plugged in, and its addresses. */
export function InterfacesForm({ host }: { readonly host: string }) {
  const interfaces = useLab((s) => s.lab.hosts[host]?.interfaces);
  const [open, setOpen] = useState<string | null>(null);
  const names = Object.keys(interfaces ?? {});
  const refused = useReport(host, 'interfaces');
  const add = (kind: 'segment' | 'bridge' | 'dummy'): void => {
    const { lab } = stores.lab.getState();
    const [segment = 'lan'] = segmentsOf(lab);
    const spec: LabInterface =
      kind === 'segment' ? { segment, addresses: addressesFor(lab, segment) } : { kind, addresses: [] };
    const made = addInterface(lab, host, spec, { segment: 'eth', bridge: 'br', dummy: 'dummy' }[kind]);
    if (editLab(() => made.lab) === null) setOpen(made.name);
  };
  return (
    <>
      <FormHead
        title="Interfaces"
        lead="Where this host is plugged in. Interfaces on segments of one name see each other."
      >
        <Button icon="plus" data-testid="add-interface" onClick={() => add('segment')}>
          Interface
        </Button>
        <Button icon="plus" data-testid="add-bridge" onClick={() => add('bridge')}>
          Bridge
        </Button>
        <Button icon="plus" data-testid="add-dummy" onClick={() => add('dummy')}>
          Dummy
        </Button>
      </FormHead>
      {refused.map((d) => (
        <div key={d.message} className="mb-2">
          <Problem text={`ip link: ${d.message}`} />
        </div>
      ))}
      <div className="flex flex-col gap-2">
        {names.map((name) => (
          <InterfaceRow
            key={name}
            host={host}
            name={name}
            open={open === name}
            onToggle={() => setOpen(open === name ? null : name)}
            onName={setOpen}
          />
        ))}
        {names.length === 0 && (
          <Empty text="No interfaces but lo: nothing leaves this host, and nothing comes to it." />
        )}
        <Row
          open={false}
          quiet
          testid="interface-lo"
          label="Interface lo"
          face={
            <Face
              name="lo"
              words="always there: what this host sends to itself"
              addresses={['127.0.0.1/8', '::1/128']}
            />
          }
        />
      </div>
    </>
  );
}

function Face({
  name,
  words,
  addresses,
}: {
  readonly name: string;
  readonly words: string;
  readonly addresses: readonly string[];
}) {
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-[2px]">
      <b className="mono font-[650] text-[15px]">{name}</b>
      <span className="text-[13px] text-t2">{words}</span>
      <span className="mono ml-auto text-right text-[12.5px] text-t1 [overflow-wrap:anywhere]">
        {addresses.join('  ') || 'no address'}
      </span>
    </span>
  );
}

function InterfaceRow({
  host,
  name,
  open,
  onToggle,
  onName,
}: {
  readonly host: string;
  readonly name: string;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onName: (name: string) => void;
}) {
  const spec = useLab((s) => s.lab.hosts[host]?.interfaces?.[name]);
  const addressFaults = useReport(host, 'addresses');
  if (spec === undefined) return null;
  const kind = kindOf(spec);
  const words = `${kind === 'segment' ? `on ${spec.segment}` : kind === 'bridge' ? 'a bridge' : 'a dummy'}${spec.master === undefined ? '' : `, port of ${spec.master}`}`;
  const wrong = addressFaults.some((d) => d.message.includes(` dev ${name}: `));
  return (
    <Row
      open={open}
      onToggle={onToggle}
      wrong={wrong}
      testid={`interface-${name}`}
      label={`Interface ${name}, ${words}`}
      face={<Face name={name} words={words} addresses={spec.addresses ?? []} />}
      aside={<RemoveInterface host={host} name={name} />}
    >
      {open && (
        <div className="border-line border-t px-[14px] py-3">
          <InterfaceFields host={host} name={name} spec={spec} onName={onName} />
        </div>
      )}
    </Row>
  );
}

/** Deletes an interface; asks first if something hangs on it. */
export function RemoveInterface({ host, name }: { readonly host: string; readonly name: string }) {
  const lab = useLab((s) => s.lab);
  const steps = stepsWith(lab, host, name);
  const lines = linesWithInterface(lab.hosts[host], name);
  const cost = [
    stepsGo(steps),
    lines === 0 ? '' : `${lines} ${lines === 1 ? 'route names' : 'routes name'} it and will be left out.`,
  ];
  return (
    <Confirm
      label={`Delete interface ${name} of ${host}`}
      testid={`remove-interface-${host}-${name}`}
      cost={cost.filter((c) => c !== '').join(' ')}
      onYes={() => make((now) => removeInterface(now, host, name))}
    />
  );
}

export function InterfaceFields({
  host,
  name,
  spec,
  onName,
}: {
  readonly host: string;
  readonly name: string;
  readonly spec: LabInterface;
  readonly onName: (name: string) => void;
}) {
  const lab = useLab((s) => s.lab);
  const view = useHostView(host)?.interfaces.find((i) => i.name === name);
  const kind = kindOf(spec);
  const bridges = Object.entries(lab.hosts[host]?.interfaces ?? {})
    .filter(([n, i]) => kindOf(i) === 'bridge' && n !== name)
    .map(([n]) => n);
  const change = (next: LabInterface, group = ''): string | null =>
    editHost(
      host,
      (h) => ({ ...h, interfaces: { ...h.interfaces, [name]: next } }),
      group === '' ? '' : `interfaces/${name}/${group}`,
    );
  const without = (key: keyof LabInterface): LabInterface => {
    const { [key]: _, ...rest } = spec;
    return rest;
  };
  const pickKind = (next: string): void => {
    const { kind: _, segment: __, ...rest } = spec;
    const [first = 'lan'] = segmentsOf(lab);
    if (next === 'segment') change({ segment: first, ...rest });
    else if (next === 'bridge' || next === 'dummy') change({ kind: next, ...rest });
  };
  return (
    <>
      <Fields>
        <TextBox
          label="Name"
          value={name}
          late
          testid={`interface-${name}-name`}
          help="Routes, rules, sysctls and steps that name it are renamed along."
          commit={(v) => {
            const problem = make((now) => renameInterface(now, host, name, v));
            if (problem === null) onName(v);
            return problem;
          }}
        />
        <Choice label="Is" value={kind} options={KINDS} testid={`interface-${name}-kind`} onPick={pickKind} />
        {kind === 'segment' && (
          <TextBox
            label="Segment"
            value={spec.segment ?? ''}
            offers={segmentsOf(lab)}
            late
            sans
            testid={`interface-${name}-segment`}
            help="All interfaces on a segment of this name see each other."
            commit={(v) => change({ ...spec, segment: v })}
          />
        )}
        {kind !== 'bridge' && bridges.length > 0 && (
          <Choice
            label="Port of bridge"
            value={spec.master ?? ''}
            options={[['', 'none'], ...bridges.map((b) => [b, b] as const)]}
            testid={`interface-${name}-master`}
            onPick={(v) => change(v === '' ? without('master') : { ...spec, master: v })}
          />
        )}
        <TextBox
          label="MTU"
          value={spec.mtu === undefined ? '' : String(spec.mtu)}
          placeholder="1500"
          testid={`interface-${name}-mtu`}
          commit={(v) =>
            change(
              v === '' ? without('mtu') : { ...spec, mtu: /^\d+$/.test(v) ? Number(v) : (v as unknown as number) },
              'mtu',
            )
          }
        />
        <TextBox
          label="MAC"
          value={spec.mac ?? ''}
          {...(view === undefined ? {} : { placeholder: view.mac })}
          testid={`interface-${name}-mac`}
          commit={(v) => change(v === '' ? without('mac') : { ...spec, mac: v }, 'mac')}
        />
      </Fields>
      <Addresses host={host} name={name} spec={spec} change={change} />
    </>
  );
}

/** All addresses of an interface. */
export function Addresses({
  host,
  name,
  spec,
  change,
}: {
  readonly host: string;
  readonly name: string;
  readonly spec: LabInterface;
  readonly change: (next: LabInterface, group?: string) => string | null;
}) {
  const lab = useLab((s) => s.lab);
  const faults = useReport(host, 'addresses');
  const [drafting, setDrafting] = useState(false);
  const addresses = spec.addresses ?? [];
  const prefixes = spec.segment === undefined ? [] : prefixesOf(lab, spec.segment);
  const offers = prefixes.flatMap((p) => freeAddress(lab, p) ?? []);
  const problemOf = (address: string): string | undefined =>
    faults
      .find((d) => d.message.startsWith(`${address} dev ${name}: `))
      ?.message.slice(`${address} dev ${name}: `.length);
  const drop = (i: number): void => {
    change({ ...spec, addresses: addresses.toSpliced(i, 1) });
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
              {...(problemOf(address) === undefined ? {} : { problem: problemOf(address) })}
              commit={(v) =>
                v === address ? null : (test(v) ?? change({ ...spec, addresses: addresses.with(i, v) }, `address/${i}`))
              }
            />
            <IconButton
              icon="close"
              size={16}
              label={`Remove ${address}`}
              data-testid={`remove-address-${host}-${name}-${i + 1}`}
              onClick={() => drop(i)}
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
              change({ ...spec, addresses: [...addresses, v] });
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
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        onCancel();
      }}
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
          {...(tried && problem !== null ? { problem } : {})}
          commit={(v) => {
            setText(v);
            return null;
          }}
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
