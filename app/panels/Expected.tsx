import type { ExpectationView } from '../../src/engine';
import type { ConnSnapshot } from '../../src/model';
import { flowLines, lineText, timeText } from './tuples';

/** Flows that are to come, each with the one that announced it. */
export function Expected({
  list,
  flows,
}: {
  readonly list: readonly ExpectationView[];
  readonly flows: readonly ConnSnapshot[];
}) {
  return (
    <section className="border-line border-t px-[14px] py-3" data-testid="ct-expected" aria-label="Expected flows">
      <h3 className="font-[650] text-[13.5px]">Expected</h3>
      <p className="pb-1 text-[12.5px] text-t3">A helper has read that these will come. They will be RELATED.</p>
      {list.map((e) => {
        const master = flows.find((f) => f.id === e.master);
        return (
          <div key={e.id} className="mt-1 rounded-card border border-line border-dashed px-[10px] py-[7px]">
            <div className="flex items-center gap-2">
              <b className="font-[620] text-[13.5px]">{e.protocol}</b>
              {e.family === 6 && <span className="text-[12px] text-t3">v6</span>}
              <span className="flex-1" />
              <span className="mono text-[12.5px]">{timeText(e.timeLeft)}</span>
            </div>
            <p className="mono text-[13px] wrap-anywhere">
              {ends(e.src, 'any')}
              <span className="text-t3"> → </span>
              {ends(e.dst, e.dport)}
            </p>
            {master !== undefined && (
              <p className="text-[12.5px] text-t2">
                announced in <span className="mono wrap-anywhere">{lineText(flowLines(master).original)}</span>
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}

function ends(address: string, port: number | 'any'): string {
  const shown = address.includes(':') ? `[${address}]` : address;
  return `${shown}:${port}`;
}
