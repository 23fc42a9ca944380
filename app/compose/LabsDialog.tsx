import { type Lab, shippedLabs } from '../../src/engine';
import { labTitle, openArchive, type StoredLab, stores, useAnswer, useLab } from '../store';
import { Badge, Button, counted, DialogFrame } from '../ui';
import { emptyLab } from './labChoices';
import { openFile, openLab, saveFile, startImport } from './labFiles';

function setNeighbours(lab: Lab, fail: boolean): void {
  const { neighbours: _, ...rest } = lab;
  stores.lab.getState().setLab(fail ? { ...rest, neighbours: 'fail' } : rest);
}

/** The lab on show, those that come with the page, and those that this browser keeps. */
export function LabsDialog({ onClose }: { readonly onClose: () => void }) {
  const lab = useLab((s) => s.lab);
  const id = useLab((s) => s.id);
  const kept = useKept(id);
  const open = async (load: () => Promise<Lab>): Promise<void> => {
    try {
      openLab(await load());
    } catch {
      stores.notices.getState().say({ tone: 'bad', text: 'The lab could not be loaded. Is the page offline?' });
    }
  };
  return (
    <DialogFrame title="Labs" testid="labs" wide onClose={onClose}>
      <div className="flex flex-wrap items-end gap-2 border-line border-b pb-4">
        <label className="flex min-w-[200px] flex-1 flex-col gap-1">
          <span className="font-[550] text-[12px] text-t3">This lab</span>
          <input
            value={labTitle(lab)}
            data-testid="lab-title"
            className="h-[34px] rounded-control border border-line-2 bg-card px-[9px] font-semibold text-[14px] pointer-coarse:h-11"
            onChange={(e) => stores.lab.getState().setTitle(e.target.value)}
          />
        </label>
        <Button data-testid="lab-save" onClick={saveFile}>
          Save as file
        </Button>
        <Button data-testid="lab-open" onClick={openFile}>
          Open file
        </Button>
        <Button
          data-testid="lab-paste"
          onClick={() => {
            onClose();
            startImport('');
          }}
        >
          Paste a dump
        </Button>
      </div>
      <label className="flex min-h-9 items-center gap-2 pt-3 text-[13.5px] pointer-coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-(--t1)"
          data-testid="neighbours-fail"
          checked={lab.neighbours === 'fail'}
          onChange={(e) => setNeighbours(lab, e.target.checked)}
        />
        A packet to an address that nobody has waits for 3 s, then its sender is told. Otherwise it vanishes.
      </label>
      {lab.notes !== undefined && <p className="pt-3 text-[13px] text-t2">{lab.notes}</p>}
      <h3 className="pt-4 pb-2 text-[14.5px]">Labs that come with Hookline</h3>
      <ul className="m-0 grid list-none gap-2 p-0 md:grid-cols-2">
        {shippedLabs.map((shipped) => (
          <li key={shipped.name}>
            <button
              type="button"
              data-testid={`lab-${shipped.name}`}
              className="flex h-full w-full flex-col gap-1 rounded-[11px] border border-line bg-card p-3 text-left hover:border-line-2"
              onClick={() => void open(shipped.load)}
            >
              <span className="flex items-center gap-2 font-[650]">
                {shipped.title}
                {shipped.name === lab.name && <Badge>open</Badge>}
              </span>
              <span className="text-[13px] text-t2 leading-[1.4]">{shipped.notes}</span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            data-testid="lab-empty"
            className="flex h-full w-full flex-col gap-1 rounded-[11px] border border-line border-dashed p-3 text-left hover:border-line-2"
            onClick={() => void open(emptyLab.load)}
          >
            <span className="font-[650]">{emptyLab.title}</span>
            <span className="text-[13px] text-t2 leading-[1.4]">{emptyLab.notes}</span>
          </button>
        </li>
      </ul>
      {kept.length > 0 && (
        <>
          <h3 className="pt-5 pb-2 text-[14.5px]">Kept in this browser</h3>
          <ul className="m-0 list-none p-0">
            {kept.map((stored) => (
              <li key={stored.id} className="flex items-center gap-3 border-line border-t py-1">
                <button
                  type="button"
                  className="min-h-9 min-w-0 flex-1 truncate rounded-control px-2 text-left hover:bg-raised pointer-coarse:min-h-11"
                  onClick={() => {
                    stores.lab.getState().openLab(stored.lab, stored.id);
                    onClose();
                  }}
                >
                  {labTitle(stored.lab)}
                  <span className="ml-3 text-[12.5px] text-t3">
                    {counted(Object.keys(stored.lab.hosts).length, 'host')}, {counted(stored.lab.steps.length, 'step')}
                  </span>
                </button>
                <time className="text-[12.5px] text-t3" dateTime={new Date(stored.saved).toISOString()}>
                  {new Date(stored.saved).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
    </DialogFrame>
  );
}

const NONE: readonly StoredLab[] = [];

/** The other labs that this browser keeps, the latest first; none without storage. */
function useKept(id: string): readonly StoredLab[] {
  const ask = async (): Promise<readonly StoredLab[]> => {
    const archive = await openArchive();
    const all = await archive.list();
    return all
      .filter((r): r is StoredLab => typeof r === 'object' && r !== null && 'lab' in r && 'saved' in r)
      .filter((r) => r.id !== id)
      .toSorted((a, b) => b.saved - a.saved)
      .slice(0, 30);
  };
  return useAnswer(id, ask)?.value ?? NONE;
}
