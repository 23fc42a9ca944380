import { text } from '../read/kinds';
import { readUint } from '../read/numbers';
import { defineTarget, flag, type Kind, option } from '../record';
import { Refusal } from '../refusal';

interface LedConfig {
  readonly id: string;
  /** Milliseconds; -1 for ever. */
  readonly delay: number;
  readonly blink: boolean;
}

const delay: Kind<number> = {
  name: 'milliseconds',
  values: ['inf'],
  read: (word) => {
    if (word.slice(0, 3).toLowerCase() === 'inf') return -1;
    const value = readUint(word, 0, 0xffff_ffff);
    return value === null ? new Refusal('bad-value', 'Delay value must be within range 0..4294967295') : value | 0;
  },
};

export const LED = defineTarget({
  name: 'LED',
  title: 'Light',
  help: 'Triggers a light. The kernel that labs are compared with is built without it: a ruleset with it does not load.',
  verdict: 'continue',
  absent: true,
  options: {
    'led-trigger-id': option(text({ max: 16 }), 'Name of the trigger', { required: true }),
    'led-delay': option(delay, 'Milliseconds that the light stays on, or inf'),
    'led-always-blink': flag('Blinks anew for each packet'),
  },
  parse: (uses): LedConfig => ({
    id: uses['led-trigger-id']!.value,
    delay: uses['led-delay']?.value ?? 0,
    blink: uses['led-always-blink'] !== undefined,
  }),
  print: (c) => {
    let out = ` --led-trigger-id "${escaped(c.id)}"`;
    if (c.delay === -1) out += ' --led-delay inf';
    else if (c.delay > 0) out += ` --led-delay ${c.delay}`;
    return c.blink ? `${out} --led-always-blink` : out;
  },
  list: (c) => {
    const shown = c.delay === -1 ? 'inf' : `${c.delay}ms`;
    return ` led-trigger-id:"${escaped(c.id)}" led-delay:${shown}${c.blink ? ' led-always-blink' : ''}`;
  },
});

function escaped(id: string): string {
  return id.replace(/["\\]/g, '\\$&');
}
