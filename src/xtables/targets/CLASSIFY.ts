import { defineTarget, type Kind, option } from '../record';
import { Refusal } from '../refusal';
import { changed } from './change';

interface ClassifyConfig {
  readonly priority: number;
}

/** `MAJOR:MINOR`, both hexadecimal; what follows is not looked at. */
const classId: Kind<number> = {
  name: 'class',
  read: (word) => {
    const parts = /^\s*([+-]?(?:0x)?[0-9a-f]+):\s*([+-]?(?:0x)?[0-9a-f]+)/i.exec(word);
    if (parts === null) return new Refusal('bad-value', `Bad class value "${word}"`);
    return ((number(parts[1]!) << 16) | (number(parts[2]!) & 0xffff)) >>> 0;
  },
};

function number(digits: string): number {
  return Number.parseInt(digits, 16) | 0;
}

function classText(priority: number, width: number): string {
  const half = (value: number): string => value.toString(16).padStart(width, '0');
  return `${half(priority >>> 16)}:${half(priority & 0xffff)}`;
}

export const CLASSIFY = defineTarget({
  name: 'CLASSIFY',
  title: 'Set the traffic class',
  help: "Sets the packet's priority, by which the queue of an interface chooses a class.",
  verdict: 'continue',
  hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
  options: {
    'set-class': option(classId, 'Class, MAJOR:MINOR in hexadecimal', { required: true }),
  },
  parse: (uses): ClassifyConfig => ({ priority: uses['set-class']!.value }),
  print: (c) => ` --set-class ${classText(c.priority, 4)}`,
  list: (c) => ` CLASSIFY set ${classText(c.priority, 1)}`,
  // Kernel: classify_tg(), net/netfilter/xt_CLASSIFY.c
  act: (c, action) => {
    const before = action.skb.priority;
    action.skb.priority = c.priority;
    changed(action, 'priority', classText(before, 1), classText(c.priority, 1), 'CLASSIFY');
    return 'continue';
  },
});
