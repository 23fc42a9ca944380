import type { HostText } from '../store';
import { InterfacesForm } from './InterfacesForm';
import { LinesForm } from './LinesForm';
import type { HostPart } from './members';
import { HooksForm } from './own/HooksForm';
import type { Picked } from './picked';
import { SetsForm } from './SetsForm';
import { SocketsForm } from './SocketsForm';
import { SysctlForm } from './SysctlForm';

/** The form of a member of a host; null for those that have none here. What it lies in scrolls (`data-scrolls`). */
export function SetupForm({
  host,
  member,
  picked,
  onMember,
}: {
  readonly host: string;
  readonly member: HostText | HostPart;
  readonly picked: Picked;
  /** The text of this member is to stand beside the form. */
  readonly onMember: (member: HostPart) => void;
}) {
  switch (member) {
    case 'routes':
    case 'routes6':
    case 'rules':
    case 'rules6':
      return <LinesForm key={member} host={host} member={member} picked={picked} />;
    case 'ipset':
      return <SetsForm host={host} picked={picked} />;
    case 'listen':
      return <SocketsForm host={host} />;
    case 'sysctl':
      return <SysctlForm host={host} />;
    case 'hooks':
    case 'queues':
      return <HooksForm host={host} line={member === 'hooks' ? picked.line : null} onMember={onMember} />;
    case 'interfaces':
      return <InterfacesForm host={host} />;
    default:
      return null;
  }
}
