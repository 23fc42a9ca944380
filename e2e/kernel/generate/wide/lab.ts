import { addListeners } from '../listeners';
import type { Random } from '../random';
import type { DraftHost, DraftLab } from '../topology';
import type { Wide } from './context';
import { makePlaces } from './places';
import { makeQueues } from './queues';
import { makeWideRuleset } from './rules';
import { makeWideSets } from './sets';
import { makeWideSteps } from './traffic';
import { tune } from './tuning';

/** A lab over all that the format has: both families, every extension, sets, odd packets, commands. */
export function makeWideLab(r: Random): Pick<DraftLab, 'hosts' | 'steps'> {
  const places = makePlaces(r);
  const four = r.chance(45) && places.families.includes(4) ? makeWideSets(r, 4) : { text: '', sets: [] };
  const six = r.chance(45) && places.families.includes(6) ? makeWideSets(r, 6) : { text: '', sets: [] };
  const w: Wide = { ...places, sets: { 4: four.sets, 6: six.sets } };
  const subject = w.hosts[w.subject] as DraftHost;
  if (four.text + six.text !== '') subject.ipset = four.text + six.text;
  if (r.chance(12)) subject.queues = makeQueues(r, w);
  const names = { next: 1 };
  for (const family of w.families) {
    const text = makeWideRuleset(r, w, family, names);
    if (text !== '') subject[family === 4 ? 'iptables' : 'ip6tables'] = text;
  }
  const next = w.hosts.next;
  if (next !== undefined && r.chance(60)) {
    for (const family of w.families) {
      const nat = r.chance(50)
        ? '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n'
        : '';
      const filter =
        '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i eth0 -j ACCEPT\n-A FORWARD -j REJECT\nCOMMIT\n';
      next[family === 4 ? 'iptables' : 'ip6tables'] = nat + (r.chance(70) ? filter : '');
    }
  }
  // Now and then others have rules as well; sets are the subject's alone.
  for (const [name, host] of Object.entries(w.hosts)) {
    if (name === w.subject || host.iptables !== undefined || host.ip6tables !== undefined || !r.chance(15)) continue;
    const family = r.pick(w.families);
    const text = makeWideRuleset(r, { ...w, subject: name, sets: { 4: [], 6: [] } }, family, names);
    if (text !== '') host[family === 4 ? 'iptables' : 'ip6tables'] = text;
  }
  if (r.chance(12)) subject.conntrack = true;
  tune(r, w);
  // One number for the whole machine: such labs are recorded one after another.
  if (r.chance(1)) subject.sysctl = { ...subject.sysctl, 'net.netfilter.nf_conntrack_max': r.pick(['2', '3', '5']) };
  const echoing = addListeners(r, w.hosts, { host: 40, socket: 40 });
  return { hosts: w.hosts, steps: makeWideSteps(r, w, echoing, names) };
}
