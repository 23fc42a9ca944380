import { type ReactNode, useEffect, useRef } from 'react';
import { type NetworkEdit, stores, useLab, useView } from '../store';
import { Button, cx } from '../ui';
import { Problem } from './fields';
import { focusIfLost } from './focus';
import { AddHost, AddLink, AddSegment } from './NetworkForms';
import { HostItem, SegmentItem } from './NetworkItems';
import { segmentsOf } from './network';

const NOTHING: NetworkEdit = { pick: null, adding: null, from: '' };

/** The network as a list, beside its drawing: all that can be dragged there is done here by keys and menus. */
export function NetworkPane() {
  const edit = useView((s) => s.networkEdit) ?? NOTHING;
  const lab = useLab((s) => s.lab);
  const segments = segmentsOf(lab);
  const hosts = Object.keys(lab.hosts);
  const { editNetwork } = stores.view.getState();
  const pick = (kind: 'host' | 'segment', name: string): void => {
    const open = edit.pick?.kind === kind && edit.pick.name === name;
    editNetwork({ pick: open ? null : { kind, name } });
  };
  const root = useRef<HTMLElement>(null);
  // What was picked in the drawing is brought into view.
  const picked = edit.pick === null ? '' : `${edit.pick.kind}-${edit.pick.name}`;
  useEffect(() => {
    if (picked === '') return;
    const item = root.current?.querySelector(`[data-testid="net-${CSS.escape(picked)}"]`);
    item?.scrollIntoView({ block: 'nearest' });
    // The form that it was added with is gone, and the focus with it.
    if (document.activeElement === document.body) item?.querySelector<HTMLElement>('[aria-expanded]')?.focus();
  }, [picked]);
  // When the pane closes, the focus goes back to what it is opened with, unless something else has taken it.
  useEffect(() => () => focusIfLost('network-edit'), []);
  return (
    <section
      ref={root}
      aria-label="Edit the network"
      data-testid="network-pane"
      className="flex h-full min-h-0 flex-col bg-panel"
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        e.preventDefault();
        e.stopPropagation();
        if (edit.adding !== null) editNetwork({ pick: edit.pick });
        else editNetwork(null);
      }}
    >
      <header className="flex flex-none items-center gap-2 border-line border-b py-2 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 text-[16px]">Edit the network</h2>
        <Button size="sm" data-testid="network-done" onClick={() => editNetwork(null)}>
          Done
        </Button>
      </header>
      <div className="relative min-h-0 flex-1 overflow-y-auto px-4 pt-3 pb-6">
        <div className="flex flex-wrap gap-2">
          {(
            [
              ['host', 'Host'],
              ['segment', 'Segment'],
              ['link', 'Connect'],
            ] as const
          ).map(([adding, title]) => (
            <Button
              key={adding}
              size="sm"
              icon={adding === 'link' ? 'link' : 'plus'}
              aria-pressed={edit.adding === adding}
              data-testid={`network-add-${adding}`}
              onClick={() =>
                editNetwork({ adding, from: edit.pick?.kind === 'host' && adding === 'link' ? edit.pick.name : '' })
              }
            >
              {title}
            </Button>
          ))}
        </div>
        {edit.adding === 'host' && <AddHost segment={edit.from} />}
        {edit.adding === 'segment' && <AddSegment />}
        {edit.adding === 'link' && <AddLink key={edit.from} from={edit.from} />}
        <Said />
        <List title="Hosts" count={hosts.length}>
          {hosts.map((name) => (
            <HostItem key={name} name={name} open={picked === `host-${name}`} onToggle={() => pick('host', name)} />
          ))}
        </List>
        <List title="Segments" count={segments.length}>
          {segments.map((name) => (
            <SegmentItem
              key={name}
              name={name}
              open={picked === `segment-${name}`}
              onToggle={() => pick('segment', name)}
            />
          ))}
          {segments.length === 0 && <p className="py-1 text-t2">No segments: no host can reach another.</p>}
        </List>
      </div>
    </section>
  );
}

function List({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}) {
  return (
    <section className="mt-5" aria-label={title}>
      <h3 className="mb-2 flex items-center gap-2 text-[14.5px]">
        {title} <span className="font-normal text-[12.5px] text-t3">{count}</span>
      </h3>
      <div className="flex flex-col gap-2">{children}</div>
    </section>
  );
}

/** What dragging in the drawing came to, for eyes and screen readers. */
function Said() {
  const last = useView((s) => s.networkSaid);
  const lab = useLab((s) => s.lab);
  const said = last?.lab === lab ? last : null;
  return (
    <div aria-live="polite" className={cx('text-[13px]', said !== null && 'mt-3')} data-testid="network-said">
      {said === null ? null : said.bad ? <Problem text={said.text} /> : <span className="text-t2">{said.text}</span>}
    </div>
  );
}
