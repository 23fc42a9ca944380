import type { Lab } from '../../src/engine';

/** The lab that a first visit shows. */
export async function defaultLab(): Promise<Lab> {
  const { default: lab } = await import('./home-router.json');
  return lab as Lab;
}
