import type { Host } from '../../host';
import { folderOf } from '../files';
import { commonAddresses } from './hosts';
import type { Offer, Place } from './types';

export function interfaces(host: Host, more: readonly Offer[] = []): readonly Offer[] {
  const list = host.interfaces().map((i) => {
    const first = i.addresses[0];
    const where = first ? `${first.addr}/${first.length}` : i.master !== '' ? `port of ${i.master}` : 'no address';
    return { text: i.name, help: i.up ? where : `${where}, down` };
  });
  return [...list, ...more];
}

export const bridges = (host: Host): readonly Offer[] => interfaces(host).filter((o) => host.bridges.has(o.text));

/** Addresses and names of the lab's hosts. */
export function addresses(host: Host, names = false): readonly Offer[] {
  return commonAddresses(host, names);
}

/** Names in the folder that is being typed. */
export function paths({ host, word }: Place): readonly Offer[] {
  if (!word.startsWith('/'))
    return [
      { text: '/proc/', help: 'what the kernel tells' },
      { text: '/sys/', help: 'its objects' },
    ];
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const names = folderOf(host, folder === '/' ? '/' : folder.slice(0, -1)) ?? [];
  return names.map((name) => {
    const inside = folderOf(host, `${folder}${name}`) !== null;
    return { text: `${folder}${name}${inside ? '/' : ''}`, help: '' };
  });
}
