import type { LabInterface } from '../../src/engine';
import { useLab } from '../store';
import { Addresses } from './Addresses';
import { linksOf } from './network';
import { RemoveInterface } from './RemoveInterface';

/** The interfaces of a host, with their addresses. */
export function HostLinks({ host }: { readonly host: string }) {
  const interfaces = useLab((s) => s.lab.hosts[host]?.interfaces);
  const entries = Object.entries(interfaces ?? {});
  if (entries.length === 0) return <p className="text-t2">Plugged in nowhere yet.</p>;
  return entries.map(([name, spec]) => (
    <OneLink key={name} host={host} name={name} spec={spec} title={name} words={wordsFor(spec)} />
  ));
}

const wordsFor = (spec: LabInterface): string =>
  spec.segment !== undefined ? `on ${spec.segment}` : spec.kind === 'bridge' ? 'bridge' : 'dummy';

/** Who is on a segment, with their addresses there. */
export function SegmentLinks({ segment }: { readonly segment: string }) {
  const lab = useLab((s) => s.lab);
  const links = linksOf(lab, segment);
  if (links.length === 0)
    return <p className="text-t2">Nobody is on it yet. Drag a host’s handle here, or add a host.</p>;
  return links.map((l) => {
    const spec = lab.hosts[l.host]?.interfaces?.[l.interface];
    return spec === undefined ? null : (
      <OneLink
        key={`${l.host}/${l.interface}`}
        host={l.host}
        name={l.interface}
        spec={spec}
        title={l.host}
        words={l.interface}
      />
    );
  });
}

function OneLink({
  host,
  name,
  spec,
  title,
  words,
}: {
  readonly host: string;
  readonly name: string;
  readonly spec: LabInterface;
  readonly title: string;
  readonly words: string;
}) {
  return (
    <div className="border-line border-b pb-2" data-testid={`link-${host}-${name}`}>
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="min-w-0 flex-1 basis-[130px] truncate">
          <b className="font-[650]">{title}</b> <span className="text-[13px] text-t2">{words}</span>
        </span>
        <RemoveInterface host={host} name={name} />
      </div>
      <Addresses host={host} name={name} spec={spec} />
    </div>
  );
}
