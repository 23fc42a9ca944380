import type { LabHost } from '../../src/engine';

/** The object with a member set, or without it if there is nothing to set. */
export function withMember<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): T {
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _, ...rest } = object;
  return rest as T;
}

/** The things that a host has a list of: hook functions, programs behind queues, listening sockets. */
export type HostList = 'hooks' | 'queues' | 'listen';

/** The host with this list; an empty one is left out. */
export function withList<K extends HostList>(host: LabHost, key: K, list: LabHost[K] & object): LabHost {
  return withMember<LabHost, K>(host, key, list.length === 0 ? undefined : list);
}
