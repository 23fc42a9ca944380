import type { LoadError } from '../record';
import type { Refusal } from '../refusal';
import type { HandleErrno } from '../state/handle';
import type { XtFamily } from '../types';

/** The version whose words and rules are modelled. */
export const VERSION = '1.8.9';

/** The library's functions, as far as their errors have words of their own. */
export type HandleCall =
  | 'append'
  | 'insert'
  | 'replace'
  | 'delete'
  | 'delete-number'
  | 'zero-number'
  | 'delete-chain'
  | 'create-chain'
  | 'rename-chain'
  | 'set-policy'
  | 'flush'
  | 'zero'
  | 'commit';

const SPECIAL: readonly (readonly [HandleCall, HandleErrno, string])[] = [
  ['create-chain', 'EEXIST', 'Chain already exists'],
  ['insert', 'E2BIG', 'Index of insertion too big'],
  ['replace', 'E2BIG', 'Index of replacement too big'],
  ['delete-number', 'E2BIG', 'Index of deletion too big'],
  ['zero-number', 'E2BIG', 'Index of counter too big'],
  ['insert', 'EINVAL', 'Target problem'],
  ['delete', 'ENOENT', 'Bad rule (does a matching rule exist in that chain?)'],
  ['set-policy', 'ENOENT', 'Bad built-in chain name'],
  ['set-policy', 'EINVAL', 'Bad policy name'],
];

const PLAIN: Readonly<Record<HandleErrno | LoadError, string>> = {
  ENOENT: 'No chain/target/match by that name',
  ENOMEM: 'Memory allocation problem',
  E2BIG: 'Argument list too long',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EMLINK: 'Too many links',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ERANGE: 'Numerical result out of range',
  EOPNOTSUPP: 'Operation not supported',
  EBUSY: 'Device or resource busy',
};

/** Kernel side: iptc_strerror() */
export function errnoText(call: HandleCall, errno: HandleErrno | LoadError): string {
  return SPECIAL.find(([c, e]) => c === call && e === errno)?.[2] ?? PLAIN[errno];
}

/** The program of a family. */
export function programOf(family: XtFamily): string {
  return family === 'ip' ? 'iptables' : 'ip6tables';
}

/** What `iptables` says when the library or the kernel refuses. */
export function failureText(family: XtFamily, call: HandleCall, errno: HandleErrno | LoadError): string {
  const more = errno === 'EINVAL' ? " Run `dmesg' for more information." : '';
  return `${programOf(family)}: ${errnoText(call, errno)}.${more}\n`;
}

/** What a program prints when it cannot read its command line. Kernel side: xtables_exit_error(), exit_tryhelp() */
export function refusalText(program: string, refusal: Refusal, line: number | null): string {
  let text = '';
  if (refusal.bare) text = refusal.message === '' ? '' : `${refusal.message}\n`;
  else {
    text = `${program} v${VERSION} (legacy): ${refusal.message}`;
    text += '\n';
  }
  if (refusal.exit !== 2) return text;
  if (line !== null) text += `Error occurred at line: ${line}\n`;
  return `${text}Try \`${program} -h' or '${program} --help' for more information.\n`;
}
