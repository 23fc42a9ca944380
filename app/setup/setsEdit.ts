import { SET_TYPES } from '../../src/engine';
import { stores } from '../store';

/** Puts a text of sets into the lab. */
export function writeSets(host: string, text: string, group = ''): void {
  stores.lab
    .getState()
    .editHost(
      host,
      (h) => ((h.ipset ?? '') === text ? h : { ...h, ipset: text }),
      group === '' ? '' : `${host}/ipset/${group}`,
    );
}

/** Whether sets of a type have an option. */
export function typeHas(type: string, option: string): boolean {
  return (
    SET_TYPES.find((t) => t.name === type)?.create.some((o) => o === option || o.startsWith(`${option}:`)) ?? false
  );
}
