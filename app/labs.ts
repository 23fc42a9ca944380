import type { Lab } from '../src/engine';

/** The lab that a first visit shows. */
export async function defaultLab(): Promise<Lab> {
  const { fixtureLab } = await import('./fixtures/run');
  return fixtureLab;
}
