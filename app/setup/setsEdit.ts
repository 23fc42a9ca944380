import { SET_TYPES } from '../../src/engine';
import { writeText } from './edit';

/** Puts a text of sets into the lab. */
export function writeSets(host: string, text: string, group = ''): void {
  writeText(host, 'ipset', text, group);
}

/** Whether sets of a type have an option. */
export function typeHas(type: string, option: string): boolean {
  return (
    SET_TYPES.find((t) => t.name === type)?.create.some((o) => o === option || o.startsWith(`${option}:`)) ?? false
  );
}
