import type { Result } from '../base';
import { ownFaults } from './own-schema';
import { parseLabWith } from './parse';
import type { Lab } from './types';

/**
 * Reads a lab: a JSON text, or the value of one. Line and column of a diagnostic are those of the text; of a value they
 * are 1:1, and the message names the place.
 */
export function parseLab(source: unknown): Result<Lab> {
  return parseLabWith(source, ownFaults);
}
