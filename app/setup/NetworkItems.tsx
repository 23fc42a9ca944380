import type { ReactNode } from 'react';
import { type Lab, prefixText } from '../../src/engine';
import { hostIcon, stores, useLab } from '../store';
import { Button, Icon, type IconName } from '../ui';
import { Confirm } from './Confirm';
import { changeNetwork } from './edit';
import { Row, TextBox } from './fields';
import { HostLinks, SegmentLinks } from './NetworkLinks';
import {
  type Change,
  linksOf,
  prefixesOf,
  removeHost,
  removeSegment,
  renameHost,
  renameSegment,
  stepsGo,
  stepsWith,
} from './network';

interface ListedProps {
  readonly name: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** A host of the network: its addresses, its name, what it is plugged into. */
export function HostItem(props: ListedProps) {
  const { name } = props;
  const lab = useLab((s) => s.lab);
  const interfaces = Object.values(lab.hosts[name]?.interfaces ?? {});
  const addresses = interfaces.flatMap((i) => i.addresses ?? []).map((a) => a.replace(/\/\d+$/, ''));
  return (
    <Item
      {...props}
      kind="host"
      icon={hostIcon(lab.hosts[name])}
      words={addresses.join(', ') || 'no address'}
      cost={stepsGo(stepsWith(lab, name))}
      remove={removeHost}
      rename={renameHost}
    >
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
    </Item>
  );
}

/** A segment of the network: its prefixes, its name, who is on it. */
export function SegmentItem(props: ListedProps) {
  const { name } = props;
  const lab = useLab((s) => s.lab);
  const links = linksOf(lab, name);
  const prefixes = prefixesOf(lab, name).map(prefixText);
  const steps = links.flatMap((l) => stepsWith(lab, l.host, l.interface)).toSorted((a, b) => a - b);
  const cost =
    links.length === 0
      ? ''
      : `${links.map((l) => `${l.host} ${l.interface}`).join(', ')} ${links.length === 1 ? 'goes' : 'go'} with it. ${stepsGo(steps).replace('with it', 'too')}`;
  const who =
    links.length === 0
      ? 'nobody on it'
      : links.length === 1
        ? '1 host'
        : `${new Set(links.map((l) => l.host)).size} hosts`;
  return (
    <Item
      {...props}
      kind="segment"
      icon="network"
      words={`${prefixes.join(', ') || 'no network yet'}, ${who}`}
      cost={cost.trim()}
      remove={removeSegment}
      rename={renameSegment}
    >
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
    </Item>
  );
}

/** What a host and a segment have in common: a row that opens, a name that can be changed, a way to delete it. */
function Item({
  kind,
  icon,
  name,
  words,
  cost,
  open,
  onToggle,
  remove,
  rename,
  children,
}: ListedProps & {
  readonly kind: 'host' | 'segment';
  readonly icon: IconName;
  /** Beside the name. */
  readonly words: string;
  /** What goes with it when it is deleted. */
  readonly cost: string;
  readonly remove: (lab: Lab, name: string) => Change;
  readonly rename: (lab: Lab, from: string, to: string) => Change;
  /** What hangs on it, and what can be added. */
  readonly children: ReactNode;
}) {
  return (
    <Row
      open={open}
      onToggle={onToggle}
      testid={`net-${kind}-${name}`}
      label={`Settings of ${kind} ${name}`}
      face={
        <span className="flex min-w-0 items-center gap-[10px]">
          <Icon name={icon} size={17} className="text-t3" />
          <span className="min-w-0">
            <span className="block font-[650] text-[14.5px] [overflow-wrap:anywhere]">{name}</span>
            <span className="block truncate text-[12.5px] text-t2">{words}</span>
          </span>
        </span>
      }
      aside={
        <Confirm
          label={`Delete ${kind} ${name}`}
          testid={`remove-${kind}-${name}`}
          cost={cost}
          onYes={() => changeNetwork((lab) => remove(lab, name))}
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
            testid={`${kind}-name-${name}`}
            commit={(to) => {
              const problem = changeNetwork((lab) => rename(lab, name, to));
              if (problem === null) followRename(kind, name, to);
              return problem;
            }}
          />
          {children}
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
