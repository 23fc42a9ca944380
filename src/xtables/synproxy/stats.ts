import type { ConntrackState, SynproxyStats } from '../../conntrack';
import type { HostPort } from '../../model';

/** What a SYN proxy needs of its host. */
export interface ProxyHost {
  readonly port: HostPort;
  readonly ct: ConntrackState;
}

/** What the host's proxies have done, of both families. Kernel: struct synproxy_stats */
export function synproxyStats({ ct }: ProxyHost): SynproxyStats {
  ct.synproxy ??= { synReceived: 0, cookieInvalid: 0, cookieValid: 0, cookieRetrans: 0, connReopened: 0 };
  return ct.synproxy;
}
