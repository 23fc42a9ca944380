import type { Kind } from '../record';
import { Refusal } from '../refusal';
import { badMark, trailingGarbage, type ValueMask } from './kinds';
import { hex, scanUint } from './numbers';

/** Values that may have a name in a file of /etc/iproute2: groups of interfaces, realms. */
interface NamedValues {
  readonly names: ReadonlyMap<string, number>;
}

/** /etc/iproute2/group, as Debian has it. */
export const DEVICE_GROUPS: NamedValues = { names: new Map([['default', 0]]) };
/** /etc/iproute2/rt_realms */
export const REALMS: NamedValues = { names: new Map([['cosmos', 0]]) };

/** For `iptables -L -n`. */
export const NO_NAMES: NamedValues = { names: new Map() };

const ALL = 0xffff_ffff;

/** `VALUE[/MASK]` or a name. Kernel side: xtables_parse_val_mask() */
export function namedValue(name: string, { names }: NamedValues): Kind<ValueMask> {
  return {
    name,
    values: [...names.keys()],
    read: (word, call) => {
      const scanned = scanUint(word);
      if (scanned === null || scanned.value > ALL || (scanned.end < word.length && word[scanned.end] !== '/')) {
        const value = names.get(word);
        return value !== undefined
          ? { value, mask: ALL }
          : new Refusal(
              'bad-value',
              `${call.extension}: could not map name ${word} to an integer value for option "--${call.flag}".\n`,
            );
      }
      if (scanned.end === word.length) return { value: scanned.value, mask: ALL };
      const mask = scanUint(word, scanned.end + 1);
      if (mask === null || mask.value > ALL) {
        return badMark(call);
      }
      return mask.end < word.length ? trailingGarbage(call) : { value: scanned.value, mask: mask.value };
    },
  };
}

/** Kernel side: xtables_print_val_mask() */
export function namedValueText({ value, mask }: ValueMask, { names }: NamedValues): string {
  if (mask !== ALL) return ` ${hex(value)}/${hex(mask)}`;
  for (const [name, number] of names) if (number === value) return ` ${name}`;
  return ` ${hex(value)}`;
}
