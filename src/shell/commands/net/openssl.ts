import { parseAddr, serviceByName } from '../../../wire';
import type { Talk } from '../../net';
import { fails } from '../../output';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { errnoNumber, type SocketErrno, strerror } from './errno';
import { resolve, resolveText } from './names';
import { SYN_SECONDS, tcpOpen } from './tcp';

/** OpenSSL 3.0: `openssl s_client`, up to the TCP handshake. */
export const openssl: TalkCommand = {
  names: ['openssl'],
  help: 'openssl s_client -connect HOST:PORT: the TCP handshake alone, as TLS is not modelled',
  talk: runOpenssl,
};

const COMMANDS =
  /^(asn1parse|ca|ciphers|cmp|cms|crl|crl2pkcs7|dgst|dhparam|dsa|dsaparam|ec|ecparam|enc|engine|errstr|fipsinstall|gendsa|genpkey|genrsa|help|info|kdf|list|mac|nseq|ocsp|passwd|pkcs12|pkcs7|pkcs8|pkey|pkeyparam|pkeyutl|prime|rand|rehash|req|rsa|rsautl|s_server|s_time|sess_id|smime|speed|spkac|srp|storeutl|ts|verify|version|x509)$/;
/** Options that change nothing of the TCP handshake. */
const PLAIN =
  /^-(4|6|brief|quiet|showcerts|noservername|ign_eof|no_ign_eof|status|tls1|tls1_[123]|msg|debug|state|no_ssl3|no_tls1(_[123])?)$/;
const WITH_VALUE = /^-(connect|host|port|servername|CAfile|CApath|alpn|cipher|ciphersuites|verify_hostname)$/;
const OTHERS =
  /^-(bind|proxy.*|unix|cert.*|key.*|pass|verify.*|name.*|CA.*|no-CA.*|request.*|dane.*|reconnect|pre.*|security.*|nbio.*|msgfile|starttls|xmpphost|sess_.*|timeout|mtu|sctp.*|dtls.*|nextprotoneg|early_data|enable_pha|use_srtp|keymat.*|psk.*|srp.*|engine|ssl.*|trace|crlf|serverinfo|curves|groups|sigalgs|named_curve|ct.*|noct|attime|policy.*|purpose|help|rand|writerand|provider.*|propquery|max_.*|split.*|read_buf|async|maxfraglen|bugs|comp|no_.*|legacy.*|serverpref|allow.*|strict|record_padding|x509_strict|partial_chain|suiteB.*|crl.*|xchain.*|xcert.*|xkey.*|tlsextdebug|prexit)$/;

/** A thread's number, which differs from run to run. */
const THREAD = '8000000000000000';

function* runOpenssl({ host, args }: CommandInput): Talk<CommandOutput> {
  const [command = '', ...words] = args;
  if (command !== 's_client') {
    if (command === '' || COMMANDS.test(command)) return { notModelled: `openssl ${command}`.trim() };
    return fails(1, `Invalid command '${command}'; type "help" for a list.`);
  }
  let target: string | null = null;
  let family: 4 | 6 | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '-4' || word === '-6') family = word === '-4' ? 4 : 6;
    if (PLAIN.test(word)) continue;
    if (WITH_VALUE.test(word)) {
      const value = words[++i];
      if (value === undefined) {
        return fails(1, `s_client: Option ${word} needs a value\ns_client: Use -help for summary.`);
      }
      if (word === '-connect') target = value;
      else if (word === '-host' || word === '-port') return { notModelled: `openssl s_client ${word}` };
      continue;
    }
    if (OTHERS.test(word)) return { notModelled: `openssl s_client ${word}` };
    if (word.startsWith('-')) return fails(1, `s_client: Unknown option: ${word}\ns_client: Use -help for summary.`);
    target = word;
  }
  if (target === null) return { notModelled: 'openssl s_client without -connect' };
  const place = /^(\[[^\]]*\]|[^:]*)(?::([\w-]+))?$/.exec(target);
  const name = place?.[1]?.replace(/^\[|\]$/g, '') || 'localhost';
  const port = portOf(place?.[2] ?? '4433');
  if (!place || port === null) return { notModelled: `openssl s_client -connect ${target}` };
  const found = resolve(host, parseAddr(name) ?? name, family);
  if (!found.ok) {
    const why = resolveText(found.why);
    return fails(
      1,
      `${THREAD}:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:746:${why}\nconnect:errno=0`,
    );
  }
  const opened = yield* tcpOpen(host, found.addr, port);
  if (opened.kind === 'silent') yield { kind: 'wait', seconds: SYN_SECONDS };
  if (opened.kind !== 'open') return refused(opened.kind === 'silent' ? 'ETIMEDOUT' : opened.errno);
  yield { kind: 'more', client: opened.client, close: true };
  const said = 'hookline: the TCP connection stands; TLS is not modelled beyond the TCP handshake\n';
  return { stdout: 'CONNECTED(00000003)\n', stderr: said, exit: 1 };
}

function portOf(word: string): number | null {
  return /^\d{1,5}$/.test(word) && Number(word) <= 65535 ? Number(word) : serviceByName(word, 'tcp');
}

function refused(errno: SocketErrno): CommandOutput {
  const code = (0x80000000 + errnoNumber(errno)).toString(16).toUpperCase();
  return fails(
    1,
    `${THREAD}:error:${code}:system library:BIO_connect:${strerror(errno)}:../crypto/bio/bio_sock2.c:117:calling connect()\n` +
      `${THREAD}:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:\n` +
      `connect:errno=${errnoNumber(errno)}`,
  );
}
