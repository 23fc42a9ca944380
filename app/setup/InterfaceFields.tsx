import type { LabInterface } from '../../src/engine';
import { useHostView, useLab } from '../store';
import { Addresses } from './Addresses';
import { changeNetwork, editInterface } from './edit';
import { Choice, Fields, TextBox } from './fields';
import { renameInterface, segmentsOf } from './network';
import { typedCount } from './typed';
import { withMember } from './withMember';

const KINDS = [
  ['segment', 'on a segment'],
  ['bridge', 'a bridge'],
  ['dummy', 'a dummy, on nothing'],
] as const;

/** What an interface is; a lab leaves the usual kind out. */
export const kindOf = (i: LabInterface): 'segment' | 'bridge' | 'dummy' => i.kind ?? 'segment';

/** What an interface is, where it is plugged in, and its addresses. */
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
  const change = (next: LabInterface, group = ''): string | null => editInterface(host, name, next, group);
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
            const problem = changeNetwork((now) => renameInterface(now, host, name, v));
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
            onPick={(v) => change(withMember(spec, 'master', v || undefined))}
          />
        )}
        <TextBox
          label="MTU"
          value={spec.mtu === undefined ? '' : String(spec.mtu)}
          placeholder="1500"
          testid={`interface-${name}-mtu`}
          commit={(v) => change(withMember(spec, 'mtu', v === '' ? undefined : typedCount(v)), 'mtu')}
        />
        <TextBox
          label="MAC"
          value={spec.mac ?? ''}
          placeholder={view?.mac}
          testid={`interface-${name}-mac`}
          commit={(v) => change(withMember(spec, 'mac', v || undefined), 'mac')}
        />
      </Fields>
      <Addresses host={host} name={name} spec={spec} />
    </>
  );
}
