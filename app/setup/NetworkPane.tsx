import { type ReactNode, useEffect, useRef } from 'react';
import { prefixText } from '../../src/engine';
import { type NetworkEdit, stores, useLab, useView } from '../store';
import { Button, cx, Icon } from '../ui';
import { Confirm } from './Confirm';
import { Problem, Row, TextBox } from './fields';
import { make } from './InterfacesForm';
import { AddHost, AddLink, AddSegment } from './NetworkForms';
import { HostLinks, SegmentLinks } from './NetworkLinks';
import {
  linksOf,
  prefixesOf,
  removeHost,
  removeSegment,
  renameHost,
  renameSegment,
  segmentsOf,
  stepsGo,
  stepsWith,
} from './network';

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
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-3 pb-6">
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

function HostItem({
  name,
  open,
  onToggle,
}: {
  readonly name: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  const lab = useLab((s) => s.lab);
  const interfaces = Object.values(lab.hosts[name]?.interfaces ?? {});
  const addresses = interfaces.flatMap((i) => i.addresses ?? []);
  return (
    <Row
      open={open}
      onToggle={onToggle}
      testid={`net-host-${name}`}
      label={`Settings of host ${name}`}
      face={
        <Face
          icon="host"
          name={name}
          words={addresses.length === 0 ? 'no address' : addresses.map((a) => a.replace(/\/\d+$/, '')).join(', ')}
        />
      }
      aside={
        <Confirm
          label={`Delete host ${name}`}
          testid={`remove-host-${name}`}
          cost={stepsGo(stepsWith(lab, name))}
          onYes={() => make((now) => removeHost(now, name))}
        />
      }
    >
      {open && (
        <div className="flex flex-col gap-3 border-line border-t px-[14px] py-3">
          <TextBox
            label="Name"
            value={name}
            late
            sans
            testid={`host-name-${name}`}
            commit={(to) => {
              const problem = make((now) => renameHost(now, name, to));
              if (problem === null) followRename('host', name, to);
              return problem;
            }}
          />
          <HostLinks host={name} />
          <div className="flex flex-wrap gap-2">
            <Button
              size="sm"
              icon="link"
              data-testid={`connect-from-${name}`}
              onClick={() =>
                stores.view.getState().editNetwork({ adding: 'link', from: name, pick: { kind: 'host', name } })
              }
            >
              Connect
            </Button>
            <Button
              size="sm"
              icon="edit"
              data-testid={`edit-host-${name}`}
              onClick={() => {
                stores.view.setState({ host: name, followHost: false });
                stores.view.getState().openEditor({ host: name, member: 'interfaces', line: 0 });
              }}
            >
              Everything of it
            </Button>
          </div>
        </div>
      )}
    </Row>
  );
}

/** The host on show, and what is picked, go on under the new name. */
function followRename(kind: 'host' | 'segment', from: string, to: string): void {
  const view = stores.view.getState();
  if (kind === 'host' && view.host === from) stores.view.setState({ host: to });
  view.editNetwork({ pick: { kind, name: to } });
}

function SegmentItem({
  name,
  open,
  onToggle,
}: {
  readonly name: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  const lab = useLab((s) => s.lab);
  const links = linksOf(lab, name);
  const prefixes = prefixesOf(lab, name).map(prefixText);
  const steps = links.flatMap((l) => stepsWith(lab, l.host, l.interface)).toSorted((a, b) => a - b);
  const cost =
    links.length === 0
      ? ''
      : `${links.map((l) => `${l.host} ${l.interface}`).join(', ')} ${links.length === 1 ? 'goes' : 'go'} with it. ${stepsGo(steps).replace('with it', 'too')}`;
  return (
    <Row
      open={open}
      onToggle={onToggle}
      testid={`net-segment-${name}`}
      label={`Settings of segment ${name}`}
      face={
        <Face
          icon="network"
          name={name}
          words={`${prefixes.join(', ') || 'no network yet'}, ${links.length === 0 ? 'nobody on it' : links.length === 1 ? '1 host' : `${new Set(links.map((l) => l.host)).size} hosts`}`}
        />
      }
      aside={
        <Confirm
          label={`Delete segment ${name}`}
          testid={`remove-segment-${name}`}
          cost={cost.trim()}
          onYes={() => make((now) => removeSegment(now, name))}
        />
      }
    >
      {open && (
        <div className="flex flex-col gap-3 border-line border-t px-[14px] py-3">
          <TextBox
            label="Name"
            value={name}
            late
            sans
            testid={`segment-name-${name}`}
            commit={(to) => {
              const problem = make((now) => renameSegment(now, name, to));
              if (problem === null) followRename('segment', name, to);
              return problem;
            }}
          />
          <SegmentLinks segment={name} />
          <div className="flex flex-wrap gap-2">
            <Button
              size="sm"
              icon="plus"
              data-testid={`add-host-on-${name}`}
              onClick={() =>
                stores.view.getState().editNetwork({ adding: 'host', from: name, pick: { kind: 'segment', name } })
              }
            >
              New host here
            </Button>
          </div>
        </div>
      )}
    </Row>
  );
}

function Face({
  icon,
  name,
  words,
}: {
  readonly icon: 'host' | 'network';
  readonly name: string;
  readonly words: string;
}) {
  return (
    <span className="flex min-w-0 items-center gap-[10px]">
      <Icon name={icon} size={17} className="text-t3" />
      <span className="min-w-0">
        <span className="block font-[650] text-[14.5px] [overflow-wrap:anywhere]">{name}</span>
        <span className="block truncate text-[12.5px] text-t2">{words}</span>
      </span>
    </span>
  );
}
