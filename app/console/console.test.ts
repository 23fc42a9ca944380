import { beforeEach, expect, test } from 'vitest';
import { type AsyncEngine, createEngine, type Lab } from '../../src/engine';
import { createLabStore, createPlayStore, createRunStore, createViewStore } from '../store/testing';
import { type ConsoleParts, type ConsoleStore, createConsole, type Entry } from './consoleStore';

const LAB: Lab = {
  format: 'lab/1',
  name: 'two',
  hosts: {
    a: { interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } } },
    b: {
      interfaces: { eth0: { segment: 's', addresses: ['10.0.0.2/24'] } },
      iptables: '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
    },
  },
  steps: [{ ping: { host: 'a', to: '10.0.0.2' } }, { ping: { host: 'a', to: '10.0.0.2' } }],
};

/** The stores of a page with an engine in place; `tap` is a command that listens and prints the events it is told of. */
function page() {
  const engine = createEngine();
  let held: (() => void) | null = null;
  let broken = false;
  const asked: string[] = [];
  const parts: ConsoleParts & {
    readonly hold: () => () => void;
    readonly breakDown: () => void;
    readonly asked: string[];
  } = {
    asked,
    engine: {
      exec: async (...args) => {
        asked.push(`${args[1]}: ${args[2]}`);
        if (broken) throw new Error('broken');
        if (args[2].startsWith('tcpdump'))
          return { output: '', error: 'listening\n', exit: 0, step: false, live: true };
        return engine.exec(...args);
      },
      live: async (_host, _line, from, to, stopped) => {
        const ids = Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join('');
        return { output: ids, error: `listening\n${stopped ? 'bye\n' : ''}`, ended: stopped };
      },
      complete: async (...args) => engine.complete(...args),
    } satisfies Pick<AsyncEngine, 'exec' | 'live' | 'complete'>,
    lab: createLabStore({ id: '1', lab: LAB }),
    run: createRunStore(
      {
        load: async (lab) => {
          if (held !== null)
            await new Promise<void>((go) => {
              held = go;
            });
          return engine.load(lab);
        },
        follow: async (lab) => engine.load(lab),
      },
      () => 0,
    ),
    play: createPlayStore(),
    view: createViewStore({ theme: 'system', singleKeys: true }),
    hold: () => {
      held = () => {};
      return () => {
        const go = held;
        held = null;
        go?.();
      };
    },
    breakDown: () => {
      broken = true;
    },
  };
  parts.run.subscribe((now, before) => {
    if (now.serial !== before.serial) parts.play.getState().setRun(now.result);
  });
  parts.lab.subscribe((now, before) => {
    if (now.lab !== before.lab) void parts.run.getState().run(now.lab);
  });
  return parts;
}

let at: ReturnType<typeof page>;
let consoles: ConsoleStore;
const run = (host: string, line: string): Promise<void> => consoles.getState().run(host, line);
const entries = (host: string): readonly Entry[] => consoles.getState().hosts[host]?.entries ?? [];
const last = (host: string): Entry => entries(host).at(-1) as Entry;
const steps = (): readonly string[] =>
  at.lab.getState().lab.steps.map((s) => ('run' in s ? s.run.command : Object.keys(s)[0]!));
const ready = (): Promise<void> =>
  expect.poll(() => at.run.getState().status).toBe('ready') as unknown as Promise<void>;

beforeEach(async () => {
  at = page();
  consoles = createConsole(at);
  await at.run.getState().run(at.lab.getState().lab);
});

const DROP = 'iptables -A INPUT -p icmp -j DROP';

test('a question changes nothing of the lab', async () => {
  const before = at.lab.getState().lab;
  await run('b', 'iptables -S');
  expect(last('b')).toMatchObject({ state: 'done', output: expect.stringContaining('-P INPUT ACCEPT'), step: null });
  expect(at.lab.getState().lab).toBe(before);
});

test('a command that changes something is a step after the one of the playhead, and plays alone', async () => {
  at.play.getState().seekStep(0);
  await run('b', DROP);
  await ready();
  expect(steps()).toEqual(['ping', DROP, 'ping']);
  const { beats, beat, playing, stopAfter } = at.play.getState();
  expect(beats[beat]?.userStep).toBe(1);
  expect([playing, stopAfter]).toEqual([true, 1]);
  expect(at.run.getState().result?.steps.map((s) => s.outcome.kind)).toEqual(['done', 'done', 'dropped']);
});

test('before the first event, the command comes first', async () => {
  await run('b', DROP);
  expect(steps()).toEqual([DROP, 'ping', 'ping']);
});

test('commands that are typed fast come one after the other', async () => {
  void run('b', 'iptables -A INPUT -j ACCEPT');
  void run('b', 'iptables -A INPUT -j DROP');
  await run('b', 'iptables -S INPUT');
  expect(last('b').output).toBe('-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\n');
  expect(steps()).toEqual(['iptables -A INPUT -j ACCEPT', 'iptables -A INPUT -j DROP', 'ping', 'ping']);
});

test('undo takes the step away, and the playhead back to where the command was typed', async () => {
  at.play.getState().seekStep(0);
  at.play.getState().next();
  await run('b', DROP);
  await ready();
  at.lab.getState().undo();
  await ready();
  expect(steps()).toEqual(['ping', 'ping']);
  const { beats, beat } = at.play.getState();
  expect(beats[beat]?.userStep).toBe(0);
  expect(beats[beat + 1]?.userStep).toBe(1);
});

test('waits for a run that is under way, and says why where none will come', async () => {
  const go = at.hold();
  at.lab.getState().setTitle('another');
  const done = run('b', 'iptables -S');
  expect(last('b').state).toBe('waiting');
  expect(at.asked).toEqual([]);
  go();
  await done;
  expect(last('b').state).toBe('done');
  at.lab.getState().setLab({ ...LAB, format: 'lab/0' } as unknown as Lab);
  await run('b', 'iptables -S');
  expect(last('b')).toMatchObject({ state: 'refused', error: expect.stringContaining('cannot be run') });
});

test('a fault of the engine is said, and no more', async () => {
  at.breakDown();
  await run('b', 'iptables -S');
  expect(last('b')).toMatchObject({ state: 'refused', error: expect.stringContaining('The engine stopped') });
});

test('what is not modelled says so and leaves the lab as it is', async () => {
  const before = at.lab.getState().lab;
  await run('b', 'vim /etc/passwd');
  expect(last('b')).toMatchObject({ state: 'done', exit: 127, error: expect.stringContaining('not modelled') });
  expect(at.lab.getState().lab).toBe(before);
});

test('clear, history and exit are the console’s own; each host has its own entries', async () => {
  at.view.getState().openConsole('b');
  await run('b', 'ip route');
  await run('a', 'ip rule');
  await run('b', 'history');
  expect(last('b').output).toBe('    1  ip route\n    2  history\n');
  await run('b', 'clear');
  expect([entries('b').length, entries('a').length]).toEqual([0, 1]);
  await run('b', 'exit');
  expect(at.view.getState().console).toBeNull();
});

test('what listens follows the playhead both ways, finds its start in a run anew, and ends', async () => {
  at.play.getState().seekStep(1);
  const start = at.play.getState().cursor;
  await run('b', 'tcpdump -ni eth0');
  expect(last('b').state).toBe('live');
  expect(at.view.getState().taps).toEqual([{ host: 'b', interface: 'eth0', what: 'tcpdump' }]);
  at.play.getState().next();
  at.play.getState().next();
  const seen = at.play.getState().cursor - start;
  await expect.poll(() => last('b').output.split('\n').length - 1).toBe(seen);
  at.play.getState().prev();
  await expect.poll(() => last('b').output.split('\n').length - 1).toBeLessThan(seen);
  at.play.getState().first();
  await expect.poll(() => last('b').early).toBe(true);
  expect(last('b').output).toBe('');
  // A step before it: it begins at the same packet as before, one step later.
  at.lab.getState().addStep({ wait: { seconds: 1 } }, 0);
  await ready();
  at.play.getState().seekStep(2);
  at.play.getState().next();
  await expect.poll(() => last('b').early).toBe(false);
  const from = at.play.getState().beats.find((b) => b.userStep === 2)?.event ?? -9;
  await expect.poll(() => last('b').output.split('\n')[0]).toBe(String(from + 1));
  expect(consoles.getState().stop('b')).toBe(true);
  await expect.poll(() => last('b').error).toContain('bye');
  expect([last('b').state, at.view.getState().taps]).toEqual(['done', []]);
  expect(consoles.getState().stop('b')).toBe(false);
});

test('another lab has consoles of its own', async () => {
  await run('b', 'ip route');
  at.lab.getState().openLab({ ...LAB, name: 'other' }, '2');
  expect(consoles.getState().hosts).toEqual({});
});

test('what was asked and answered is kept as plain data, and its steps are found again', async () => {
  await run('b', 'iptables -S');
  await run('b', DROP);
  await ready();
  await run('b', 'tcpdump');
  consoles.getState().setDraft('b', 'ip ro');
  const kept = JSON.parse(JSON.stringify(consoles.getState().keep()));
  const before = entries('b');
  consoles.getState().reset();
  expect(consoles.getState().keep()).toBeNull();
  // The lab may have been edited by then.
  const { lab } = at.lab.getState();
  at.lab.getState().addStep({ wait: { seconds: 1 } }, 0);
  consoles.getState().restore(kept, lab);
  const plain = ({ command, output, error, step, folded }: Entry) => ({ command, output, error, step, folded });
  expect(entries('b').map(plain)).toEqual(before.map(plain));
  expect(at.lab.getState().lab.steps).toContain(entries('b')[1]?.step);
  // What listened has ended.
  expect(entries('b').map((e) => e.state)).toEqual(['done', 'done', 'done']);
  expect(consoles.getState().hosts.b).toMatchObject({ history: ['iptables -S', DROP, 'tcpdump'], draft: 'ip ro' });
});
