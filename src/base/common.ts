/** How many characters two texts have in common at their beginning. */
export function commonHead(a: string, b: string): number {
  return longest(Math.min(a.length, b.length), (low, high) => a.slice(low, high) === b.slice(low, high));
}

/** How many at their end, behind the first `head`. */
export function commonTail(a: string, b: string, head: number): number {
  return longest(
    Math.min(a.length, b.length) - head,
    (low, high) => a.slice(a.length - high, a.length - low) === b.slice(b.length - high, b.length - low),
  );
}

/** The longest stretch that is the same, of at most so many characters: it is halved, for texts may be long. */
function longest(most: number, isSame: (low: number, high: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (isSame(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
