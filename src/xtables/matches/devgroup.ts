import type { HookName } from '../../model';
import type { ValueMask } from '../read/kinds';
import { DEVICE_GROUPS, namedValue, namedValueText } from '../read/named-value';
import { defineMatch, not, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';

interface GroupTest extends ValueMask {
  readonly negated: boolean;
}

interface DevgroupConfig {
  readonly src: GroupTest | null;
  readonly dst: GroupTest | null;
}

const group = namedValue('device-group', DEVICE_GROUPS);
const NO_NAMES = { names: new Map<string, number>() };

function configText(c: DevgroupConfig, prefix: string, names: typeof DEVICE_GROUPS): string {
  const one = (name: string, test: GroupTest | null): string =>
    test === null ? '' : `${not(test.negated)} ${prefix}${name}-group${namedValueText(test, names)}`;
  return one('src', c.src) + one('dst', c.dst);
}

/** Hooks at which a packet has the interface that is asked for. */
const SRC_HOOKS: readonly HookName[] = ['PREROUTING', 'INPUT', 'FORWARD'];
const DST_HOOKS: readonly HookName[] = ['FORWARD', 'OUTPUT', 'POSTROUTING'];

export const devgroup = defineMatch({
  name: 'devgroup',
  title: 'Group of interfaces',
  help: 'Group (`ip link set … group`) of the interface that a packet comes in or goes out by.',
  options: {
    'src-group': option(group, 'Group of the interface that it came in by', { negatable: true }),
    'dst-group': option(group, 'Group of the interface that it goes out by', { negatable: true }),
  },
  parse: (uses): Read<DevgroupConfig> => {
    const [src, dst] = [uses['src-group'], uses['dst-group']];
    if (src === undefined && dst === undefined) {
      const message = "devgroup match: You must specify either '--src-group' or '--dst-group'";
      return new Refusal('option-missing', message);
    }
    return {
      src: src === undefined ? null : { ...src.value, negated: src.negated },
      dst: dst === undefined ? null : { ...dst.value, negated: dst.negated },
    };
  },
  print: (c) => configText(c, '--', DEVICE_GROUPS),
  list: (c, { numeric }) => configText(c, '', numeric ? NO_NAMES : DEVICE_GROUPS),
  // Kernel: devgroup_mt_checkentry(), net/netfilter/xt_devgroup.c
  check: (c, { hooks }) => {
    if (c.src !== null && hooks.some((hook) => !SRC_HOOKS.includes(hook))) return 'EINVAL';
    return c.dst !== null && hooks.some((hook) => !DST_HOOKS.includes(hook)) ? 'EINVAL' : null;
  },
  // Kernel: devgroup_mt()
  match: (c, action) => fits(c.src, groupOf(action, action.state.in)) && fits(c.dst, groupOf(action, action.state.out)),
  because: (c, action) => {
    const says: string[] = [];
    if (c.src !== null) says.push(`${action.state.in} is in group ${groupOf(action, action.state.in)}`);
    if (c.dst !== null) says.push(`${action.state.out} is in group ${groupOf(action, action.state.out)}`);
    return says.join(', ');
  },
});

function groupOf(action: XtAction, dev: string): number {
  return action.env.port.iface(dev)?.group ?? 0;
}

function fits(test: GroupTest | null, number: number): boolean {
  return test === null || (((test.value ^ number) & test.mask) === 0) !== test.negated;
}
