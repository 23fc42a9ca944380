import { createContext, type PointerEvent, useContext } from 'react';
import type { Lab, RunResult } from '../../src/engine';
import type { Beat } from '../store';
import type { Drawn } from './NetworkConnect';
import type { NetworkLayout } from './networkLayout';
import type { NetworkState } from './networkState';

/** Everything that the network view draws. */
export interface Net {
  readonly run: RunResult;
  readonly lab: Lab;
  readonly beat: Beat | undefined;
  readonly layout: NetworkLayout;
  readonly state: NetworkState;
  /** The network is edited, not only looked at. */
  readonly editing: boolean;
  /** The wire that is being drawn. */
  readonly drawn: Drawn | null;
  readonly begin: (host: string, e: PointerEvent) => void;
}

export const NetContext = createContext<Net | null>(null);

export function useNet(): Net {
  const net = useContext(NetContext);
  if (net === null) throw new Error('outside a network view');
  return net;
}
