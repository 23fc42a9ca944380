import { Fragment } from 'react';
import { stepsThatChange, stores, useLab } from '../store';
import { Icon } from '../ui';

const PARTS = {
  iptables: ['iptables', 'rules'],
  ip6tables: ['ip6tables', 'IPv6 rules'],
  ipset: ['ipset', 'sets'],
  routes: ['route', 'routes'],
  routes6: ['route', 'routes'],
  rules: ['rule', 'routing rules'],
  rules6: ['rule', 'routing rules'],
  sysctl: ['sysctl', 'sysctls'],
  interfaces: ['address', 'addresses'],
} as const;

/** Says that what is edited is the start, where steps of the lab change it later. */
export function Later({ host, member }: { readonly host: string; readonly member: string }) {
  const [part, what] = member in PARTS ? PARTS[member as keyof typeof PARTS] : [null, ''];
  const text = useLab((s) => (part === null ? '' : stepsThatChange(s.lab.steps, host, part).join(' ')));
  if (text === '') return null;
  const numbers = text.split(' ').map(Number);
  const few = numbers.slice(0, 4);
  return (
    <p
      className="m-0 flex-none border-line border-b px-[22px] py-[6px] text-[12.5px] text-t3 max-[900px]:px-3"
      data-testid="later"
    >
      <Icon name="terminal" size={15} className="mr-[6px] inline align-[-3px]" />
      This is how {host} starts.{' '}
      {few.map((n, i) => (
        <Fragment key={n}>
          <button
            type="button"
            className="rounded-[5px] text-t2 underline decoration-line-2 underline-offset-2 hover:text-t1"
            onClick={() => {
              stores.play.getState().seekStep(n - 1);
              stores.view.getState().setOverlay(null);
            }}
          >
            {i === 0 ? 'Step' : 'step'} {n}
          </button>
          {i === few.length - 1 ? ' ' : i === few.length - 2 && few.length === numbers.length ? ' and ' : ', '}
        </Fragment>
      ))}
      {numbers.length > few.length && `and ${numbers.length - few.length} more `}
      {numbers.length === 1 ? 'changes' : 'change'} its {what} later; the panels show them at the playhead.
    </p>
  );
}
