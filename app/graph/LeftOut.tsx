import { memo } from 'react';
import type { TextReport } from '../../src/engine';
import type { EditorMember } from '../setup';
import { leftOutOf, stores, useRun } from '../store';
import { Icon } from '../ui';

/** Says which lines of the host's texts are not in the run, and leads to them. */
export const LeftOut = memo(function LeftOut({ host }: { readonly host: string }) {
  const texts = useRun((s) => s.result?.texts);
  const wrong = leftOutOf(texts ?? [], host);
  return wrong.map(({ report, says }) => (
    <button
      key={report.member}
      type="button"
      className="inline-flex min-h-7 items-center gap-[6px] rounded-full border border-bad bg-bad-w px-[10px] py-[3px] text-left font-[550] text-[12.5px] text-bad hover:border-t1 pointer-coarse:min-h-11"
      data-testid={`left-out-${report.member}`}
      title={report.diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`).join('\n')}
      onClick={() => stores.view.getState().openEditor(placeOf(report))}
    >
      <Icon name="warn" size={15} className="flex-none" />
      {says}
    </button>
  ));
});

function placeOf(report: TextReport) {
  return {
    host: report.host,
    // Addresses are edited with their interfaces.
    member: (report.member === 'addresses' ? 'interfaces' : report.member) as EditorMember,
    line: report.leftOut[0] ?? report.diagnostics[0]?.line ?? 1,
  };
}
