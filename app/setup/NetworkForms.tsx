import { useState } from 'react';
import { type Lab, parsePrefix } from '../../src/engine';
import { stores, useLab } from '../store';
import { AddForm } from './AddForm';
import { changeNetwork } from './edit';
import { Choice, TextBox } from './fields';
import { gatewaysOf, withDefaultRoute } from './gateways';
import {
  addHost,
  addressesFor,
  addSegment,
  type Change,
  connectHosts,
  connectToSegment,
  freeHostName,
  freeNetwork,
  freeSegmentName,
  segmentsOf,
} from './network';
import { keep } from './typed';

const say = (text: string, bad = false): void =>
  stores.view.setState({ networkSaid: { text, bad, lab: stores.lab.getState().lab } });

/** Changes the network; if that can be, says what came of it and picks what it is about. */
function change(
  make: (lab: Lab) => Change,
  kind: 'host' | 'segment',
  name: string,
  said: (now: Lab) => string,
): string | null {
  const refused = changeNetwork(make);
  if (refused === null) {
    say(said(stores.lab.getState().lab));
    stores.view.getState().editNetwork({ pick: { kind, name } });
  }
  return refused;
}

/** A new host: its name, the segment that it is plugged in, a free address there, a way to the rest. */
export function AddHost({ segment: first }: { readonly segment: string }) {
  const lab = useLab((s) => s.lab);
  const segments = segmentsOf(lab);
  const [name, setName] = useState(() => freeHostName(lab));
  const [segment, setSegment] = useState(() => (segments.includes(first) ? first : (segments[0] ?? '')));
  const free = segment === '' ? [] : addressesFor(lab, segment);
  const [typed, setTyped] = useState<string | null>(null);
  const address = typed ?? free.join(' ');
  const gateways = gatewaysOf(lab, segment);
  const [gateway, setGateway] = useState<string | null>(null);
  const via = gateway ?? gateways[0]?.address ?? '';
  const addresses = address.split(/[\s,]+/).filter((a) => a !== '');
  const wrong = addresses.find((a) => parsePrefix(a) === null || !a.includes('/'));
  const problem =
    name.trim() === ''
      ? 'A host needs a name.'
      : Object.hasOwn(lab.hosts, name)
        ? `There is a host ${name} already.`
        : wrong === undefined
          ? null
          : `${wrong}: an address with its prefix length is wanted, as ${free[0] ?? '192.0.2.1/24'}.`;
  return (
    <AddForm
      label="New host"
      testid="add-host"
      problem={problem}
      action="Add the host"
      onAdd={() => {
        const on = segment === '' ? null : { segment, addresses, gateway: via };
        const said = `${name} is there${segment === '' ? '' : `, on ${segment}`}.`;
        return change(
          (now) => addHost(now, name, on),
          'host',
          name,
          () => said,
        );
      }}
    >
      <TextBox label="Name" sans value={name} testid="new-host-name" commit={keep(setName)} />
      <Choice
        label="Plugged in"
        value={segment}
        options={[...segments.map((s) => [s, s] as const), ['', 'nowhere yet']]}
        testid="new-host-segment"
        onPick={(v) => {
          setSegment(v);
          setTyped(null);
          setGateway(null);
        }}
      />
      {segment !== '' && (
        <TextBox
          label="Address"
          value={address}
          testid="new-host-address"
          help="The first that nobody has; several are parted by blanks."
          commit={keep(setTyped)}
        />
      )}
      {segment !== '' && gateways.length > 0 && (
        <Choice
          label="Default route"
          value={via}
          options={[...gateways.map((g) => [g.address, `via ${g.host}, ${g.address}`] as const), ['', 'none']]}
          testid="new-host-gateway"
          onPick={setGateway}
        />
      )}
    </AddForm>
  );
}

/** A segment that nobody is on yet, with the network that its addresses will be of. */
export function AddSegment() {
  const lab = useLab((s) => s.lab);
  const [name, setName] = useState(() => freeSegmentName(lab));
  const [prefix, setPrefix] = useState(() => freeNetwork(lab));
  const made = addSegment(lab, name, prefix);
  return (
    <AddForm
      label="New segment"
      testid="add-segment"
      problem={'refused' in made ? made.refused : null}
      action="Add the segment"
      onAdd={() =>
        change(
          (now) => addSegment(now, name, prefix),
          'segment',
          name,
          () => `${name} is there; connect hosts to it.`,
        )
      }
    >
      <TextBox label="Name" sans value={name} testid="new-segment-name" commit={keep(setName)} />
      <TextBox
        label="Network"
        value={prefix}
        testid="new-segment-prefix"
        help="Interfaces that are put on it get addresses of this."
        commit={keep(setPrefix)}
      />
    </AddForm>
  );
}

/** A wire from a host to a segment, or to another host. */
export function AddLink({ from: first }: { readonly from: string }) {
  const lab = useLab((s) => s.lab);
  const hosts = Object.keys(lab.hosts);
  const [from, setFrom] = useState(() => (hosts.includes(first) ? first : (hosts[0] ?? '')));
  const [to, setTo] = useState('');
  const options = [
    ...segmentsOf(lab).map((s) => [`segment ${s}`, `segment ${s}`] as const),
    ...hosts.filter((h) => h !== from).map((h) => [`host ${h}`, `host ${h}, by a wire of their own`] as const),
  ];
  // What can be done comes first.
  const [usual] = options.find(([v]) => !('refused' in linked(lab, from, v))) ?? options[0] ?? [''];
  const target = options.some(([v]) => v === to) ? to : usual;
  const made =
    target === '' ? { refused: 'There is nothing to connect to yet: add a segment.' } : linked(lab, from, target);
  return (
    <AddForm
      label="Connect a host"
      testid="add-link"
      problem={'refused' in made ? made.refused : null}
      action="Connect"
      onAdd={() => connect(from, target)}
    >
      <Choice
        label="From"
        value={from}
        options={hosts.map((h) => [h, h] as const)}
        testid="link-from"
        onPick={setFrom}
      />
      <Choice label="To" value={target} options={options} testid="link-to" onPick={setTo} />
    </AddForm>
  );
}

const linked = (lab: Lab, from: string, target: string): Change => {
  const name = target.slice(target.indexOf(' ') + 1);
  if (!target.startsWith('segment ')) return connectHosts(lab, from, name);
  const made = connectToSegment(lab, from, name);
  return 'refused' in made ? made : { lab: withDefaultRoute(made.lab, from, name) };
};

/** Connects a host to `segment NAME` or `host NAME`; says what came of it, and picks the host. */
export function connect(from: string, target: string): string | null {
  const old = stores.lab.getState().lab.hosts[from];
  const before = old?.interfaces ?? {};
  const refused = change(
    (now) => linked(now, from, target),
    'host',
    from,
    (now) => {
      const interfaces = Object.entries(now.hosts[from]?.interfaces ?? {});
      const [name = '', spec] = interfaces.find(([n]) => before[n] === undefined) ?? [];
      const address = spec?.addresses?.[0];
      const is = `${from} is on ${spec?.segment} with ${name}${address === undefined ? '' : `, ${address}`}.`;
      if (now.hosts[from]?.routes === old?.routes) return is;
      const router = gatewaysOf(now, spec?.segment ?? '').find((g) => g.host !== from);
      return `${is} Its default route goes via ${router?.host}, ${router?.address}.`;
    },
  );
  if (refused !== null) say(refused, true);
  return refused;
}
