import { SECOND, type SimTime } from '../../base';
import type { HostPort } from '../../model';
import type { Flow } from '../flow';
import { type CtSysctl, ctTimeout } from '../sysctl';

/**
 * A timeout of a tracker: from the flow's own policy if it has one (all its values count then; those it does not name
 * were the defaults when it was made), else from the sysctl.
 *
 * Kernel: nf_ct_timeout_lookup()
 */
export function flowTimeout(port: HostPort, flow: Flow, name: string, sysctl: CtSysctl): SimTime {
  const own = flow.timeoutPolicy?.seconds[name];
  return own !== undefined ? own * SECOND : ctTimeout(port, sysctl);
}
