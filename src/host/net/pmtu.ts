import type { Addr } from '../../wire';
import type { Host } from '../host';

/** The path MTU that an ICMP error told, or null; it is forgotten after a while. Kernel: fib_nh_exception */
export function pmtuOf(host: Host, dst: Addr): number | null {
  const known = host.pmtu.get(dst);
  if (known === undefined) return null;
  if (known.until > host.now()) return known.mtu;
  host.pmtu.delete(dst);
  return null;
}

/** Kernel: __ip_rt_update_pmtu(), ip6_rt_update_pmtu() */
export function updatePmtu(host: Host, dst: Addr, mtu: number, seconds: number): void {
  host.pmtu.set(dst, { mtu, until: host.now() + seconds * 1_000_000 });
}
