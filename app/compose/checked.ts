import type { TextReport } from '../../src/engine';
import { toolOf } from '../store';
import type { Place } from './labFiles';
import type { Parts } from './readText';

/** What the engine finds wrong in the texts of a pasted dump: places in the dump as it was pasted, not in its parts. */
export function checkedPlaces(reports: readonly TextReport[], parts: Parts, pasted: string): readonly Place[] {
  const places: Place[] = [];
  for (const report of reports) {
    const text: unknown = parts[report.member as keyof Parts];
    const lines = typeof text === 'string' ? linesIn(text, pasted) : [];
    for (const d of report.diagnostics) {
      if (d.severity === 'info') continue;
      const at = lines[d.line - 1];
      const hint = d.suggestion === undefined ? '' : ` ${d.suggestion.label}`;
      places.push({
        line: at?.line ?? 0,
        column: at == null ? 0 : d.column + at.indent,
        message: `${d.message}${hint}`,
      });
    }
  }
  return places.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The tools that would refuse what was pasted. */
export function refusers(reports: readonly TextReport[]): readonly string[] {
  return reports.filter((r) => r.diagnostics.some((d) => d.severity === 'error')).map((r) => toolOf(r.member));
}

/** For each line of a part, the line of the whole that it came from: parts keep their order. */
function linesIn(part: string, pasted: string): readonly ({ readonly line: number; readonly indent: number } | null)[] {
  const whole = pasted.replace(/\r\n?/g, '\n').split('\n');
  let next = 0;
  return part.split('\n').map((line) => {
    if (line.trim() === '') return null;
    for (let i = next; i < whole.length; i++) {
      const raw = whole[i] as string;
      if (raw.trim() !== line.trim()) continue;
      next = i + 1;
      return { line: i + 1, indent: Math.max(0, raw.indexOf(line.trim()) - line.indexOf(line.trim())) };
    }
    return null;
  });
}
