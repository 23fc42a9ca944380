import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { EditorView, hoverTooltip } from '@codemirror/view';
import type { Catalogue, ExtensionInfo, OptionInfo } from '../../src/engine';
import { stores } from '../store';
import { hooksOf, whyNot } from './allowed';
import { type EditorStore, familyOf } from './editor';
import { writtenOf } from './forms';
import { BUILTIN } from './model';
import { plainHelp } from './words';

/** Completion and help in the rules' text, from the catalogue. */
export function assist(store: EditorStore, host: string): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, store, host)], icons: false, defaultKeymap: true }),
    hoverTooltip((view, pos) => hover(view, pos, store)),
    look,
  ];
}

interface LineParts {
  readonly words: readonly string[];
  /** The word that is being typed, and where it begins. */
  readonly word: string;
  readonly from: number;
}

function partsBefore(text: string, from: number): LineParts {
  const typed = /[^\s]*$/.exec(text)?.[0] ?? '';
  const words = text.slice(0, text.length - typed.length).match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return { words, word: typed, from: from + text.length - typed.length };
}

/** What may stand there, unless it does already: then nothing is left to complete, and nothing lies over the text. */
function offer(
  context: CompletionContext,
  from: number,
  options: readonly Completion[],
  word: RegExp,
): CompletionResult | null {
  const labels = new Set(options.map((o) => o.label));
  const whole = (text: string): boolean => !context.explicit && labels.has(text);
  if (labels.size === 0 || whole(context.state.sliceDoc(from, context.pos))) return null;
  return { from, options, validFor: (text) => word.test(text) && !whole(text) };
}

function complete(context: CompletionContext, store: EditorStore, host: string): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const text = line.text.slice(0, context.pos - line.from);
  const { catalogue, rules, member } = store.getState();
  if (catalogue === null || /^\s*#(?!-A)/.test(text)) return null;
  const { words, word, from } = partsBefore(text, line.from);
  if (word === '' && !context.explicit && words.length === 0) return null;
  const table = rules.tables.find((t) => line.number > t.line && (t.commit === 0 || line.number <= t.commit));
  const result = (options: readonly Completion[]): CompletionResult | null => offer(context, from, options, /^[^\s]*$/);
  if (words.length === 0) {
    if (word.startsWith('*')) return result(Object.keys(BUILTIN).map((t) => ({ label: `*${t}`, detail: 'table' })));
    if (word.startsWith('-') || context.explicit) {
      return result(
        (table?.chains ?? []).map((c) => ({ label: `-A ${c.name}`, apply: `-A ${c.name} `, detail: 'rule' })),
      );
    }
    return null;
  }
  if (words[0]?.startsWith(':') === true) {
    return words.length === 1 ? result(['ACCEPT', 'DROP', '-'].map((label) => ({ label, detail: 'policy' }))) : null;
  }
  const last = words.at(-1) ?? '';
  const chains = table?.chains ?? [];
  if (last === '-A' || last === '#-A' || last === '--append') {
    return result(chains.map((c) => ({ label: c.name, detail: c.builtin ? 'chain' : 'own chain' })));
  }
  const family = familyOf(member);
  const chain = words[words.findIndex((w) => /^#?(-A|--append)$/.test(w)) + 1] ?? '';
  const protocol = words[words.indexOf('-p') + 1] ?? '';
  const place = {
    family,
    table: table?.name ?? 'filter',
    hooks: hooksOf(rules, table?.name ?? 'filter', chain),
    protocol: words.includes('-p') ? protocol : '',
  };
  const offered = (list: readonly ExtensionInfo[], what: string): Completion[] =>
    list
      .filter((i) => i.families.includes(family))
      .map((i) => {
        const reason = whyNot(i, place);
        return {
          label: i.name,
          detail: i.title,
          info: reason ?? plainHelp(i.help),
          type: what,
          boost: reason === null ? 0 : -50,
        };
      });
  if (last === '-j' || last === '--jump' || last === '-g' || last === '--goto') {
    const own = chains
      .filter((c) => !c.builtin && c.name !== chain)
      .map((c) => ({ label: c.name, detail: 'own chain' }));
    if (last === '-g' || last === '--goto') return result(own);
    return result([...offered(catalogue.verdicts, 'target'), ...own, ...offered(catalogue.targets, 'target')]);
  }
  if (last === '-m' || last === '--match') return result(offered(catalogue.matches, 'match'));
  const before = optionNamed(last, words, catalogue);
  if (before !== null && before.option.kind !== 'none') {
    const values = valuesOf(before.option, host);
    const comma = /^(.*,)[^,]*$/.exec(word)?.[1] ?? '';
    const options = values.map((label) => ({ label, detail: before.option.kind }));
    return offer(context, from + comma.length, options, /^[^\s,]*$/);
  }
  if (word === '' && !context.explicit) return null;
  if (word !== '' && !word.startsWith('-') && !'!'.startsWith(word)) return null;
  const loaded = loadedIn(words, catalogue);
  const used = new Set(words);
  const options: Completion[] = [];
  for (const info of [...loaded, catalogue.rule]) {
    for (const option of info.options) {
      const label = writtenOf(info, option);
      if (used.has(label) && !option.repeatable) continue;
      options.push({ label, detail: plainHelp(option.help), type: 'option', boost: info.name === '' ? 0 : 10 });
    }
  }
  options.push({ label: '-m', detail: 'a match', boost: -5 }, { label: '-j', detail: 'a target', boost: -5 });
  if (chains.some((c) => !c.builtin)) options.push({ label: '-g', detail: 'goto a chain', boost: -10 });
  return result(options);
}

/** Matches and the target that are loaded by the words so far. */
function loadedIn(words: readonly string[], catalogue: Catalogue): readonly ExtensionInfo[] {
  const found: ExtensionInfo[] = [];
  words.forEach((word, i) => {
    const next = words[i + 1];
    if (word === '-m' || word === '--match') found.push(...catalogue.matches.filter((m) => m.name === next));
    else if (word === '-j' || word === '--jump') found.push(...catalogue.targets.filter((t) => t.name === next));
    else if (word === '-p' || word === '--protocol') {
      found.push(
        ...catalogue.matches.filter(
          (m) => m.protocols?.includes(next ?? '') === true && m.options.length > 0 && m.name === next,
        ),
      );
    }
  });
  return [...new Set(found)].reverse();
}

function optionNamed(
  word: string,
  words: readonly string[],
  catalogue: Catalogue,
): { readonly info: ExtensionInfo; readonly option: OptionInfo } | null {
  if (!word.startsWith('-')) return null;
  const name = word.replace(/^--/, '');
  for (const info of [...loadedIn(words, catalogue), catalogue.rule]) {
    const option = info.options.find((o) => o.flag === name || o.aliases.includes(name) || writtenOf(info, o) === word);
    if (option !== undefined) return { info, option };
  }
  return null;
}

function valuesOf(option: OptionInfo, host: string): readonly string[] {
  const spec = stores.lab.getState().lab.hosts[host];
  switch (option.kind) {
    case 'interface':
      return [...Object.keys(spec?.interfaces ?? {}), 'lo'];
    case 'set':
      return [...(spec?.ipset ?? '').matchAll(/^(?:create|-N)\s+(\S+)/gm)].map((m) => m[1] as string);
    case 'networks':
      return Object.values(stores.lab.getState().lab.hosts)
        .flatMap((h) => Object.values(h.interfaces ?? {}))
        .flatMap((i) => i.addresses ?? [])
        .map((a) => a.split('/')[0] ?? a);
    default:
      return option.values;
  }
}

function hover(view: EditorView, pos: number, store: EditorStore) {
  const { catalogue, rules } = store.getState();
  const line = view.state.doc.lineAt(pos);
  if (catalogue === null || rules.byLine[line.number] === undefined) return null;
  const at = pos - line.from;
  const found = [...line.text.matchAll(/"(?:\\.|[^"\\])*"|\S+/g)];
  const index = found.findIndex((m) => m.index <= at && at < m.index + m[0].length);
  const word = found[index]?.[0];
  if (word === undefined) return null;
  const words = found.map((m) => m[0]);
  const before = words[index - 1] ?? '';
  let title = '';
  let help = '';
  if (/^(-j|--jump|-m|--match)$/.test(before)) {
    const list =
      before.includes('m') && before !== '--jump' ? catalogue.matches : [...catalogue.targets, ...catalogue.verdicts];
    const info = list.find((i) => i.name === word);
    title = info === undefined ? '' : `${info.name}: ${info.title}`;
    help =
      info === undefined
        ? ''
        : `${info.help}${info.support === 'parsed' ? ' Not modelled: what follows is uncertain.' : ''}`;
  } else {
    const option = optionNamed(word, words, catalogue);
    if (option !== null) {
      title = option.info.name === '' ? word : `${word} of ${option.info.name}`;
      help = option.option.help;
    }
  }
  if (title === '') return null;
  const from = line.from + (found[index]?.index ?? 0);
  return {
    pos: from,
    end: from + word.length,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'hl-hover';
      const head = document.createElement('b');
      head.textContent = title;
      const text = document.createElement('p');
      text.textContent = plainHelp(help);
      dom.append(head, text);
      return { dom };
    },
  };
}

const look = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--t1)',
    border: '1px solid var(--line-2)',
    borderRadius: '9px',
    boxShadow: '0 8px 28px var(--shade)',
  },
  '.hl-hover': { padding: '8px 12px', maxWidth: '380px', fontFamily: 'var(--font-sans)', fontSize: '13.5px' },
  '.hl-hover b': { fontFamily: 'var(--font-mono)', fontSize: '13px' },
  '.hl-hover p': { color: 'var(--t2)', marginTop: '2px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '13px',
    maxHeight: '280px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px', borderRadius: '6px', lineHeight: '1.5' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--raised)',
    color: 'var(--t1)',
  },
  '.cm-completionDetail': {
    fontFamily: 'var(--font-sans)',
    fontStyle: 'normal',
    color: 'var(--t3)',
    fontSize: '12.5px',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo': { padding: '6px 10px', fontFamily: 'var(--font-sans)', fontSize: '13px', maxWidth: '300px' },
  // Where there is no room beside the list, what it says of a choice stands below it and covers none.
  '.cm-completionInfo.cm-completionInfo-right-narrow, .cm-completionInfo.cm-completionInfo-left-narrow': {
    top: 'calc(100% + 4px) !important',
    bottom: 'auto !important',
    left: '0',
    right: '0',
    width: 'auto',
    maxWidth: 'none !important',
  },
  '.cm-tooltip-above .cm-completionInfo.cm-completionInfo-right-narrow, .cm-tooltip-above .cm-completionInfo.cm-completionInfo-left-narrow':
    { top: 'auto !important', bottom: 'calc(100% + 4px) !important' },
});
