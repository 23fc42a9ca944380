import { useMemo } from 'react';
import type { Diagnostic } from '../../src/engine';
import { stores, useAnswer, useLab, useRun } from '../store';
import { readAll } from './sysctls';

/** What the engine says about a member of a host; of the lab that it ran last. */
export function useReport(host: string, member: string): readonly Diagnostic[] {
  const texts = useRun((s) => s.result?.texts);
  return useMemo(
    () => (texts ?? []).filter((t) => t.host === host && t.member === member).flatMap((t) => t.diagnostics),
    [texts, host, member],
  );
}

/** Diagnostics by line. */
export function useByLine(host: string, member: string): ReadonlyMap<number, readonly Diagnostic[]> {
  const list = useReport(host, member);
  return useMemo(() => {
    const map = new Map<number, readonly Diagnostic[]>();
    for (const d of list) if (d.severity !== 'info') map.set(d.line, [...(map.get(d.line) ?? []), d]);
    return map;
  }, [list]);
}

const NONE: readonly string[] = [];

/** The names of a host's interfaces, without lo. */
export function useInterfaces(host: string): readonly string[] {
  const interfaces = useLab((s) => s.lab.hosts[host]?.interfaces);
  return useMemo(() => (interfaces === undefined ? NONE : Object.keys(interfaces)), [interfaces]);
}

/** What a command prints on a host at the start of the lab; null until it is known. Asked anew after each run. */
function useOutput(host: string, command: string): string | null {
  const serial = useRun((s) => s.serial);
  const answer = useAnswer(`${serial}/${host}/${command}`, () => stores.engine.exec(-1, host, command));
  return answer?.value.output ?? null;
}

const EMPTY: ReadonlyMap<string, string> = new Map();

/** All sysctls of a host as they stand at the start of the lab. */
export function useSysctls(host: string): ReadonlyMap<string, string> {
  const output = useOutput(host, 'sysctl -a');
  return useMemo(() => (output === null ? EMPTY : readAll(output)), [output]);
}

/** The lines that `ip route` or `ip rule` prints at the start of the lab. */
export function useShown(host: string, command: string): readonly string[] {
  const output = useOutput(host, command);
  return useMemo(() => (output ?? '').split('\n').filter((line) => line.trim() !== ''), [output]);
}
