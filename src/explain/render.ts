import { sentences } from './english';
import type { Explanation, Params, SentencePart } from './types';

const PIECE = /\{(\w+)(?:\|(plain|strong|changed|code))?\}|\*([^*]+)\*/g;

/** The English sentence of an explanation, in pieces. A parameter is code unless its place says otherwise. */
export function renderSentence(explanation: Explanation): SentencePart[] {
  const template = sentences[explanation.key];
  if (template === undefined) throw new Error(`no sentence for ${explanation.key}`);
  return fill(template, explanation.params, explanation.key);
}

/** The same as one line of text. */
export function sentenceText(explanation: Explanation): string {
  return renderSentence(explanation)
    .map((part) => part.text)
    .join('');
}

function fill(template: string, params: Params, key: string): SentencePart[] {
  const parts: SentencePart[] = [];
  const add = (text: string, role: SentencePart['role']) => {
    const last = parts[parts.length - 1];
    if (text === '') return;
    if (last && last.role === role && role === 'plain') parts[parts.length - 1] = { text: last.text + text, role };
    else parts.push({ text, role });
  };
  let at = 0;
  for (const piece of template.matchAll(PIECE)) {
    add(template.slice(at, piece.index), 'plain');
    at = piece.index + piece[0].length;
    const [, name, role, strong] = piece;
    if (strong !== undefined) add(strong, 'strong');
    else {
      const value = params[name!];
      if (value === undefined) throw new Error(`the sentence ${key} needs ${name}`);
      add(String(value), (role as SentencePart['role'] | undefined) ?? 'code');
    }
  }
  add(template.slice(at), 'plain');
  return parts;
}
