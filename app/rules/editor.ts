import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AsyncEngine, Catalogue, LabHost, RuleForm } from '../../src/engine';
import { keepIds, rereadRules } from './change';
import { FormBook } from './formBook';
import { setTarget } from './forms';
import { type ChainBlock, chainIn, type RuleLine, type RulesText, readRules } from './model';
import {
  addChain,
  addTable,
  deleteChain,
  deleteRules,
  duplicateRules,
  formatRules,
  insertRule,
  moveRules,
  renameChain,
  setPolicy,
  setRule,
  shiftRules,
  switchRules,
} from './ruleEdits';

export type Member = 'iptables' | 'ip6tables';

/** The rule editor of one text: what is open and picked, and the edits. The text itself is the lab's. */
export interface EditorState {
  readonly member: Member;
  readonly text: string;
  readonly rules: RulesText;
  /** Of each line; stays with it through edits. */
  readonly ids: readonly number[];
  readonly table: string;
  readonly chain: string;
  /** The rule whose form is open. */
  readonly open: number | null;
  /** Its form as it was when it was opened: values that changed since are shown beside the new ones. */
  readonly opened: RuleForm | null;
  readonly picked: ReadonlySet<number>;
  /** Where a range that is picked begins. */
  readonly anchor: number | null;
  /** Where the last choice was made: a choice in the form moves the text, and the other way round. */
  readonly chosenIn: 'form' | 'text' | 'note';
  readonly catalogue: Catalogue | null;
  /** Forms by text of the rule. */
  readonly forms: ReadonlyMap<string, RuleForm>;

  readonly setMember: (member: Member) => void;
  readonly show: (table: string, chain: string) => void;
  readonly openRule: (id: number | null) => void;
  readonly pick: (id: number, how?: 'only' | 'toggle' | 'range') => void;
  readonly unpick: () => void;
  readonly isPicked: (id: number) => boolean;
  /** The cursor in the text is on a line (from 1). */
  readonly atLine: (line: number, from?: 'text' | 'note') => void;
  readonly want: (texts: readonly string[]) => void;

  /** Edits one rule by its form. With a `group`, changes that follow fast are undone together. */
  readonly change: (id: number, edit: (form: RuleForm) => RuleForm | string, group?: string) => Promise<void>;
  readonly toggle: (ids: readonly number[], on: boolean) => void;
  readonly remove: (ids: readonly number[]) => void;
  readonly duplicate: (ids: readonly number[]) => void;
  readonly shift: (ids: readonly number[], by: -1 | 1) => void;
  readonly move: (ids: readonly number[], chain: string, before: number | null) => void;
  readonly insert: (body: string, before?: number | null) => void;
  readonly setPolicy: (policy: string) => void;
  readonly newChain: (name: string) => void;
  /** A rule jumps to a chain that is made for it. */
  readonly jumpToNew: (id: number, name: string) => Promise<void>;
  readonly rename: (name: string) => void;
  /** One blank between words, none at the ends of lines. */
  readonly format: () => void;
  readonly removeChain: () => void;
  readonly newTable: (table: string) => void;
  readonly stop: () => void;
}

export type EditorStore = StoreApi<EditorState>;

interface LabSide {
  readonly getText: (member: Member) => string;
  readonly editHost: (change: (host: LabHost) => LabHost, group: string) => void;
  readonly subscribe: (changed: () => void) => () => void;
}

export const isRules = (member: string): member is Member => member === 'iptables' || member === 'ip6tables';

export const familyOf = (member: Member): 'ip' | 'ip6' => (member === 'ip6tables' ? 'ip6' : 'ip');

/** The editor of a host's rules. The text is read from and written to the lab; the engine has the forms of its lines. */
export function createEditor(
  lab: LabSide,
  engine: Pick<AsyncEngine, 'catalogue' | 'ruleForms'>,
  start: { readonly member: Member; readonly table: string; readonly chain: string },
): EditorStore {
  let nextId = 1;
  const fresh = (): number => nextId++;
  let changes: Promise<void> = Promise.resolve();
  /** The open rule as it was when it was opened, while the engine has not told its form. */
  let openedAs: string | null = null;
  const text = lab.getText(start.member);
  const rules = readRules(text);

  const store = createStore<EditorState>()((set, get) => {
    const ruleOf = (id: number): RuleLine | null => {
      const { ids, rules } = get();
      const line = ids.indexOf(id) + 1;
      return line === 0 ? null : (rules.byLine[line] ?? null);
    };
    const rulesOf = (ids: readonly number[]): readonly RuleLine[] =>
      ids.flatMap((id) => ruleOf(id) ?? []).sort((a, b) => a.line - b.line);
    const write = (text: string, group = ''): void => {
      const { member } = get();
      if (text === get().text) return;
      lab.editHost((host) => ((host[member] ?? '') === text ? host : { ...host, [member]: text }), group);
    };
    const take = (): void => {
      const before = get();
      const text = lab.getText(before.member);
      if (text === before.text) return;
      const rules = rereadRules(before.rules, before.text, text);
      const ids = keepIds(before.rules.lines, before.ids, rules.lines, fresh);
      const known = new Set(ids);
      const place = existing(rules, before.table, before.chain);
      const open = before.open !== null && known.has(before.open) ? before.open : null;
      const there = [...before.picked].filter((id) => known.has(id));
      const picked = there.length === before.picked.size ? before.picked : new Set(there);
      set({ text, rules, ids, ...place, open, opened: open === null ? null : before.opened, picked });
    };
    const ask = (lines: readonly string[]): Promise<readonly RuleForm[]> =>
      engine.ruleForms(familyOf(get().member), lines);
    const book = new FormBook(ask, (forms) => {
      const was = openedAs === null || get().open === null ? undefined : forms.get(openedAs);
      if (was !== undefined) openedAs = null;
      set(was === undefined ? { forms } : { forms, opened: was });
    });
    /** The form of a rule that is being opened, now or as soon as it is known. */
    const openedForm = (rule: RuleLine | null): RuleForm | null => {
      const form = rule === null ? undefined : book.forms.get(rule.text);
      openedAs = form === undefined ? (rule?.text ?? null) : null;
      return form ?? null;
    };
    const changeOne = async (id: number, edit: (form: RuleForm) => RuleForm | string, group: string): Promise<void> => {
      take();
      const rule = ruleOf(id);
      if (rule === null) return;
      let form = book.forms.get(rule.text);
      if (form === undefined) {
        [form] = await ask([rule.text]);
        take();
        if (form === undefined || ruleOf(id)?.text !== rule.text) return;
        book.keep([form]);
      }
      const made = edit(form);
      // The form of what comes of it is there before the text is: the rows stay, and so does the focus in them.
      book.keep(typeof made === 'string' ? await ask([made]) : [made]);
      take();
      const now = ruleOf(id);
      const line = typeof made === 'string' ? made : made.line;
      if (now === null || line === now.text) return;
      if (now.text === rule.text) write(setRule(get().rules, now, line), group);
      else await changeOne(id, edit, group); // it was changed by hand meanwhile
    };
    const here = (): ChainBlock | null => chainIn(get().rules, get().table, get().chain);
    let asked = false;
    const askCatalogue = (): void => {
      if (asked) return;
      asked = true;
      engine.catalogue().then(
        (catalogue) => set({ catalogue }),
        // The engine's failure is on show already; the next forms that are wanted ask again.
        () => {
          asked = false;
        },
      );
    };
    askCatalogue();
    const stop = lab.subscribe(take);
    return {
      ...start,
      ...existing(rules, start.table, start.chain),
      text,
      rules,
      ids: rules.lines.map(fresh),
      open: null,
      opened: null,
      picked: new Set(),
      anchor: null,
      chosenIn: 'form',
      catalogue: null,
      forms: new Map(),

      setMember: (member) => {
        if (member === get().member) return;
        const text = lab.getText(member);
        const rules = readRules(text);
        book.clear();
        set({
          member,
          text,
          rules,
          ids: rules.lines.map(fresh),
          ...existing(rules, get().table, get().chain),
          open: null,
          opened: null,
          picked: new Set(),
          forms: book.forms,
        });
      },
      show: (table, chain) => {
        if (table === get().table && chain === get().chain) return;
        set({ table, chain, open: null, opened: null, picked: new Set(), chosenIn: 'form' });
      },
      openRule: (id) => {
        const rule = id === null ? null : ruleOf(id);
        const opened = openedForm(rule);
        set({
          open: id,
          opened,
          picked: id === null ? get().picked : new Set([id]),
          anchor: id ?? get().anchor,
          chosenIn: 'form',
        });
      },
      pick: (id, how = 'only') => {
        const { picked, ids } = get();
        if (how === 'only') set({ picked: new Set([id]), anchor: id, chosenIn: 'form' });
        else if (how === 'toggle') {
          const next = new Set(picked);
          if (!next.delete(id)) next.add(id);
          set({ picked: next, anchor: id, chosenIn: 'form' });
        } else {
          const all = (here()?.rules ?? []).map((r) => ids[r.line - 1] as number);
          const from = all.indexOf(get().anchor ?? id);
          const to = all.indexOf(id);
          const range = from < 0 ? [id] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
          set({ picked: new Set(range), chosenIn: 'form' });
        }
      },
      isPicked: (id) => get().picked.has(id),
      unpick: () => set({ picked: new Set(), chosenIn: 'form' }),
      atLine: (line, from = 'text') => {
        take();
        const { rules, ids, open, picked } = get();
        const rule = rules.byLine[line];
        const id = ids[line - 1];
        if (rule === undefined || id === undefined) {
          if (picked.size > 0 && open === null) set({ picked: new Set(), chosenIn: 'text' });
          return;
        }
        const { table, chain } = get();
        if (picked.size === 1 && picked.has(id) && rule.table === table && rule.chain === chain) return;
        const stays = open === id;
        set({
          table: rule.table,
          chain: rule.chain,
          picked: new Set([id]),
          anchor: id,
          chosenIn: from,
          open: stays ? open : open === null ? null : id,
          opened: stays ? get().opened : openedForm(rule),
        });
      },
      want: (texts) => {
        askCatalogue();
        book.want(texts);
      },

      // One after the other: a change that waits for the engine must not be written over by the next.
      change: (id, edit, group = '') => {
        changes = changes.catch(() => {}).then(() => changeOne(id, edit, group));
        return changes;
      },
      toggle: (ids, on) => write(switchRules(get().rules, rulesOf(ids), on)),
      remove: (ids) => {
        const gone = rulesOf(ids);
        const all = here()?.rules ?? [];
        const next = all.find((r) => r.line > (gone.at(-1)?.line ?? 0)) ?? all.findLast((r) => !gone.includes(r));
        const nextId = next === undefined ? undefined : get().ids[next.line - 1];
        set({ picked: new Set(nextId === undefined ? [] : [nextId]), open: null, opened: null });
        write(deleteRules(get().rules, gone));
      },
      duplicate: (ids) => write(duplicateRules(get().rules, rulesOf(ids))),
      shift: (ids, by) => {
        const moved = shiftRules(get().rules, rulesOf(ids), by);
        if (moved !== null) write(moved, `shift/${ids.join()}`);
      },
      move: (ids, chain, before) => {
        const { table } = get();
        const spot = before === null ? null : ruleOf(before);
        write(moveRules(get().rules, rulesOf(ids), { table, chain, before: spot }));
      },
      insert: (body, before = null) => {
        const { table, chain } = get();
        const spot = before === null ? null : ruleOf(before);
        const old = new Set(get().ids);
        write(insertRule(get().rules, { table, chain, before: spot }, body));
        const made = get().ids.find((id) => !old.has(id));
        if (made !== undefined) get().openRule(made);
      },
      setPolicy: (policy) => write(setPolicy(get().rules, get().table, get().chain, policy)),
      newChain: (name) => {
        const { table } = get();
        write(addChain(get().text, table, name));
        get().show(table, name);
      },
      jumpToNew: (id, name) => {
        const group = `chain/${name}`;
        write(addChain(get().text, get().table, name), group);
        return get().change(id, (form) => setTarget(form, name), group);
      },
      rename: (name) => {
        const { table, chain } = get();
        write(renameChain(get().rules, table, chain, name));
        set({ table, chain: name });
      },
      format: () => {
        take();
        write(formatRules(get().text));
      },
      removeChain: () => write(deleteChain(get().rules, get().table, get().chain)),
      newTable: (table) => {
        write(addTable(get().text, table));
        const first = get().rules.tables.find((t) => t.name === table)?.chains[0];
        if (first !== undefined) get().show(table, first.name);
      },
      stop,
    };
  });
  return store;
}

/** The chain that was asked for, or the first there is. */
function existing(rules: RulesText, table: string, chain: string): { readonly table: string; readonly chain: string } {
  if (chainIn(rules, table, chain) !== null) return { table, chain };
  const block =
    rules.tables.find((t) => t.name === table) ?? rules.tables.find((t) => t.name === 'filter') ?? rules.tables[0];
  const first = block?.chains.find((c) => c.rules.length > 0) ?? block?.chains[0];
  return block === undefined || first === undefined ? { table, chain } : { table: block.name, chain: first.name };
}
