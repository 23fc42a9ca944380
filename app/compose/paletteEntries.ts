import type { HookFamily } from '../../src/model';
import { SECTIONS } from '../setup';
import { hostIcon, type InspectorTab, stores } from '../store';
import { counted, type IconName, lightNow, shortcut } from '../ui';
import { labChoices } from './labChoices';
import { openFile, openLab, saveFile, startImport } from './labFiles';
import { detailOf, type RuleFound } from './ruleEntries';
import { stepSubtitle, stepTitle } from './stepWords';

/** Something that can be found, and what happens when it is picked. */
export interface Entry {
  readonly key: string;
  readonly group: string;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** Everything that can be found at this moment but rules, in the order of its groups. */
export function allEntries(): readonly Entry[] {
  return [hosts, steps, commands, panels, labs, chains].flatMap((group) => group());
}

function hosts(): readonly Entry[] {
  return Object.entries(stores.lab.getState().lab.hosts).map(([name, spec]) => ({
    group: 'Hosts',
    icon: hostIcon(spec),
    key: `host-${name}`,
    title: name,
    detail: Object.values(spec.interfaces ?? {})
      .flatMap((i) => i.addresses ?? [])
      .join(' '),
    run: () => stores.view.getState().showHost(name),
  }));
}

function steps(): readonly Entry[] {
  const results = stores.run.getState().result?.steps;
  return stores.lab.getState().lab.steps.map((step, i) => ({
    group: 'Steps',
    icon: 'send',
    key: `step-${i + 1}`,
    title: `${i + 1} ${step.title ?? results?.[i]?.title ?? stepTitle(step)}`,
    detail: results?.[i]?.subtitle ?? stepSubtitle(step),
    run: () => stores.play.getState().playStep(i),
  }));
}

function commands(): readonly Entry[] {
  const view = stores.view.getState();
  const play = stores.play.getState();
  const { lab, undo, redo } = stores.lab.getState();
  const { host } = view;
  const command = (
    icon: IconName,
    key: string,
    title: string,
    detail: string,
    run: () => void,
    keys?: string,
  ): Entry => ({
    group: 'Commands',
    icon,
    key,
    title,
    detail,
    run,
    ...(keys === undefined ? {} : { keys }),
  });
  const consoles = [host, ...Object.keys(lab.hosts).filter((name) => name !== host)].filter((name) => name !== '');
  const sections = SECTIONS.filter((section) => section.key !== 'rules');
  return [
    command('play', 'play', play.playing ? 'Pause' : 'Play', '', play.toggle, 'Space'),
    command(
      'send',
      'send',
      'Send a packet',
      'goes to the composer',
      () => view.openComposer({ host, place: { at: 'host' } }),
      'N',
    ),
    command('edit', 'edit', 'Edit the rules', host, () => view.setOverlay('editor'), 'E'),
    ...consoles.map((name) =>
      command(
        'terminal',
        `console-${name}`,
        `Console on ${name}`,
        '',
        () => view.openConsole(name),
        name === host ? 'C' : undefined,
      ),
    ),
    command('network', 'network', 'Network', 'all hosts and wires', view.showNetwork, 'G'),
    command('network', 'network-edit', 'Edit the network', 'hosts, segments, wires, addresses', () =>
      view.editNetwork({}),
    ),
    command('plus', 'add-host', 'Add a host', 'to the network', () => view.editNetwork({ adding: 'host' })),
    command('plus', 'add-segment', 'Add a segment', 'to the network', () => view.editNetwork({ adding: 'segment' })),
    ...sections.flatMap(({ key, title, members: [member] }) =>
      member === undefined
        ? []
        : command('edit', `edit-${key}`, `Edit ${title.toLowerCase()}`, host, () =>
            view.openEditor({ host, member, line: 0 }),
          ),
    ),
    command('undo', 'undo', 'Undo', '', undo, shortcut('Z')),
    command('redo', 'redo', 'Redo', '', redo, shortcut('Z', true)),
    command(
      'screen',
      'presenter',
      view.presenter ? 'Leave the presenter' : 'Presenter',
      'large, for a projector',
      () => view.setPresenter(!view.presenter),
      'P',
    ),
    command('sun', 'theme', 'Light or dark', '', () => view.setTheme(lightNow() ? 'dark' : 'light'), 'T'),
    command('auto', 'theme-system', 'Theme of the system', '', () => view.setTheme('system')),
    command('share', 'share', 'Share as a link', '', () => view.setOverlay('share')),
    command('list', 'labs', 'Labs', 'open, save, rename', () => view.setOverlay('labs')),
    command('plus', 'open-file', 'Open a file', 'lab or ruleset', openFile),
    command('plus', 'save-file', 'Save the lab as a file', '', saveFile),
    command('plus', 'paste', 'Paste a lab or a dump', 'iptables-save, ip addr, ip route', () => startImport('')),
    command('help', 'help', 'Keyboard', '', () => view.setOverlay('help'), '?'),
  ];
}

function panels(): readonly Entry[] {
  const tabs: readonly (readonly [InspectorTab, string])[] = [
    ['chain', 'Chain'],
    ['packet', 'Packet'],
    ['conntrack', 'Conntrack'],
    ['routes', 'Routes'],
    ['sets', 'Sets'],
  ];
  const { host } = stores.view.getState();
  // The panel of the sets is there only for a host that has some.
  const sets = stores.moment.store.getState().world?.hosts.find((h) => h.name === host)?.ipset ?? [];
  return tabs
    .filter(([tab]) => tab !== 'sets' || sets.length > 0)
    .map(([tab, title], i) => ({
      group: 'Panels',
      icon: 'panel',
      key: `panel-${tab}`,
      title,
      detail: 'panel',
      run: () => showTab(tab),
      keys: String(i + 1),
    }));
}

function labs(): readonly Entry[] {
  return labChoices.map(({ name, title, notes, load }) => ({
    group: 'Labs',
    icon: 'cube',
    key: `lab-${name}`,
    title,
    detail: notes,
    run: () => {
      load().then(
        (opened) => openLab(opened),
        () => stores.notices.getState().say({ tone: 'bad', text: 'The lab could not be loaded.' }),
      );
    },
  }));
}

function chains(): readonly Entry[] {
  return (stores.run.getState().result?.hosts ?? []).flatMap((host) =>
    host.chains.map((c) => ({
      group: 'Chains',
      icon: 'list' as const,
      key: `chain-${host.name}-${c.family}-${c.table}-${c.chain}`,
      title: `${c.table} ${c.chain}`,
      detail: `${host.name}${c.family === 'ip6' ? ', IPv6' : ''}, ${counted(c.rules, 'rule')}${c.policy === null ? '' : `, ${c.policy}`}`,
      run: () => showChain(host.name, c.family, c.table, c.chain),
    })),
  );
}

/** A rule that was found. */
export function ruleEntry(rule: RuleFound): Entry {
  const { host, family, table, chain, number } = rule;
  return {
    group: 'Rules',
    icon: 'right',
    key: `rule-${host}-${family}-${table}-${chain}-${number}`,
    title: rule.title,
    detail: detailOf(rule),
    run: () => {
      showChain(host, family, table, chain);
      requestAnimationFrame(() =>
        document.querySelector(`[data-testid="rule-${table}-${chain}-${number}"]`)?.scrollIntoView({ block: 'center' }),
      );
    },
  };
}

function showTab(tab: InspectorTab): void {
  const view = stores.view.getState();
  view.setTab(tab);
  if (document.querySelector('[data-testid="inspector"]') === null) view.setDrawer('inspector');
}

function showChain(host: string, family: HookFamily, table: string, chain: string): void {
  const view = stores.view.getState();
  view.showHost(host);
  view.select({ kind: 'chain', host, family, table, chain }, 'chain');
  showTab('chain');
}
