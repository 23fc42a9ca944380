import { latin1Text } from '../../wire';
import type { PrintContext } from './context';

/** Commands that begin a line of each protocol; null: every line counts. */
const HTTP =
  'GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL';
const RTSP = 'ANNOUNCE DESCRIBE GET_PARAMETER OPTIONS PAUSE PLAY RECORD REDIRECT SETUP SET_PARAMETER TEARDOWN';
const SIP =
  'ACK BYE CANCEL DO INFO INVITE MESSAGE NOTIFY OPTIONS PRACK QAUTH REFER REGISTER SPRACK SUBSCRIBE UPDATE PUBLISH';

const COMMANDS = { http: HTTP, ftp: null, smtp: null, rtsp: RTSP, sip: SIP } as const;
export type TextProtocol = keyof typeof COMMANDS;

/** A protocol of lines: the first, or with -v all that are text. tcpdump: txtproto_print() */
export function textPayload(ctx: PrintContext, name: TextProtocol, data: Uint8Array): string {
  const text = latin1Text(data);
  const upper = name.toUpperCase();
  const verbose = ctx.options.verbose > 0;
  const head = verbose ? `${upper}, length: ${data.length}` : upper;
  if (!isRequestOrResponse(name, text)) return upper;
  let out = head;
  for (let at = 0; at < text.length; ) {
    const [line, next, cut] = lineAt(text, at);
    if (line === null) break;
    out += `${verbose ? '\n\t' : ': '}${line}${cut ? ` [|${name}]` : ''}`;
    if (!verbose || cut) break;
    at = next;
  }
  return out;
}

function isRequestOrResponse(name: TextProtocol, text: string): boolean {
  const commands = COMMANDS[name];
  if (commands === null) return true;
  const first = /^([!-~]+)\s[ \t]*/.exec(text);
  if (!first) return false;
  if (commands.split(' ').includes(first[1]!.toUpperCase())) return true;
  return /^\d{3}\s/.test(text.slice(first[0].length));
}

/** The line, where the next begins, and whether its end is missing; null where something is not text. */
function lineAt(text: string, at: number): readonly [line: string | null, next: number, cut: boolean] {
  const line = /^[\t -~]*/.exec(text.slice(at))![0];
  const rest = text.slice(at + line.length);
  if (rest === '') return [line, text.length, true];
  if (rest.startsWith('\r\n')) return [line, at + line.length + 2, false];
  if (rest[0] === '\n' || rest === '\r') return [line, at + line.length + 1, false];
  return [null, 0, false];
}

/** tcpdump: ssh_print() */
export function sshPayload(data: Uint8Array): string {
  const lines: string[] = [];
  let line = '';
  for (const c of latin1Text(data)) {
    if (c === '\n') {
      lines.push(line);
      line = '';
    } else if (c === '\r') continue;
    else if (!/[\t -~]/.test(c)) break;
    else line += c;
  }
  return lines.length > 0 ? `: SSH: ${lines[0]}` : '';
}
