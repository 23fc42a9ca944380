import { StringStream } from '@codemirror/language';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** What a word is, as far as it has a colour. */
const KINDS = {
  heading: { color: 'var(--filter)', fontWeight: '650' },
  keyword: { color: 'var(--filter)', whiteSpace: 'nowrap' },
  negation: { color: 'var(--bad)', fontWeight: '700' },
  type: { color: 'var(--conntrack)' },
  number: { color: 'var(--nat)', whiteSpace: 'nowrap' },
  string: { color: 'var(--mangle)' },
  target: { color: 'var(--t1)', fontWeight: '700' },
  accept: { color: 'var(--ok)', fontWeight: '700' },
  drop: { color: 'var(--bad)', fontWeight: '700' },
  comment: { color: 'var(--t3)' },
  name: { color: 'var(--t1)' },
  punctuation: { color: 'var(--t3)' },
} as const;
type Kind = keyof typeof KINDS;

/**
 * The words of a text. No line of any of these texts hangs on another: what is typed changes the colours of its own line
 * alone, so none of the text before it is read again.
 */
interface Words<State> {
  readonly start: () => State;
  /** Reads one word of a line, or spaces. */
  readonly token: (stream: StringStream, state: State) => Kind | null;
}

interface State {
  /** What the next word is, if the one before says so. */
  expects: 'none' | 'chain' | 'target' | 'device' | 'policy' | 'module';
  /** The line declares a chain. */
  declares: boolean;
}

const VERDICT_OK = new Set(['ACCEPT']);
const VERDICT_BAD = new Set(['DROP', 'REJECT']);

/** Colours for iptables-save text. It reads no more than it needs to colour; the engine alone says what is wrong. */
const iptablesSave: Words<State> = {
  start: () => ({ expects: 'none', declares: false }),
  token: (stream, state) => {
    if (stream.sol()) {
      if (stream.match(/^\s*#.*/)) return 'comment';
      if (stream.match(/^\*\S*/) || stream.match(/^COMMIT\b/)) return 'heading';
      if (stream.match(/^:/)) {
        state.declares = true;
        state.expects = 'chain';
        return 'punctuation';
      }
      if (stream.match(/^\[\d+:\d+\]/)) return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^!/)) return 'negation';
    if (stream.match(/^\[\d+:\d+\]/)) return 'comment';
    if (stream.match(/^--?[A-Za-z][\w-]*/)) {
      const option = stream.current();
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
    state.expects = expects === 'chain' && state.declares ? 'policy' : 'none';
    if (expects === 'chain') return 'name';
    if (expects === 'target' || expects === 'policy') {
      if (VERDICT_OK.has(word)) return 'accept';
      if (VERDICT_BAD.has(word)) return 'drop';
      return 'target';
    }
    if (expects === 'device') return 'type';
    if (expects === 'module') return 'name';
    return 'number';
  },
};

/** Colours for lines of `ip route`, `ip rule` and `ipset save`. */
const ipLines: Words<{ first: boolean }> = {
  start: () => ({ first: true }),
  token: (stream, state) => {
    if (stream.sol() && stream.match(/^\s*#.*/)) return 'comment';
    if (stream.eatSpace()) return null;
    stream.match(/^\S+/);
    const word = stream.current();
    const { first } = state;
    state.first = false;
    if (/^(unreachable|blackhole|prohibit|throw)$/.test(word)) return 'drop';
    if (/^[\d.:/a-f]+$/i.test(word) && /[\d:]/.test(word)) return 'number';
    if (first) return 'name';
    if (
      /^(via|dev|src|metric|table|scope|proto|onlink|from|to|iif|oif|fwmark|lookup|priority|tos|mtu|create|add|hash|family|timeout|maxelem|hashsize|comment|counters)$/.test(
        word,
      )
    )
      return 'keyword';
    return 'type';
  },
};

/** Colours for the parts of a host that are JSON. */
const json: Words<null> = {
  start: () => null,
  token: (stream) => {
    if (stream.eatSpace()) return null;
    if (stream.match(/^"(?:\\.|[^"\\])*"?(?=\s*:)/)) return 'keyword';
    if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return 'string';
    if (stream.match(/^(?:-?\d[\d.]*|true|false|null)/)) return 'number';
    stream.next();
    return 'punctuation';
  },
};

/** Colours for `key = value` lines. */
const settings: Words<{ value: boolean }> = {
  start: () => ({ value: false }),
  token: (stream, state) => {
    if (stream.sol() && stream.match(/^\s*[#;].*/)) return 'comment';
    if (stream.eatSpace()) return null;
    if (stream.match(/^=/)) {
      state.value = true;
      return 'punctuation';
    }
    stream.match(/^[^\s=]+/);
    return state.value ? 'number' : 'name';
  },
};

const MARKS = Object.fromEntries(
  Object.keys(KINDS).map((kind) => [kind, Decoration.mark({ class: `hl-${kind}` })]),
) as Readonly<Record<Kind, Decoration>>;

const look = EditorView.theme(Object.fromEntries(Object.entries(KINDS).map(([kind, style]) => [`.hl-${kind}`, style])));

/** Colours the lines on show, and after an edit those that it changed. */
function colours<State>({ start, token }: Words<State>): Extension {
  const lines = new MatchDecorator({
    regexp: /[\s\S]+/g,
    decorate: (add, from, _to, [line]) => {
      const stream = new StringStream(line, 4, 2);
      const state = start();
      while (!stream.eol()) {
        stream.start = stream.pos;
        const kind = token(stream, state);
        if (kind !== null) add(from + stream.start, from + stream.pos, MARKS[kind]);
      }
    },
  });
  return Prec.high(
    ViewPlugin.define<{ marks: DecorationSet; update: (update: ViewUpdate) => void }>(
      (view) => ({
        marks: lines.createDeco(view),
        update(update) {
          this.marks = lines.updateDeco(update, this.marks);
        },
      }),
      { decorations: (plugin) => plugin.marks },
    ),
  );
}

export function languageOf(member: string): Extension {
  if (['interfaces', 'listen', 'hooks', 'queues'].includes(member)) return [colours(json), look];
  const words =
    member === 'iptables' || member === 'ip6tables'
      ? colours(iptablesSave)
      : member === 'sysctl'
        ? colours(settings)
        : colours(ipLines);
  return [words, look, EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }])];
}
