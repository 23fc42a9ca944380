/**
 * A copy of a graph of objects that shares nothing that can change.
 *
 * This is how a checkpoint is made: the whole state of a world is plain objects, arrays, Maps, Sets, typed arrays and
 * instances of our own classes. What is frozen (compiled rules, parsed text) and functions are shared; a frozen object
 * must therefore not hold anything that changes, and no function may close over state. Identity inside the graph is
 * kept, cycles included.
 */
export function cloneState<T>(root: T): T {
  return copy(root, new Map()) as T;
}

/** The same, with how many objects the copy has: a measure of what it costs to keep. */
export function cloneStateCounted<T>(root: T): { readonly copy: T; readonly objects: number } {
  const seen = new Map<object, unknown>();
  return { copy: copy(root, seen) as T, objects: seen.size };
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (value instanceof Uint8Array && value.buffer.byteLength === value.byteLength) {
    const bytes = value.slice();
    seen.set(value, bytes);
    return bytes;
  }
  if (ArrayBuffer.isView(value)) {
    const view = (value as unknown as { slice(): object }).slice();
    seen.set(value, view);
    return view;
  }
  if (Array.isArray(value)) {
    const list: unknown[] = new Array(value.length);
    seen.set(value, list);
    for (let i = 0; i < value.length; i++) list[i] = copy(value[i], seen);
    return list;
  }
  if (value instanceof Map) {
    const map = new Map();
    seen.set(value, map);
    for (const [k, v] of value) map.set(copy(k, seen), copy(v, seen));
    return map;
  }
  if (value instanceof Set) {
    const set = new Set();
    seen.set(value, set);
    for (const v of value) set.add(copy(v, seen));
    return set;
  }
  const object = Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>;
  seen.set(value, object);
  for (const key of Object.keys(value)) object[key] = copy((value as Record<string, unknown>)[key], seen);
  return object;
}
