import { type Lab, type LabHost, parseLab } from '../../src/engine';
import { stores } from '../store';

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

export function editHost(host: string, change: (host: LabHost) => LabHost, group = ''): string | null {
  return editLab(
    (lab) => {
      const old = lab.hosts[host];
      if (old === undefined) return lab;
      const changed = change(old);
      return changed === old ? lab : { ...lab, hosts: { ...lab.hosts, [host]: changed } };
    },
    group === '' ? '' : `${host}/${group}`,
  );
}
