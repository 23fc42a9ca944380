import { labTitle, useLab, useRun } from '../store';

/** In place of the graph, while another lab is opened that takes its time. */
export function Opening() {
  const title = useLab((s) => labTitle(s.lab));
  const opening = useRun((s) => s.serial > 0 && s.status === 'running');
  if (!opening) return null;
  return (
    <p className="grid h-full place-items-center p-6 text-center text-[18px] text-t2" data-testid="opening">
      “{title}” is being opened …
    </p>
  );
}
