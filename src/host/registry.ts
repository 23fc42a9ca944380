import type { HookFamily, HookName, HookOps } from '../model';

/** The functions registered at every hook. Kernel: struct nf_hook_entries */
export class HookRegistry<Host> {
  private readonly hooks = new Map<string, readonly HookOps<Host>[]>();

  /** In the order in which they run. */
  at(family: HookFamily, hook: HookName): readonly HookOps<Host>[] {
    return this.hooks.get(`${family} ${hook}`) ?? NONE;
  }

  /** A function of equal priority runs before those that are there already. Kernel: nf_hook_entries_grow() */
  register(ops: HookOps<Host>): void {
    const key = `${ops.family} ${ops.hook}`;
    const list = this.hooks.get(key) ?? NONE;
    if (list.some((o) => o.name === ops.name && o.subsystem === ops.subsystem)) return;
    const at = list.findIndex((o) => o.priority >= ops.priority);
    this.hooks.set(key, list.toSpliced(at < 0 ? list.length : at, 0, Object.freeze(ops)));
  }

  unregister(family: HookFamily, hook: HookName, name: string): void {
    const key = `${family} ${hook}`;
    const list = this.hooks.get(key);
    if (list)
      this.hooks.set(
        key,
        list.filter((o) => o.name !== name),
      );
  }
}

const NONE: readonly never[] = Object.freeze([]);
