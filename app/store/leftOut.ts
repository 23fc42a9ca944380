import type { TextReport } from '../../src/engine';

const TOOLS: Readonly<Record<string, string>> = {
  iptables: 'iptables-restore',
  ip6tables: 'ip6tables-restore',
  ipset: 'ipset restore',
  routes: 'ip route',
  routes6: 'ip -6 route',
  rules: 'ip rule',
  rules6: 'ip -6 rule',
  nftables: 'nft',
  ipvs: 'ipvsadm',
};

/** The tool that reads a member of a host. */
export const toolOf = (member: string): string => TOOLS[member] ?? member;

/** The texts of a host of which something is not in the run, each with a sentence that says so. */
export function leftOutOf(
  texts: readonly TextReport[],
  host: string,
): readonly { readonly report: TextReport; readonly says: string }[] {
  return texts.flatMap((report) => {
    const errors = report.diagnostics.filter((d) => d.severity === 'error');
    if (report.host !== host || (report.leftOut.length === 0 && errors.length === 0)) return [];
    const left = report.leftOut.length;
    if (report.member === 'hooks' || report.member === 'queues') {
      const what = report.member === 'hooks' ? 'hook function' : 'rule of a queue program';
      const many = report.member === 'hooks' ? 'hook functions' : 'rules of queue programs';
      const says = `${left} ${left === 1 ? what : many} left out: ${left === 1 ? 'its condition' : 'their conditions'} cannot be read`;
      return [{ report, says }];
    }
    const whole = report.member === 'iptables' || report.member === 'ip6tables' || report.member === 'ipset';
    const lead =
      left === 0
        ? `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`
        : `${left} ${left === 1 ? 'line' : 'lines'} left out`;
    const why = whole
      ? `${toolOf(report.member)} would refuse this text`
      : `${toolOf(report.member)} would refuse ${left > 1 ? 'them' : 'it'}`;
    return [{ report, says: `${lead}: ${why}` }];
  });
}
