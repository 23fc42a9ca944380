import { type Lab, type LabHost, type LabInterface, parseLab } from '../../src/engine';
import { type HostText, stores } from '../store';
import type { Change } from './network';
import { type HostList, withList } from './withMember';

/** What is wrong with a lab, in the words of its schema; null if nothing is. */
export function judge(lab: Lab): string | null {
  const read = parseLab(lab);
  if (read.ok) return null;
  return read.diagnostics[0]?.message ?? 'This is no lab.';
}

/** The sentence without the place in the lab: the field that shows it is the place. */
export function sentence(message: string): string {
  const said = message.replace(/^(?:hosts|steps)(?:\.[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])*: /, '');
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`.replace(/\.\.$/, '.');
}

/**
 * An edit of the lab by a form. What would be no lab never gets into the store: the sentence that says why comes back,
 * and null if the edit was made.
 */
export function editLab(change: (lab: Lab) => Lab, group = ''): string | null {
  const { lab, editLab: write } = stores.lab.getState();
  const next = change(lab);
  if (next === lab) return null;
  const problem = judge(next);
  if (problem !== null) return sentence(problem);
  write(() => next, group);
  return null;
}

/** The same for one host. `group` names the field that is typed in: what is typed in a row is undone at once. */
export function editHost(host: string, change: (host: LabHost) => LabHost, group = ''): string | null {
  return editLab(
    (lab) => {
      const old = lab.hosts[host];
      if (old === undefined) return lab;
      const changed = change(old);
      return changed === old ? lab : { ...lab, hosts: { ...lab.hosts, [host]: changed } };
    },
    within(host, group),
  );
}

/** An edit of the network; it may have reasons of its own to refuse. */
export function changeNetwork(change: (lab: Lab) => Change): string | null {
  const made = change(stores.lab.getState().lab);
  return 'refused' in made ? made.refused : editLab(() => made.lab);
}

/** One interface of a host is from now on as `next` says. */
export function editInterface(host: string, name: string, next: LabInterface, group = ''): string | null {
  return editHost(
    host,
    (h) => ({ ...h, interfaces: { ...h.interfaces, [name]: next } }),
    within(`interfaces/${name}`, group),
  );
}

type ItemOf<K extends HostList> = (LabHost[K] & object)[number];
/** A host's list, as what TypeScript sees that all of them are. */
const itemsOf = (host: LabHost, list: HostList): readonly unknown[] => host[list] ?? [];

/** The `i`th of a host's list is from now on as `next` says. */
export function editItem<K extends HostList>(
  host: string,
  list: K,
  i: number,
  next: ItemOf<K>,
  group = '',
): string | null {
  return editHost(
    host,
    (h) => withList(h, list, itemsOf(h, list).with(i, next) as never),
    within(`${list}/${i}`, group),
  );
}

/** One more in a host's list, at its end. */
export function addItem<K extends HostList>(host: string, list: K, item: ItemOf<K>): string | null {
  return editHost(host, (h) => withList(h, list, [...itemsOf(h, list), item] as never));
}

/** Not asked of the schema: a lab without it is one too. */
export function removeItem(host: string, list: HostList, i: number): void {
  stores.lab.getState().editHost(host, (h) => withList(h, list, itemsOf(h, list).toSpliced(i, 1) as never));
}

/** A text of a host, which is kept as it is written: what its tool would say of it stands at its lines. */
export function writeText(host: string, member: HostText, text: string, group = ''): void {
  stores.lab
    .getState()
    .editHost(
      host,
      (h) => ((h[member] ?? '') === text ? h : { ...h, [member]: text }),
      within(`${host}/${member}`, group),
    );
}

/** The name of a group inside another; '' stays '', which is no group. */
const within = (outer: string, group: string): string => (group === '' ? '' : `${outer}/${group}`);
