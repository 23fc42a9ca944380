import { quoted } from '../print/rule';
import { text, uint } from '../read/kinds';
import { defineMatch, not, option } from '../record';
import { isFromRequest } from '../sockets';

interface CgroupConfig {
  readonly path: { readonly value: string; readonly negated: boolean } | null;
  readonly classid: { readonly value: number; readonly negated: boolean } | null;
}

export const cgroup = defineMatch({
  name: 'cgroup',
  title: 'Control group',
  help: 'The control group of the process that sent or gets the packet. Processes of a lab are in the root group, class 0.',
  hooks: ['OUTPUT', 'POSTROUTING', 'INPUT'],
  options: {
    path: option(text({ cut: 511 }), 'Path of the group, below it too', { negatable: true }),
    cgroup: option(uint(32), 'Class id of net_cls', { negatable: true }),
  },
  parse: ({ path, cgroup: id }): CgroupConfig => ({
    path: path === undefined ? null : { value: path.value, negated: path.negated },
    classid: id === undefined ? null : { value: id.value, negated: id.negated },
  }),
  print: ({ path, classid }) => {
    const text1 = path === null ? '' : `${not(path.negated)} --path${quoted(path.value)}`;
    return classid === null ? text1 : `${text1}${not(classid.negated)} --cgroup ${classid.value}`;
  },
  list: ({ path, classid }) => {
    const text1 = path === null ? ' cgroup' : ` cgroup ${path.negated ? '! ' : ''}${path.value}`;
    return classid === null ? text1 : `${text1} ${classid.negated ? '! ' : ''}${classid.value}`;
  },
  // Kernel: cgroup_mt_check_v2(), net/netfilter/xt_cgroup.c
  check: ({ path, classid }) => {
    if ((path === null) === (classid === null)) return 'EINVAL';
    return path === null || /^\/*$/.test(path.value) ? null : 'EINVAL';
  },
  // Kernel: cgroup_mt_v2()
  match: ({ path, classid }, { skb, state, env }) => {
    if (isFromRequest(skb)) return false;
    if (skb.socket === null) {
      // On the way in, only an established connection has found its socket already (early demultiplexing).
      const socket = state.hook === 'INPUT' ? env.port.socketLookup(skb) : null;
      if (socket === null || socket.wildcard) return false;
      return null;
    }
    if (path !== null) return !path.negated;
    return (classid!.value === 0) !== classid!.negated;
  },
  because: (_, { skb }) =>
    skb.socket === null ? 'no socket is known for the packet' : 'its socket is in the root group, with class 0',
});
