import type { LabStep } from '../../src/engine';

/** What of a host's configuration a command may change. */
export type StartPart = 'iptables' | 'ip6tables' | 'ipset' | 'sysctl' | 'address' | 'route' | 'rule';

const NEUTRAL = new Set(['echo', 'grep', 'cat', 'head', 'tail', 'sort', 'wc', 'true', 'false', ':']);

/** What a command line configures; null if it does something else as well, which no text of a host can say. */
export function configuredBy(command: string): ReadonlySet<StartPart> | null {
  const parts = new Set<StartPart>();
  // A here-document is input, not more commands.
  const line = /<<-?\s*\S/.test(command) ? (command.split('\n')[0] ?? '') : command;
  for (const piece of line.split(/\|\||&&|[;|\n]/)) {
    const words = piece.trim().split(/\s+/);
    const name = (words[0] ?? '').replace(/^.*\//, '').replace('-legacy', '');
    const rest = words.slice(1);
    const has = (...any: readonly string[]): boolean => rest.some((word) => any.includes(word));
    if (name === '' || NEUTRAL.has(name)) continue;
    if (/^ip6?tables(-restore)?$/.test(name)) {
      if (has('-L', '-S', '-C', '--list', '--list-rules', '--check', '-h', '--help', '-V') && !name.endsWith('e'))
        continue;
      parts.add(name.startsWith('ip6') ? 'ip6tables' : 'iptables');
    } else if (/^ip6?tables-save$/.test(name)) continue;
    else if (name === 'ipset') {
      if (!has('list', '-L', 'save', '-S', 'test', '-T')) parts.add('ipset');
    } else if (name === 'sysctl') {
      if (piece.includes('=')) parts.add('sysctl');
    } else if (name === 'ip') {
      const [object = '', verb = 'show'] = rest.filter((word) => !word.startsWith('-'));
      if (/^(s|sh|show|l|ls|list|get|save)$/.test(verb)) continue;
      if (/^a/.test(object)) parts.add('address');
      else if (/^r(o|$)/.test(object)) parts.add('route');
      else if (/^ru/.test(object)) parts.add('rule');
      else return null;
    } else return null;
  }
  return parts;
}

/** May this step become part of the start of the lab? Whether it comes out equal is found by trying. */
export function canBeStart(step: LabStep): boolean {
  return 'run' in step && (configuredBy(step.run.command)?.size ?? 0) > 0;
}

/** Numbers, from 1, of the steps that change a host's rules of a family. */
export function stepsThatChange(steps: readonly LabStep[], host: string, part: StartPart): readonly number[] {
  return steps.flatMap((step, i) =>
    'run' in step && step.run.host === host && configuredBy(step.run.command)?.has(part) === true ? [i + 1] : [],
  );
}
