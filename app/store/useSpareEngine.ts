import { useCallback, useEffect, useRef } from 'react';
import type { EngineClient } from './engineClient';
import { spareEngine } from './stores';

/** One more engine, for questions that must not let the lab's wait: started when it is first asked for, gone with the component. */
export function useSpareEngine(): () => EngineClient {
  const engine = useRef<EngineClient | null>(null);
  useEffect(
    () => () => {
      engine.current?.dispose();
      engine.current = null;
    },
    [],
  );
  return useCallback(() => {
    engine.current ??= spareEngine();
    return engine.current;
  }, []);
}
