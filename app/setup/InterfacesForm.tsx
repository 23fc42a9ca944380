import { useState } from 'react';
import type { LabInterface } from '../../src/engine';
import { stores, useLab } from '../store';
import { Button, Empty } from '../ui';
import { editLab } from './edit';
import { FormHead, Problem, Row } from './fields';
import { useReport } from './hooks';
import { InterfaceFields, kindOf } from './InterfaceFields';
import { addInterface, addressesFor, segmentsOf } from './network';
import { RemoveInterface } from './RemoveInterface';

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
          // In line with those that can be removed.
          aside={<span className="size-8 pointer-coarse:size-11" />}
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
