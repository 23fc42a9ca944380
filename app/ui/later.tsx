import { type ComponentType, createElement, lazy } from 'react';

/** A part of the page did not come. Why it did not is told by a notice. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

/** React remembers for ever that a load has failed: what makes it forget that. */
const failed = new Set<() => void>();

/** What could not be loaded is asked for again when it is shown the next time. */
export function askAgain(): void {
  for (const forget of failed) forget();
  failed.clear();
}

/** A component that is loaded when it is first shown. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const asked = () =>
    lazy(() =>
      load().then(
        (loaded) => ({ default: loaded }),
        (reason: unknown) => {
          failed.add(() => {
            part = asked();
          });
          throw new NotLoaded(String(reason));
        },
      ),
    );
  let part = asked();
  return function Later(props: P) {
    return createElement(part as ComponentType<P>, props);
  };
}
