import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags as t } from '@lezer/highlight';

interface State {
  /** What the next word is, if the one before says so. */
  expects: 'none' | 'chain' | 'target' | 'device' | 'policy' | 'module';
  line: 'none' | 'table' | 'chain' | 'rule' | 'comment';
}

const VERDICT_OK = new Set(['ACCEPT']);
const VERDICT_BAD = new Set(['DROP', 'REJECT']);

/** Colours for iptables-save text. It reads no more than it needs to colour; the engine alone says what is wrong. */
const iptablesSave = StreamLanguage.define<State>({
  name: 'iptables-save',
  startState: () => ({ expects: 'none', line: 'none' }),
  token: (stream, state) => {
    if (stream.sol()) {
      state.expects = 'none';
      state.line = 'none';
      if (stream.match(/^\s*#.*/)) return 'comment';
      if (stream.match(/^\*\S*/) || stream.match(/^COMMIT\b/)) return 'heading';
      if (stream.match(/^:/)) {
        state.line = 'chain';
        state.expects = 'chain';
        return 'punctuation';
      }
      if (stream.match(/^\[\d+:\d+\]/)) return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^!/)) return 'operatorKeyword';
    if (stream.match(/^\[\d+:\d+\]/)) return 'comment';
    if (stream.match(/^--?[A-Za-z][\w-]*/)) {
      const option = stream.current();
      state.line = 'rule';
      state.expects =
        option === '-A' || option === '-I' || option === '-N' || option === '-P'
          ? 'chain'
          : option === '-j' || option === '-g' || option === '--jump' || option === '--goto'
            ? 'target'
            : option === '-i' || option === '-o' || option === '-p'
              ? 'device'
              : option === '-m'
                ? 'module'
                : 'none';
      return 'keyword';
    }
    stream.match(/^\S+/);
    const word = stream.current();
    const { expects } = state;
    state.expects = expects === 'chain' && state.line === 'chain' ? 'policy' : 'none';
    if (expects === 'chain') return 'variableName';
    if (expects === 'target' || expects === 'policy') {
      if (VERDICT_OK.has(word)) return 'inserted';
      if (VERDICT_BAD.has(word)) return 'deleted';
      return 'className';
    }
    if (expects === 'device') return 'typeName';
    if (expects === 'module') return 'variableName';
    return 'number';
  },
  languageData: { commentTokens: { line: '#' } },
});

/** Colours for lines of `ip route`, `ip rule` and `ipset save`. */
const ipLines = StreamLanguage.define<{ first: boolean }>({
  name: 'ip',
  startState: () => ({ first: true }),
  token: (stream, state) => {
    if (stream.sol()) {
      state.first = true;
      if (stream.match(/^\s*#.*/)) return 'comment';
    }
    if (stream.eatSpace()) return null;
    stream.match(/^\S+/);
    const word = stream.current();
    const { first } = state;
    state.first = false;
    if (/^(unreachable|blackhole|prohibit|throw)$/.test(word)) return 'deleted';
    if (/^[\d.:/a-f]+$/i.test(word) && /[\d:]/.test(word)) return 'number';
    if (first) return 'variableName';
    if (
      /^(via|dev|src|metric|table|scope|proto|onlink|from|to|iif|oif|fwmark|lookup|priority|tos|mtu|create|add|hash|family|timeout|maxelem|hashsize|comment|counters)$/.test(
        word,
      )
    )
      return 'keyword';
    return 'typeName';
  },
  languageData: { commentTokens: { line: '#' } },
});

const colours = HighlightStyle.define([
  { tag: t.heading, color: 'var(--filter)', fontWeight: '650' },
  { tag: t.keyword, color: 'var(--filter)', whiteSpace: 'nowrap' },
  { tag: t.operatorKeyword, color: 'var(--bad)', fontWeight: '700' },
  { tag: t.typeName, color: 'var(--conntrack)' },
  { tag: t.number, color: 'var(--nat)', whiteSpace: 'nowrap' },
  { tag: t.string, color: 'var(--mangle)' },
  { tag: t.className, color: 'var(--t1)', fontWeight: '700' },
  { tag: t.inserted, color: 'var(--ok)', fontWeight: '700' },
  { tag: t.deleted, color: 'var(--bad)', fontWeight: '700' },
  { tag: t.comment, color: 'var(--t3)' },
  { tag: t.variableName, color: 'var(--t1)' },
  { tag: t.punctuation, color: 'var(--t3)' },
]);

/** Colours for the parts of a host that are JSON. */
const json = StreamLanguage.define<{ readonly none?: never }>({
  name: 'json',
  startState: () => ({}),
  token: (stream) => {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:\\.|[^"\\])*"?(?=\s*:)/)) return 'keyword';
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^(?:-?\d[\d.]*|true|false|null)/)) return 'number';
    stream.next();
    return 'punctuation';
  },
});

/** Colours for `key = value` lines. */
const settings = StreamLanguage.define<{ value: boolean }>({
  name: 'sysctl',
  startState: () => ({ value: false }),
  token: (stream, state) => {
    if (stream.sol()) {
      state.value = false;
      if (stream.match(/^\s*[#;].*/)) return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^=/)) {
      state.value = true;
      return 'punctuation';
    }
    stream.match(/^[^\s=]+/);
    return state.value ? 'number' : 'variableName';
  },
  languageData: { commentTokens: { line: '#' } },
});

export function languageOf(member: string) {
  const language =
    member === 'iptables' || member === 'ip6tables'
      ? iptablesSave
      : member === 'sysctl'
        ? settings
        : ['interfaces', 'listen', 'hooks', 'queues'].includes(member)
          ? json
          : ipLines;
  return [language, syntaxHighlighting(colours)];
}
