import type { Match } from '../record';
import { comment } from './comment';
import { conntrack } from './conntrack';
import { icmp } from './icmp';
import { icmp6 } from './icmp6';
import { limit } from './limit';
import { mark } from './mark';
import { state } from './state';
import { tcp } from './tcp';
import { udp } from './udp';

/** The matches that most rulesets are made of, in the order of a catalogue. The others load when one is wanted. */
export const commonMatches: readonly Match[] = [tcp, udp, conntrack, state, icmp, icmp6, limit, comment, mark];
