import { expect, test, vi } from 'vitest';
import { createEngine, type ExtensionInfo, type LabHost } from '../../src/engine';
import { hooksOf, whyNot, whyNotOption } from './allowed';
import { createEditor, type EditorStore, type Member } from './editor';
import { setPart } from './forms';
import { readRules } from './model';

const TEXT =
  '*filter\n:INPUT DROP [0:0]\n:MINE - [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -j MINE\n-A MINE -j DROP\nCOMMIT\n';

/** `fails`: so many questions are not answered, as while the engine is started anew. */
function editorOf(
  text: string,
  fails = 0,
): {
  readonly store: EditorStore;
  readonly groups: string[];
  readonly text: () => string;
  /** Changes the text, and the editor is not told yet. */
  readonly type: (from: string, to: string) => void;
} {
  let host: LabHost = { iptables: text };
  const listeners = new Set<() => void>();
  const groups: string[] = [];
  const engine = createEngine();
  let left = fails;
  const answered = <T>(question: () => T): T => {
    if (left-- > 0) throw new Error('The engine has been ended.');
    return question();
  };
  const store = createEditor(
    {
      getText: (m: Member) => host[m] ?? '',
      editHost: (change, group) => {
        host = change(host);
        groups.push(group);
        for (const f of listeners) f();
      },
      subscribe: (f) => {
        listeners.add(f);
        return () => listeners.delete(f);
      },
    },
    {
      catalogue: async () => answered(() => engine.catalogue()),
      ruleForms: async (family, lines) => answered(() => engine.ruleForms(family, lines)),
    },
    { member: 'iptables', table: 'filter', chain: 'INPUT' },
  );
  const type = (from: string, to: string): void => {
    host = { iptables: (host.iptables ?? '').replace(from, to) };
  };
  return { store, groups, text: () => host.iptables ?? '', type };
}

test('what the engine did not answer is asked again with the next forms', async () => {
  const { store } = editorOf(TEXT, 2);
  store.getState().want(['-A INPUT -i lo -j ACCEPT']);
  await vi.waitFor(() => {
    store.getState().want(['-A INPUT -i lo -j ACCEPT']);
    expect(store.getState().forms.size).toBe(1);
    expect(store.getState().catalogue).not.toBeNull();
  });
});

test('an edit by the form keeps the rule open, and its form is known at once', async () => {
  const { store, groups, text } = editorOf(TEXT);
  const id = store.getState().ids[4] as number;
  store.getState().openRule(id);
  const edit = store
    .getState()
    .change(id, (form) => setPart(form, form.parts[0] as (typeof form.parts)[number], ['udp']), 'typing');
  await edit;
  expect(text()).toContain('-A INPUT -p udp -j MINE');
  expect(groups).toEqual(['typing']);
  expect(store.getState().open).toBe(id);
  expect(store.getState().forms.has('-A INPUT -p udp -j MINE')).toBe(true);
  // It was opened before the engine had told its form: the value that it had is shown all the same.
  expect(store.getState().opened?.line).toBe('-A INPUT -p tcp -j MINE');
});

test('what is typed while an edit of the form waits for the engine stays', async () => {
  const { store, text, type } = editorOf(TEXT);
  const id = store.getState().ids[4] as number;
  const edit = store.getState().change(id, (form) => form.line.replace('tcp', 'udp'));
  type('-A MINE -j DROP', '-A MINE -j RETURN');
  type('-p tcp -j MINE', '-p tcp -j MINE -i lo');
  await edit;
  expect(text()).toContain('-A INPUT -p udp -j MINE -i lo\n-A MINE -j RETURN');
});

test('the cursor in the text opens the chain of its rule; a deleted rule hands the choice on', () => {
  const { store, text } = editorOf(TEXT);
  const { ids } = store.getState();
  store.getState().atLine(6);
  expect(store.getState()).toMatchObject({ chain: 'MINE', chosenIn: 'text', picked: new Set([ids[5]]) });
  store.getState().atLine(4);
  store.getState().remove([ids[3] as number]);
  expect(text()).not.toContain('-i lo');
  expect(store.getState().picked).toEqual(new Set([ids[4]]));
});

test('a chain is made, filled, renamed and taken away', () => {
  const { store, text } = editorOf(TEXT);
  const now = () => store.getState();
  now().newChain('WEB');
  now().insert('-p tcp');
  expect(now()).toMatchObject({ table: 'filter', chain: 'WEB' });
  expect(now().open).not.toBeNull();
  now().rename('SITE');
  expect(text()).toContain('-A SITE -p tcp');
  now().removeChain();
  expect(text()).toBe(TEXT);
});

const { matches, targets, verdicts, rule } = createEngine().catalogue();
const named = (list: readonly ExtensionInfo[], name: string) => list.find((i) => i.name === name) as ExtensionInfo;
const place = { family: 'ip', table: 'filter', hooks: ['INPUT'], protocol: '' } as const;

test('what cannot stand at a place says why', () => {
  expect(whyNot(named(verdicts, 'DROP'), place)).toBeNull();
  expect(whyNot(named(verdicts, 'DROP'), { ...place, table: 'nat' })).toMatch('refuses DROP');
  expect(whyNot(named(targets, 'DNAT'), place)).toBe('Only in table nat.');
  expect(whyNot(named(targets, 'DNAT'), { ...place, table: 'nat' })).toBe('Only in PREROUTING or OUTPUT.');
  expect(whyNot(named(matches, 'tcp'), { ...place, protocol: 'udp' })).toMatch('this rule is for udp');
  expect(whyNot(named(matches, 'tcp'), { ...place, protocol: '6' })).toBeNull();
  expect(whyNot(named(matches, 'icmp6'), place)).toBe('For IPv6 only.');
  const out = rule.options.find((o) => o.flag === 'out-interface') as (typeof rule.options)[number];
  expect(whyNotOption(rule, out, place)).toMatch('no outgoing interface');
  expect(whyNotOption(rule, out, { ...place, hooks: ['INPUT', 'FORWARD'] })).toBeNull();
});

test('a user chain is where its callers are', () => {
  expect(hooksOf(readRules(TEXT), 'filter', 'MINE')).toEqual(['INPUT']);
  expect(hooksOf(readRules(TEXT.replace('-A INPUT -p', '#-A INPUT -p')), 'filter', 'MINE')).toEqual([]);
});
