import { useMemo, useRef } from 'react';
import type { LabHost } from '../../src/engine';
import { useAnswer, useLab, useSpareEngine } from '../store';
import { type Lockout, lockedOut, probeOf, type Tried, triedOf } from './lockout';

/** Milliseconds of rest after an edit before the ways in are tried: it is not in the way of what is being typed. */
const REST = 250;

/** Characters of rules above which nothing is tried, for the sake of speed. */
const MOST = 400_000;

/**
 * What of the rules' edits cuts off the administration of a host by SSH. The tries run in an engine of their own, which
 * is started by the first edit.
 */
export function useLockout(name: string, before: LabHost | undefined): Lockout | null {
  const now = useLab((s) => s.lab.hosts[name]);
  const engine = useSpareEngine();
  const open = useRef<{ readonly host: LabHost; readonly tried: Tried } | null>(null);
  const attempt = async (host: LabHost): Promise<Tried | null> => {
    const probe = probeOf(host);
    if (probe === null) return null;
    return triedOf(probe, await engine().load(probe.lab));
  };
  const compare = async (from: LabHost, to: LabHost): Promise<Lockout | null> => {
    if (open.current?.host !== from) {
      const tried = await attempt(from);
      open.current = tried && { host: from, tried };
    }
    const after = await attempt(to);
    return open.current && after && lockedOut(open.current.tried, after);
  };
  const edit = useMemo(() => ({ before, now }), [before, now]);
  const touches = before !== undefined && now !== undefined && differs(before, now);
  // A newer edit overtakes the tries of this one; a fault of the engine is told by the lab's own run.
  return useAnswer(edit, touches ? () => compare(before, now) : null, REST)?.value ?? null;
}

function differs(before: LabHost, now: LabHost): boolean {
  if ((now.iptables?.length ?? 0) + (now.ip6tables?.length ?? 0) > MOST) return false;
  return before.iptables !== now.iptables || before.ip6tables !== now.ip6tables || before.ipset !== now.ipset;
}
