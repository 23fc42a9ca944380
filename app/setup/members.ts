import type { HostText } from '../store';

/** The members of a host that are no text of a tool. */
export type HostPart = 'interfaces' | 'listen' | 'sysctl' | 'hooks' | 'queues';

/** Whether a member is a part of the lab's JSON, and no text of a tool. */
export const isPart = (member: string): member is HostPart =>
  ['interfaces', 'listen', 'sysctl', 'hooks', 'queues'].includes(member);

export type EditorMember = HostText | HostPart;

/** What the editor of a host is divided into. */
interface Section {
  readonly key: 'rules' | 'interfaces' | 'routes' | 'sets' | 'sockets' | 'sysctls' | 'hooks';
  readonly title: string;
  readonly members: readonly EditorMember[];
}

export const SECTIONS: readonly Section[] = [
  { key: 'rules', title: 'Rules', members: ['iptables', 'ip6tables', 'nftables', 'ipvs'] },
  { key: 'interfaces', title: 'Interfaces', members: ['interfaces'] },
  { key: 'routes', title: 'Routes', members: ['routes', 'routes6', 'rules', 'rules6'] },
  { key: 'sets', title: 'Sets', members: ['ipset'] },
  { key: 'sockets', title: 'Sockets', members: ['listen'] },
  { key: 'sysctls', title: 'Sysctls', members: ['sysctl'] },
  { key: 'hooks', title: 'Hooks', members: ['hooks', 'queues'] },
];

export const sectionOf = (member: EditorMember): Section =>
  SECTIONS.find((s) => s.members.includes(member)) ?? (SECTIONS[0] as Section);
