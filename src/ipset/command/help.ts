import { SET_TYPES, type SetType } from '../catalogue';
import { optionsOf } from './options';
import { COMMANDS } from './words';

/** A short help of our own. */
export function helpText(): string {
  const commands = COMMANDS.map(
    (c) => `  ${c.name}${c.args === 2 ? ' SET …' : c.args === 'optional' ? ' [SET]' : ''}\n`,
  );
  const types = SET_TYPES.map((t) => `  ${t.name}\n`);
  return `ipset v7.17\n\nCommands:\n${commands.join('')}\nSet types:\n${types.join('')}\n`;
}

export function typeHelpText(type: SetType): string {
  const words = (command: 'create' | 'add') =>
    optionsOf(type, command)
      .map((o) => (o.value ? `[${o.name} VALUE]` : `[${o.name}]`))
      .join(' ');
  const element = type.parts.map((part) => part.toUpperCase()).join(',');
  return `create SET ${type.name} ${words('create')}\nadd SET ${element} ${words('add')}\n`;
}
