import { useHostState } from '../store';
import { Badge, cx, Empty, Glyph, thin } from '../ui';
import { Scroll } from './Scroll';
import { type EventOf, useBeatEvents } from './subject';

const LISTED = 200;

/** The sets of a host: their members, and what this event tested. */
export function SetsPanel({ host }: { readonly host: string }) {
  const sets = useHostState(host)?.ipset ?? [];
  const tests = useBeatEvents().filter((e): e is EventOf<'set'> => e.type === 'set' && e.host === host);
  if (sets.length === 0) return <Empty text={`${host} has no sets.`} />;
  return (
    <Scroll label="Sets" className="flex-1 px-[14px] pt-[14px] pb-4">
      {sets.map((set) => {
        const tested = tests.filter((t) => t.set === set.name);
        return (
          <section key={set.name} className="border-line border-b pb-4 not-first:pt-4" data-testid={`set-${set.name}`}>
            <div className="flex flex-wrap items-center gap-2">
              <h2 className="mono text-[15px] wrap-anywhere">{set.name}</h2>
              <Badge>{set.type}</Badge>
              <span className="num text-[13px] text-t2">
                {thin(set.members.length)} {set.members.length === 1 ? 'member' : 'members'}
              </span>
            </div>
            <p className="mono mt-1 text-[12px] text-t3 wrap-anywhere">{set.header}</p>
            {tested.map((t) => (
              <p
                key={t.id}
                className={cx(
                  'mt-2 flex items-start gap-2 rounded-card p-[8px] text-[13px]',
                  t.matched ? 'bg-ok-w' : 'bg-raised',
                )}
              >
                <Glyph name={t.matched ? 'ok' : 'bad'} className={cx('mt-[2px]', t.matched ? 'text-ok' : 'text-t3')} />
                <span>
                  <span className="mono">{t.element}</span>{' '}
                  {t.what === 'test'
                    ? t.matched
                      ? 'is in the set.'
                      : 'is not in the set.'
                    : t.what === 'add'
                      ? 'was added.'
                      : 'was taken out.'}
                  {t.what === 'test' && (
                    <span className="text-t2">
                      {' '}
                      {thin(t.probes)} {t.probes === 1 ? 'probe' : 'probes'} instead of up to {thin(t.size)} rules.
                    </span>
                  )}
                </span>
              </p>
            ))}
            <ul className="m-0 mt-2 list-none p-0">
              {set.members.slice(0, LISTED).map((member) => {
                const hit = tested.find((t) => t.element === member.text);
                return (
                  <li
                    key={member.text}
                    className={cx(
                      'mono flex gap-3 rounded-[6px] px-[6px] py-[3px] text-[12.5px]',
                      hit !== undefined && 'bg-ok-w',
                    )}
                  >
                    <span className="min-w-0 flex-1 wrap-anywhere">{member.text}</span>
                    {member.packets !== null && <span className="num text-t3">{thin(member.packets)} pkts</span>}
                    {member.timeout !== null && <span className="num text-t2">{thin(member.timeout)} s</span>}
                  </li>
                );
              })}
            </ul>
            {set.members.length > LISTED && (
              <p className="pt-1 text-[12.5px] text-t3">And {thin(set.members.length - LISTED)} more.</p>
            )}
            {set.members.length === 0 && <p className="pt-2 text-[13px] text-t2">Empty: nothing is in it.</p>}
          </section>
        );
      })}
    </Scroll>
  );
}
