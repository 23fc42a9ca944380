import { allExtensions } from './extensions';
import { readSave, type SaveDocument } from './text/document';
import type { XtContext, XtFamily } from './types';

/** Reads iptables-save text, whatever extensions it names. Never fails: what is wrong is in `diagnostics`. */
export function parseSave(
  text: string,
  options: { readonly family: XtFamily; readonly context?: XtContext },
): SaveDocument {
  return readSave(text, { ...options, extensions: allExtensions });
}
