import { createContext, type PointerEvent, useContext } from 'react';
import type { Lab, RunResult } from '../../src/engine';
import type { Beat } from '../store';
import type { Drawn } from './NetworkConnect';
import type { NetworkLayout } from './networkLayout';
import type { NetworkState } from './networkState';

/** The network and where everything of it lies: the same from beat to beat. */
export interface Net {
  readonly run: RunResult;
  readonly lab: Lab;
  readonly layout: NetworkLayout;
  /** The first step that begins on a host. */
  readonly starts: ReadonlyMap<string, number>;
  /** The network is edited, not only looked at. */
  readonly editing: boolean;
  /** The wire that is being drawn. */
  readonly drawn: Drawn | null;
  readonly begin: (host: string, e: PointerEvent) => void;
}

/** Where the packet is in it, which every beat changes. */
interface NetMoment {
  readonly beat: Beat | undefined;
  readonly state: NetworkState;
}

export const NetContext = createContext<Net | null>(null);
export const NetMomentContext = createContext<NetMoment | null>(null);

/** For what no beat changes. */
export function useNet(): Net {
  const net = useContext(NetContext);
  if (net === null) throw new Error('outside a network view');
  return net;
}

export function useNetMoment(): NetMoment {
  const moment = useContext(NetMomentContext);
  if (moment === null) throw new Error('outside a network view');
  return moment;
}
