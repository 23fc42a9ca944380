import type { LabListener } from '../../src/engine';
import { useLab } from '../store';
import { Button, Empty, IconButton } from '../ui';
import { addItem, editItem, removeItem } from './edit';
import { Choice, FormHead, Problem, TextBox } from './fields';
import { focusSoon } from './focus';
import { useReport } from './hooks';
import { typedCount } from './typed';
import { withMember } from './withMember';

const ANSWERS = {
  tcp: [
    ['echo', 'sends back what comes'],
    ['http', 'answers as a web server'],
    ['silent', 'takes it, and says nothing'],
  ],
  udp: [
    ['echo', 'sends back what comes'],
    ['dns', 'answers as a name server'],
    ['silent', 'takes it, and says nothing'],
  ],
} as const;

const NONE: readonly LabListener[] = [];

/** Sockets that listen on a host, and what their programs answer. */
export function SocketsForm({ host }: { readonly host: string }) {
  const listen = useLab((s) => s.lab.hosts[host]?.listen ?? NONE);
  const interfaces = useLab((s) => s.lab.hosts[host]?.interfaces);
  const report = useReport(host, 'listen');
  const own = Object.values(interfaces ?? {})
    .flatMap((i) => i.addresses ?? [])
    .map((a) => a.replace(/\/\d+$/, ''));
  const change = (i: number, next: LabListener, group = ''): string | null => editItem(host, 'listen', i, next, group);
  const add = (): void => {
    const port = [80, 443, 22, 8080].find((p) => !listen.some((l) => l.protocol === 'tcp' && l.port === p)) ?? 9000;
    addItem(host, 'listen', { protocol: 'tcp', port, ...(port === 80 ? { serves: 'http' } : {}) });
    focusSoon(`socket-${listen.length + 1}-port`);
  };
  return (
    <>
      <FormHead
        title="Sockets"
        lead="Programs that listen on this host. What comes to any other port is refused by the host itself."
      >
        <Button icon="plus" data-testid="add-socket" onClick={add}>
          Add a socket
        </Button>
      </FormHead>
      {report.map((d) => (
        <Problem key={d.message} text={d.message} />
      ))}
      <div className="flex flex-col gap-2">
        {listen.map((l, i) => (
          <section
            // biome-ignore lint/suspicious/noArrayIndexKey: a listener has no name but its place
            key={i}
            aria-label={`Socket ${i + 1}: ${l.protocol} port ${l.port}`}
            data-testid={`socket-${i + 1}`}
            className="flex items-start gap-2 rounded-card border border-line bg-card py-3 pr-2 pl-[14px]"
          >
            <div className="grid min-w-0 flex-1 grid-cols-[84px_minmax(110px,1fr)_minmax(70px,0.5fr)_minmax(216px,1.4fr)] gap-x-3 gap-y-2 max-[1100px]:grid-cols-2 max-[480px]:grid-cols-[88px_minmax(0,1fr)]">
              <Choice
                label="Protocol"
                value={l.protocol}
                options={[
                  ['tcp', 'TCP'],
                  ['udp', 'UDP'],
                ]}
                testid={`socket-${i + 1}-protocol`}
                onPick={(v) =>
                  change(i, withAnswer({ ...l, protocol: v === 'udp' ? 'udp' : 'tcp' }, fits(answerOf(l), v)))
                }
              />
              <TextBox
                label="Address"
                value={l.address ?? ''}
                placeholder="every address"
                offers={[...own, '0.0.0.0', '::', '127.0.0.1']}
                testid={`socket-${i + 1}-address`}
                commit={(v) => change(i, withMember(l, 'address', v || undefined), 'address')}
              />
              <TextBox
                label="Port"
                value={String(l.port)}
                testid={`socket-${i + 1}-port`}
                commit={(v) => change(i, { ...l, port: typedCount(v) }, 'port')}
              />
              <Choice
                label="Its program"
                value={answerOf(l)}
                options={ANSWERS[l.protocol]}
                testid={`socket-${i + 1}-answer`}
                className="max-[480px]:col-span-2"
                onPick={(v) => change(i, withAnswer(l, v))}
              />
            </div>
            <IconButton
              icon="trash"
              size={17}
              label={`Delete ${l.protocol} port ${l.port}`}
              className="mt-[21px]"
              data-testid={`remove-socket-${i + 1}`}
              onClick={() => removeItem(host, 'listen', i)}
            />
          </section>
        ))}
        {listen.length === 0 && (
          <Empty text="Nothing listens here. A TCP connection is reset, a UDP packet is answered with port unreachable." />
        )}
      </div>
    </>
  );
}

const answerOf = (l: LabListener): string => (l.silent === true ? 'silent' : (l.serves ?? 'echo'));
const fits = (answer: string, protocol: string): string =>
  (protocol === 'tcp' && answer === 'dns') || (protocol === 'udp' && answer === 'http') ? 'echo' : answer;

function withAnswer(l: LabListener, answer: string): LabListener {
  const { silent: _, serves: __, ...rest } = l;
  if (answer === 'silent') return { ...rest, silent: true };
  return answer === 'http' || answer === 'dns' ? { ...rest, serves: answer } : rest;
}
