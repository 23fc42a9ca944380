import { SYSCTLS, type SysctlInfo } from './sysctlList';

export type SysctlValues = Readonly<Record<string, string | number>>;

/** One name for the ways in which a sysctl can be written: `net/ipv4/ip_forward` is `net.ipv4.ip_forward`. */
export function plainKey(key: string): string {
  const slash = key.indexOf('/');
  const dot = key.indexOf('.');
  return (slash >= 0 && (dot < 0 || slash < dot) ? key : key.replaceAll('/', '.')).replaceAll('/', '.');
}

/** The value with a sysctl set, under the name that is there; an empty text takes it away. */
export function withSysctl(values: SysctlValues, key: string, value: string): SysctlValues {
  const known = Object.keys(values).find((k) => plainKey(k) === key) ?? key;
  if (value === '') return Object.fromEntries(Object.entries(values).filter(([k]) => k !== known));
  return { ...values, [known]: value };
}

/** What the lab says of a sysctl, in whichever way it writes the name; null if it says nothing. */
export function sysctlOf(values: SysctlValues | undefined, key: string): string | null {
  const found = Object.entries(values ?? {}).find(([k]) => plainKey(k) === key);
  return found === undefined ? null : String(found[1]);
}

/** What `sysctl -a` prints, by name. */
export function readAll(output: string): ReadonlyMap<string, string> {
  return new Map(
    output.split('\n').flatMap((line): (readonly [string, string])[] => {
      const at = line.indexOf(' = ');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 3)]];
    }),
  );
}

/** The names that a template stands for on a host: all, default, then each interface. */
export function keysOf(
  info: SysctlInfo,
  interfaces: readonly string[],
): readonly (readonly [dev: string, key: string])[] {
  if (!info.key.includes('.DEV.')) return [['', info.key]];
  return ['all', 'default', ...interfaces].map((dev) => [dev, info.key.replace('.DEV.', `.${dev}.`)]);
}

/** A row of the list: one sysctl that is explained, or one that is only named. */
export type SysctlRow =
  | { readonly kind: 'info'; readonly info: SysctlInfo }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'other'; readonly key: string };

const DEV = /^(net\.ipv[46]\.(?:conf|neigh))\.(.+)\.([^.]+)$/;
const templateOf = (key: string): string => key.replace(DEV, '$1.DEV.$3');

/** What is listed: those that are explained, in groups, then all others by name. `search` looks at names and meanings. */
export function rowsFor(
  search: string,
  values: SysctlValues,
  all: Iterable<string>,
  everything: boolean,
): readonly SysctlRow[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  const fits = (text: string): boolean => words.every((w) => text.toLowerCase().includes(w));
  const rows: SysctlRow[] = [];
  const own = new Set(Object.keys(values).map(plainKey));
  const set = SYSCTLS.filter((i) => [...own].some((k) => k === i.key || templateOf(k) === i.key));
  const push = (name: string, list: readonly SysctlRow[]): void => {
    if (list.length > 0) rows.push({ kind: 'group', name }, ...list);
  };
  const info = (i: SysctlInfo): SysctlRow => ({ kind: 'info', info: i });
  const found = SYSCTLS.filter((i) => fits(`${i.key} ${i.title} ${i.meaning} ${i.group}`));
  const explained = new Set(SYSCTLS.map((i) => i.key));
  const isOther = (key: string): boolean => !explained.has(key) && !explained.has(templateOf(key));
  const others = [...own].filter((k) => isOther(k) && fits(k));
  push('Set in this lab', [
    ...set.filter((i) => found.includes(i)).map(info),
    ...others.map((key): SysctlRow => ({ kind: 'other', key })),
  ]);
  const rest = found.filter((i) => !set.includes(i));
  for (const group of new Set(rest.map((i) => i.group))) push(group, rest.filter((i) => i.group === group).map(info));
  if (everything || words.length > 0) {
    const more = [...all].filter((k) => isOther(k) && !own.has(k) && fits(k));
    push(
      'All others',
      more.map((key): SysctlRow => ({ kind: 'other', key })),
    );
  }
  return rows;
}
