import type { SentencePart } from '../../src/engine';

/** A sentence in pieces: what could be typed in a shell is mono, what has changed is violet. */
export function Sentence({ parts }: { readonly parts: readonly SentencePart[] }) {
  let at = 0;
  return (
    <>
      {parts.map((part) => {
        const key = at;
        at += part.text.length + 1;
        switch (part.role) {
          case 'plain':
            return <span key={key}>{part.text}</span>;
          case 'strong':
            return (
              <b key={key} className="font-[650]">
                {part.text}
              </b>
            );
          case 'code':
            return (
              <span key={key} className="mono text-[0.92em] wrap-anywhere">
                {part.text}
              </span>
            );
          case 'changed':
            return (
              <b key={key} className="mono font-bold text-[0.92em] text-nat wrap-anywhere">
                {part.text}
              </b>
            );
        }
        return null;
      })}
    </>
  );
}
