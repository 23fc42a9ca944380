import { neighCommand } from '../../../host';
import { fails } from '../../output';
import type { LocalCommand } from '../../types';

/** net-tools 2.10 */
export const arp: LocalCommand = {
  names: ['arp'],
  help: 'Shows the neighbours of IPv4',
  run: ({ host, args }) => {
    const letters = args
      .filter((a) => a.startsWith('-'))
      .join('')
      .replaceAll('-', '');
    const words = args.filter((a) => !a.startsWith('-'));
    const odd = /[^anveidsDH]/.exec(letters);
    if (odd) return fails(4, `arp: invalid option -- '${odd[0]}'\n`);
    if (letters.includes('d') || letters.includes('s')) {
      const [address = '', mac = ''] = words;
      const answer = host.route({ family: 4, dst: address });
      if (!answer.ok)
        return fails(255, `${letters.includes('d') ? 'SIOCDARP' : 'SIOCSARP'}(dontpub): Network is unreachable`);
      const on = [address, 'dev', answer.dst.dev];
      if (letters.includes('d')) {
        const error = neighCommand(host, 'del', on);
        return error ? fails(255, `No ARP entry for ${address}`) : { changed: true };
      }
      const error = neighCommand(host, 'replace', [...on, 'lladdr', mac]);
      return error ? fails(1, 'arp: invalid hardware address') : { changed: true };
    }
    const dev = letters.includes('i') ? words.shift() : undefined;
    const wanted = words[0];
    const list = host
      .neighbours()
      .filter((n) => !n.address.includes(':'))
      .filter((n) => (dev === undefined || n.dev === dev) && (wanted === undefined || n.address === wanted));
    if (list.length === 0) {
      if (wanted === undefined) return { stdout: letters.includes('a') ? 'arp: in 0 entries no match found.\n' : '' };
      return { stdout: `${wanted} (${wanted}) -- no entry\n` };
    }
    if (letters.includes('a')) {
      return { stdout: list.map((n) => `? (${n.address}) at ${n.mac} [ether] PERM on ${n.dev}\n`).join('') };
    }
    const head = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
    const lines = list.map((n) => `${n.address.padEnd(24)} ether   ${n.mac}   CM                    ${n.dev}\n`);
    return { stdout: head + lines.join('') };
  },
};
