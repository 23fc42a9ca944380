/** The parts of the engine that a first run can do without; a page loads them when they are wanted. */
export type PartName = 'extensions' | 'shell' | 'explain' | 'forms' | 'own';

/**
 * Thrown where a part is wanted that is not loaded yet. Whoever loads parts does so, and asks again: a run is pure, so
 * nothing of the first attempt is left. Never seen where all parts are there from the start, as in Node.
 */
export class PartMissing extends Error {
  readonly part: PartName;

  constructor(part: PartName) {
    super(`the part ${part} is not loaded`);
    this.name = 'PartMissing';
    this.part = part;
  }
}
