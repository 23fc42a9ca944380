import { type Beat, paceOf, stores } from '../store';

/** Milliseconds that the packet takes with a beat of this kind; 0 if it is set down at once. */
export function travelTime(kind: Beat['kind'] | undefined): number {
  const { motion, speed, scrubbing } = stores.play.getState();
  const still = motion === 'jump' || scrubbing || matchMedia('(prefers-reduced-motion: reduce)').matches;
  return still || kind === undefined ? 0 : paceOf(kind).travel / speed;
}

/** Draws frame by frame, from part 0 to 1; what comes back ends it. */
export function travel(duration: number, draw: (part: number) => void): (() => void) | undefined {
  if (duration === 0) {
    draw(1);
    return;
  }
  let handle = 0;
  let start = Number.NaN;
  const frame = (now: number): void => {
    if (Number.isNaN(start)) start = now;
    const part = Math.min(1, (now - start) / duration);
    draw(part);
    if (part < 1) handle = requestAnimationFrame(frame);
  };
  draw(0);
  handle = requestAnimationFrame(frame);
  return () => cancelAnimationFrame(handle);
}

/** On a wire: off slowly, and slowly in. */
export const inOut = (t: number): number => (t < 0.5 ? 2 * t * t : 1 - (-2 * t + 2) ** 2 / 2);
