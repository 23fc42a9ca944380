/** Whether the fragment of an address means to be a lab. What reads it, `share.ts`, is loaded when there is one. */
export function isShareFragment(hash: string): boolean {
  return hash.replace(/^#/, '').startsWith('lab=');
}
