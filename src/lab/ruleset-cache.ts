import type { Sets } from '../ipset';
import { type Extensions, LineCache, readSave, type SaveDocument, type XtFamily } from '../xtables';
import type { Toolbox } from './toolbox';

/** A ruleset that was read, and what its reading hung on. */
interface KnownRuleset {
  readonly family: XtFamily;
  readonly sets: string;
  readonly text: string;
  readonly document: SaveDocument;
}

/** Documents that are kept, and how many characters in all; the last two are kept however long they are. */
const DOCUMENTS_KEPT = 24;
const CHARACTERS_KEPT = 8_000_000;

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
    const ruleset = found ?? { family, sets: named, text, document: this.readAnew(family, text, sets) };
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

  private readAnew(family: XtFamily, text: string, sets: Sets): SaveDocument {
    const extensions = this.toolbox.extensions();
    let lines = this.lines.get(family);
    if (lines?.extensions !== extensions) {
      lines = { extensions, cache: new LineCache() };
      this.lines.set(family, lines);
    }
    return readSave(text, { family, extensions, context: { sets }, cache: lines.cache });
  }
}
