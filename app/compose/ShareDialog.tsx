import { useState } from 'react';
import { stores, useAnswer, useLab } from '../store';
import { Button, DialogFrame, thin } from '../ui';
import { saveFile } from './labFiles';
import { fragmentOf } from './share';

/** Links above this length are cut by some chat programs and mailers. */
const LONG = 8000;

/** The lab as a link. It is all in the link: nothing is uploaded. */
export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const lab = useLab((s) => s.lab);
  const fragment = useAnswer(lab, () => fragmentOf(lab))?.value;
  const link = fragment === undefined ? '' : `${location.origin}${location.pathname}#${fragment}`;
  const [copiedLab, setCopiedLab] = useState<unknown>(null);
  const copied = copiedLab === lab;
  const copy = (): void => {
    navigator.clipboard.writeText(link).then(
      () => setCopiedLab(lab),
      () =>
        stores.notices
          .getState()
          .say({ tone: 'bad', text: 'The browser did not give access to the clipboard. Copy the link by hand.' }),
    );
  };
  return (
    <DialogFrame title="Share this lab" testid="share-dialog" onClose={onClose}>
      <p className="pb-3 text-t2">
        The whole lab is in the link. Nothing is sent to a server, and whoever opens it keeps their own labs.
      </p>
      <label className="flex flex-col gap-1">
        <span className="font-[550] text-[12px] text-t3">
          Link{link === '' ? '' : `, ${thin(link.length)} characters`}
        </span>
        <textarea
          readOnly
          rows={4}
          value={link}
          data-testid="share-link"
          className="mono w-full resize-none rounded-control border border-line-2 bg-card p-2 text-[12px] wrap-anywhere"
          onFocus={(e) => e.currentTarget.select()}
        />
      </label>
      {link.length > LONG && (
        <p className="pt-2 text-[13px] text-rej">Some mail and chat programs cut links this long. A file is safer.</p>
      )}
      <div className="flex gap-2 pt-4">
        <Button
          tone="primary"
          icon={copied ? 'check' : 'link'}
          onClick={copy}
          disabled={link === ''}
          data-testid="share-copy"
        >
          {copied ? 'Copied' : 'Copy link'}
        </Button>
        <Button onClick={saveFile}>Save as file</Button>
      </div>
      <p aria-live="polite" className="sr-only">
        {copied ? 'The link is on the clipboard.' : ''}
      </p>
    </DialogFrame>
  );
}
