import { nearest } from '../../base';
import { scanUint } from '../read/numbers';
import { criterion, defineMatch, flag, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { ownedSocket } from '../sockets';
import type { Criterion } from '../types';
import { groupByName, groupName, groupNames, userByName, userName, userNames } from './users';

interface IdRange {
  readonly min: number;
  readonly max: number;
}

interface OwnerConfig {
  readonly uid: (IdRange & { readonly negated: boolean }) | null;
  readonly gid: (IdRange & { readonly negated: boolean }) | null;
  readonly socket: { readonly negated: boolean } | null;
  readonly supplGroups: boolean;
}

/** The highest id: the one above means "none". */
const MAX_ID = 0xffff_fffe;

function idKind(names: readonly string[], byName: (name: string) => number | null): Kind<IdRange> {
  return {
    name: 'user',
    values: names,
    read: (word, call) => {
      const named = byName(word);
      if (named !== null) return { min: named, max: named };
      const bad = new Refusal('bad-value', `owner: Bad value for "--${call.flag}" option: "${word}"`, {
        suggestion: nearest(word, names),
      });
      const first = scanUint(word);
      if (first === null || first.value > MAX_ID) return bad;
      if (first.end === word.length) return { min: first.value, max: first.value };
      if (word[first.end] !== '-' && word[first.end] !== ':') return bad;
      const second = scanUint(word, first.end + 1);
      if (second === null || second.value > MAX_ID || second.end !== word.length) return bad;
      return { min: first.value, max: second.value };
    },
  };
}

export const owner = defineMatch({
  name: 'owner',
  title: 'Sender on this host',
  help: 'User and group of the process that sent the packet; only for packets made here.',
  hooks: ['OUTPUT', 'POSTROUTING'],
  options: {
    'uid-owner': option(idKind(userNames, userByName), 'User by name or number, or a range', { negatable: true }),
    'gid-owner': option(idKind(groupNames, groupByName), 'Group by name or number, or a range', { negatable: true }),
    'socket-exists': flag('The packet belongs to a socket', { negatable: true }),
    'suppl-groups': flag('Further groups of the process count, too', {
      taken: (before) =>
        before['gid-owner'] === undefined
          ? new Refusal(
              'option-missing',
              'owner: Bad value for "--suppl-groups" option: "you need to use --gid-owner first"',
            )
          : null,
    }),
  },
  parse: (uses): Read<OwnerConfig> => {
    const uid = uses['uid-owner'];
    const gid = uses['gid-owner'];
    const socket = uses['socket-exists'];
    const supplGroups = uses['suppl-groups'] !== undefined;
    if (uid === undefined && gid === undefined && socket === undefined) {
      const message = 'owner: At least one of --uid-owner, --gid-owner or --socket-exists is required';
      return new Refusal('option-missing', message);
    }
    return {
      uid: uid === undefined ? null : { ...uid.value, negated: uid.negated },
      gid: gid === undefined ? null : { ...gid.value, negated: gid.negated },
      socket: socket === undefined ? null : { negated: socket.negated },
      supplGroups,
    };
  },
  print: (c) => {
    let text = '';
    if (c.socket !== null) text += `${not(c.socket.negated)} --socket-exists`;
    if (c.uid !== null) text += `${not(c.uid.negated)} --uid-owner ${rangeText(c.uid)}`;
    if (c.gid !== null) text += `${not(c.gid.negated)} --gid-owner ${rangeText(c.gid)}`;
    return c.supplGroups ? `${text} --suppl-groups` : text;
  },
  list: (c, { numeric }) => {
    const show = (range: IdRange, name: (id: number) => string | null): string =>
      (numeric || range.min !== range.max ? null : name(range.min)) ?? rangeText(range);
    let text = '';
    if (c.socket !== null) text += `${not(c.socket.negated)} owner socket exists`;
    if (c.uid !== null) text += `${not(c.uid.negated)} owner UID match ${show(c.uid, userName)}`;
    if (c.gid !== null) text += `${not(c.gid.negated)} owner GID match ${show(c.gid, groupName)}`;
    return c.supplGroups ? `${text} incl. suppl. groups` : text;
  },
  // Kernel: owner_check(), net/netfilter/xt_owner.c
  check: (c) =>
    (c.uid !== null && c.uid.min > c.uid.max) || (c.gid !== null && c.gid.min > c.gid.max) ? 'EINVAL' : null,
  // Kernel: owner_mt()
  match: (c, { skb }) => {
    const sender = ownedSocket(skb);
    if (sender === null) {
      const all = [c.uid, c.gid, c.socket].every((test) => test === null || test.negated);
      return all && !c.supplGroups;
    }
    if (c.socket?.negated) return false;
    if (c.uid !== null && within(c.uid, sender.uid) === c.uid.negated) return false;
    return c.gid === null || within(c.gid, sender.gid) !== c.gid.negated;
  },
  explain: (c, { skb }) => {
    const sender = ownedSocket(skb);
    const parts: Criterion[] = [];
    const none = 'it belongs to no socket of this host';
    const say = (test: { readonly negated: boolean } | null, text: string, met: boolean, because: string): void => {
      if (test === null) return;
      const outcome = sender === null ? test.negated : met !== test.negated;
      parts.push(criterion(`${test.negated ? '! ' : ''}${text}`, outcome, sender === null ? none : because));
    };
    say(c.socket, '--socket-exists', true, 'it belongs to a socket of this host');
    if (c.uid !== null) {
      const met = sender !== null && within(c.uid, sender.uid);
      say(c.uid, `--uid-owner ${rangeText(c.uid)}`, met, `the user is ${sender?.uid}`);
    }
    if (c.gid !== null) {
      const met = sender !== null && within(c.gid, sender.gid);
      say(c.gid, `--gid-owner ${rangeText(c.gid)}`, met, `the group is ${sender?.gid}`);
    }
    return parts;
  },
});

function rangeText({ min, max }: IdRange): string {
  return min === max ? `${min}` : `${min}-${max}`;
}

function within({ min, max }: IdRange, id: number): boolean {
  return id >= min && id <= max;
}
