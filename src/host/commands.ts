import { addRule, attempt, changeRoute, deleteRule, flushRules, parseRoute, parseRule } from '../fib';
import type { Family } from '../wire';
import { flushAddresses } from './address-flush';
import { type AddrVerb, changeAddress } from './addresses';
import type { Host } from './host';
import { changeLink } from './link-command';
import { changeNeighbour, type NeighChange } from './net/neigh-command';
import { forgetLostHops } from './net/pmtu';
import type { CommandError, RouteVerb } from './types';

/** The commands of iproute2 that change something. `args` is what follows the verb; null if it was done. */

/** `ip [-6] route VERB ARGS`. */
export function routeCommand(
  host: Host,
  family: Family,
  verb: RouteVerb,
  args: readonly string[],
): CommandError | null {
  const error = command(() => changeRoute(host.fib[family], verb, parseRoute(args, family), host));
  forgetLostHops(host);
  return error;
}

/** `ip [-6] rule VERB ARGS`. */
export function ruleCommand(
  host: Host,
  family: Family,
  verb: 'add' | 'del' | 'flush',
  args: readonly string[],
): CommandError | null {
  const fib = host.fib[family];
  return command(() => {
    if (verb === 'add') return addRule(fib, parseRule(args, family));
    if (verb === 'del') return deleteRule(fib, parseRule(args, family));
    flushRules(fib);
    return null;
  });
}

/** `ip [-4|-6] addr VERB ARGS`: ADDRESS/LENGTH and what follows (`brd +`, `dev eth0` …). */
export function addrCommand(
  host: Host,
  verb: AddrVerb | 'flush',
  args: readonly string[],
  family: Family | null = null,
): CommandError | null {
  return command(() =>
    verb === 'flush' ? flushAddresses(host, args, family) : changeAddress(host, verb, args, family),
  );
}

/** `ip link VERB ARGS`. */
export function linkCommand(host: Host, verb: 'set' | 'add' | 'del', args: readonly string[]): CommandError | null {
  return command(() => changeLink(host, verb, args));
}

/** `ip neigh VERB`, its words read. */
export function neighCommand(host: Host, change: NeighChange): CommandError | null {
  return command(() => changeNeighbour(host, change));
}

function command(act: () => string | null): CommandError | null {
  const error = attempt(act);
  return error === null ? null : { message: error.message, exit: error.exit };
}
