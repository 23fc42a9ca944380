import * as v from 'valibot';
import { check, type Fault } from './parse';
import { address, byte, bytes, flag, name, port, text, u32, whole } from './schema';

/** What hook functions and queue programs of a host look like. Few labs have any, so that a page loads this when one has. */
function schemas() {
  const match = v.optional(
    v.pipe(
      text,
      v.check((x) => !x.includes('\n'), 'a condition is one line, as in iptables: -p tcp --dport 80'),
    ),
  );
  const queueNumber = whole(0, 65535, 'the number of a queue');
  /** One of these words, or an object. */
  const verdictOf = <T extends v.GenericSchema>(words: readonly string[], object: T) =>
    v.lazy((x) =>
      typeof x === 'object' && x !== null
        ? (object as v.GenericSchema)
        : v.picklist(words, `${words.map((w) => `"${w}"`).join(', ')} or { "queue": 0 } is wanted`),
    );

  const family = v.optional(v.picklist(['ip', 'ip6'], '"ip" or "ip6" is wanted'));

  const ownHook = v.strictObject({
    name: v.pipe(
      text,
      v.regex(/^[^\s/]{1,40}$/, 'the name of a function has 1 to 40 characters, and no space or "/"'),
      v.check((x) => !KERNEL_FUNCTIONS.includes(x), 'the kernel has a function of this name already'),
    ),
    family,
    hook: v.picklist(HOOKS, `one of ${HOOKS.join(', ')} is wanted`),
    priority: whole(-0x80000000, 0x7fffffff, 'a priority'),
    match,
    verdict: verdictOf(['accept', 'drop', 'stolen'], v.strictObject({ queue: queueNumber, bypass: v.optional(flag) })),
  });

  const ownQueue = v.strictObject({
    number: queueNumber,
    name: v.optional(name),
    rules: v.optional(
      v.array(
        v.strictObject({
          match,
          verdict: verdictOf(['accept', 'drop', 'repeat'], v.strictObject({ queue: queueNumber })),
          mark: v.optional(u32('a mark')),
          set: v.optional(
            v.strictObject({
              src: v.optional(address),
              dst: v.optional(address),
              sport: v.optional(port),
              dport: v.optional(port),
              ttl: v.optional(byte('a TTL')),
              tos: v.optional(byte('a TOS')),
              payload: v.optional(v.pipe(text, bytes)),
            }),
          ),
        }),
        'a list of rules is wanted',
      ),
    ),
    otherwise: v.optional(v.picklist(['accept', 'drop'], '"accept" or "drop" is wanted')),
  });
  return {
    hooks: v.array(ownHook, 'a list of hook functions is wanted'),
    queues: v.array(ownQueue, 'a list of queues is wanted'),
  };
}

/** Hook functions that the kernel has itself: names that stand in its registry. */
const KERNEL_FUNCTIONS = ['defrag', 'conntrack', 'confirm', 'raw', 'mangle', 'nat', 'filter', 'security'];
const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;

interface Named {
  readonly family?: string;
  readonly hook?: string;
  readonly name?: string;
  readonly number?: number;
}

/** What is wrong with the hook functions and queue programs of a host. */
export function ownFaults(host: string, spec: { readonly hooks?: unknown; readonly queues?: unknown }): Fault[] {
  const known = schemas();
  const faults: Fault[] = [];
  for (const member of ['hooks', 'queues'] as const) {
    const list = spec[member];
    if (list === undefined) continue;
    const found = check(known[member], list, ['hosts', host, member], `"${member}"`);
    faults.push(...found);
    if (found.length > 0) continue;
    const items = list as readonly Named[];
    const names = items.map((h) => (member === 'hooks' ? `${h.family ?? 'ip'} ${h.hook} ${h.name}` : String(h.number)));
    const key = member === 'hooks' ? 'name' : 'number';
    const message =
      member === 'hooks'
        ? 'there is a function of this name at this hook already'
        : 'there is a program behind this queue already';
    names.forEach((n, i) => {
      if (names.indexOf(n) < i) faults.push({ path: ['hosts', host, member, i, key], code: 'twice', message });
    });
  }
  return faults;
}
