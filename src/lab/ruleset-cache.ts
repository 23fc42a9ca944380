import type { Sets } from '../ipset';
import { type Extensions, LineCache, readSave, rereadRule, type SaveDocument, type XtFamily } from '../xtables';
import type { Toolbox } from './toolbox';

/** A ruleset that was read, and what its reading hung on. */
interface KnownRuleset {
  readonly family: XtFamily;
  readonly sets: string;
  readonly text: string;
  readonly document: SaveDocument;
  /** The document, or, if it has mistakes, one without that was edited into it; null if there is none. */
  readonly sound: SaveDocument | null;
}

/** Documents that are kept, and how many characters in all; the last two are kept however long they are. */
const DOCUMENTS_KEPT = 24;
const CHARACTERS_KEPT = 8_000_000;

/** More characters than an edit of one rule puts in or takes out. */
const EDIT = 2000;

/** Rulesets that were read before: an edit of one host does not read those of all others again. */
export class RulesetCache {
  readonly toolbox: Toolbox;
  private known: KnownRuleset[] = [];
  private lines = new Map<XtFamily, { readonly extensions: Extensions; readonly cache: LineCache }>();

  constructor(toolbox: Toolbox) {
    this.toolbox = toolbox;
  }

  /** What sets there are matters to a text that names one. */
  read(family: XtFamily, text: string, sets: Sets): SaveDocument {
    const all = sets.all();
    const named =
      all.length > 0 && /-set\s/.test(text) ? all.map((set) => `${set.name} ${set.type} ${set.family}`).join('\n') : '';
    const at = this.known.findIndex((k) => k.family === family && k.sets === named && k.text === text);
    const [found] = at < 0 ? [] : this.known.splice(at, 1);
    const ruleset = found ?? this.readAnew(family, named, text, sets);
    this.known.push(ruleset); // what was used last comes last
    let characters = 0;
    let first = this.known.length;
    while (first > 0 && this.known.length - first < DOCUMENTS_KEPT) {
      characters += this.known[first - 1]!.text.length;
      if (characters > CHARACTERS_KEPT && this.known.length - first >= 2) break;
      first--;
    }
    this.known.splice(0, first);
    return ruleset.document;
  }

  private readAnew(family: XtFamily, named: string, text: string, sets: Sets): KnownRuleset {
    const extensions = this.toolbox.extensions();
    const options = { family, extensions, context: { sets } };
    for (const { family: of, sets: had, sound } of this.known.toReversed()) {
      if (of !== family || had !== named || sound === null || Math.abs(sound.text.length - text.length) > EDIT)
        continue;
      const document = rereadRule(sound, text, options, this.known.findLast((k) => k.family === family)?.document);
      if (document !== null)
        return { family, sets: named, text, document, sound: document.diagnostics.length > 0 ? sound : document };
    }
    let lines = this.lines.get(family);
    if (lines?.extensions !== extensions) {
      lines = { extensions, cache: new LineCache() };
      this.lines.set(family, lines);
    }
    const document = readSave(text, { ...options, cache: lines.cache });
    return { family, sets: named, text, document, sound: document.diagnostics.length > 0 ? null : document };
  }
}
