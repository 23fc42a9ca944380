import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '.';

/**
 * What the real tools of Debian 12 print: recorded in four network namespaces that are wired as the hosts of `lab.json`
 * are, with servers that answer as those of a lab do, ICMP errors not limited, and /etc/hosts as a lab has it (here IPv4
 * addresses alone). What `curl` writes only where its output is no terminal is left out.
 */
interface Recorded {
  readonly command: string;
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** Of what was said of errors only the first line was kept: the usage follows. */
  readonly firstLine?: true;
}

const at = (path: string) => new URL(`./testing/commands/${path}`, import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(at(file), 'utf8')) as unknown;
const files = readdirSync(at('.')).filter((file) => file !== 'lab.json');

const engine = createEngine();
const end = engine.load(read('lab.json')).events.length - 1;
const exec = (command: string) => engine.exec(end, 'client', command);

/** What no two calls share: times, dates, and what is drawn at random. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/^(--)?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/gm, '$1NOW'],
  [/[\d.]+M=0s$/gm, 'SPEED'],
  [/\([\d.]+ MB\/s\)/g, '(SPEED)'],
  [/^\[\d+\.\d+\] /gm, '[NOW] '],
  [/= [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/g, '= TIMES'],
  [/[\d.]+ ?ms\b/g, 'TIME'],
  [/\d+ (milliseconds|msec)/g, 'TIME'],
  [/Nmap 7\.93 .* at .* UTC/g, 'Nmap at NOW'],
  [/\([\d.]+s latency\)/g, '(TIME latency)'],
  [/scanned in [\d.]+ seconds/g, 'scanned in TIME'],
  [/^Offending packet: .*$/gm, 'Offending packet'],
  [/^;; WHEN: .*$/gm, ';; WHEN: NOW'],
  [/COOKIE: [0-9a-f]+/g, 'COOKIE: RANDOM'],
  [/, id: \d+$/gm, ', id: RANDOM'],
  [/^[0-9A-F]{16}:error/gm, 'THREAD:error'],
  [/ +(\d+|[\d.]+[kM]) +0 --:--:-- --:--:-- --:--:-- +[\d.]+[kM]?$/gm, 'SPEED'],
];
const masked = (text: string) => MASKS.reduce((t, [pattern, word]) => t.replace(pattern, word), text);

describe('commands print what the real ones print', () => {
  it('has recorded outputs of each', () => expect(files.length).toBeGreaterThanOrEqual(8));

  for (const file of files) {
    describe(file.slice(0, -'.json'.length), () => {
      it.each(read(file) as Recorded[])('$command', ({ command, exit, out, err, firstLine }) => {
        const printed = exec(`${command} 2>/dev/null`);
        expect(masked(printed.output)).toBe(masked(out));
        expect(printed.exit).toBe(exit);
        const { output, error } = exec(`${command} 2>&1 >/dev/null`);
        const said = masked(output + error);
        expect(firstLine ? said.slice(0, said.indexOf('\n') + 1) : said).toBe(masked(err));
      });
    });
  }
});

describe('a command that sends packets', () => {
  it('says so where it is no longer the real one', () => {
    expect(exec('ping 10.0.3.2').output).toMatch(
      /4 packets transmitted, 4 received[\s\S]*hookline: without -c ping goes on/,
    );
    expect(exec('echo hello | nc 10.0.3.2 7').output).toBe('hello\nhookline: nc goes on until ^C; here it ends now\n');
    expect(exec('openssl s_client -connect 10.0.3.2:22').output).toContain(
      'TLS is not modelled beyond the TCP handshake',
    );
    expect(exec('curl -k https://10.0.3.2:22/').output).toContain('TLS is not modelled beyond the TCP handshake');
    for (const line of ['nmap 10.0.3.2', 'ping -f 10.0.3.2', 'traceroute -U 10.0.3.2', 'curl -O http://10.0.3.2/a']) {
      const { output, error, exit, step } = exec(line);
      expect([output, exit, step], line).toEqual(['', 127, false]);
      expect(error, line).toMatch(/^hookline: .*: not modelled\n$/);
    }
  });

  it('prints in the order of a terminal', () => {
    const { output } = exec('curl -v http://10.0.3.2/');
    expect(output).toMatch(/^\* {3}Trying [\s\S]*\n< \r\nHello from Hookline\.\n\* Connection #0 /);
  });

  it('sends what is longer than a segment in pieces', () => {
    const long = 'x'.repeat(5000);
    expect(exec(`echo ${long} | nc -N 10.0.3.2 7`)).toMatchObject({ exit: 0, output: `${long}\n` });
    expect(exec(`curl -s -d ${long} http://10.0.3.2/`)).toMatchObject({ exit: 0, output: 'Hello from Hookline.\n' });
  });

  it('is no step if it sends nothing and changes nothing', () => {
    expect(exec('pwd; ls')).toMatchObject({ exit: 0, step: false, output: '/root\n', error: '' });
    expect(exec('ping -Z 10.0.3.2')).toMatchObject({ exit: 2, step: false });
    expect(exec('ping -c 1 nosuch')).toMatchObject({ exit: 2, step: false });
    expect(exec('ping -c 1 10.0.3.2')).toMatchObject({ exit: 0, step: true });
    expect(exec('nc -lk 9000')).toMatchObject({ exit: 0, step: true });
  });
});

describe('the step of a command that sent packets', () => {
  const lab = read('lab.json') as { readonly steps: readonly unknown[] };
  const step = (command: string) => {
    const one = createEngine();
    return one.load({ ...lab, steps: [...lab.steps, { run: { host: 'client', command } }] }).steps.at(-1)!;
  };

  it.each([
    ['ping -c 2 10.0.3.2', 'client → server', 'delivered', 4],
    ['ping -c 1 10.0.3.66', 'client → 10.0.3.66', 'rejected', 2],
    ['ping -c 1 -W 1 10.0.3.70', 'client → 10.0.3.70', 'dropped', 1],
    ['ping -c 1 -t 1 10.0.3.2', 'client → server', 'dropped', 2],
    ['ping -c 1 8.8.8.8', 'client → 8.8.8.8', 'error', 1],
    ['traceroute -n -q 1 10.0.3.2', 'client → server:33434', 'delivered', 6],
    ['nc -vz 10.0.3.2 22', 'client → server:22', 'delivered', undefined],
    ['nc -vz 10.0.3.2 79', 'client → server:79', 'delivered', 2],
    ['nc -z -w 1 10.0.3.2 81', 'client → server:81', 'dropped', 1],
    ['curl -s http://10.0.3.2/', 'client → server:80', 'delivered', undefined],
    ['curl -s http://10.0.3.2:22/', 'client → server:22', 'failed', undefined],
    ['dig @10.0.3.2 example.org', 'client → server:53', 'delivered', 2],
    ['ping -c 1 nosuch', 'client', 'failed', 0],
  ] as const)('%s', (command, subtitle, outcome, packets) => {
    const made = step(command);
    expect(made).toMatchObject({ title: command, subtitle, outcome: { kind: outcome } });
    if (packets !== undefined) expect(made.packets).toHaveLength(packets);
    for (const packet of made.packets) expect(packet.outcome).not.toEqual({ kind: 'done', note: 'under way' });
  });
});

describe('nc -l', () => {
  const lab = read('lab.json') as { readonly steps: readonly unknown[] };
  const last = (...commands: string[]) => {
    const one = createEngine();
    const on = (host: string) => (command: string) => ({ run: { host, command } });
    const steps = [...commands.slice(0, -1).map(on('server')), on('client')(commands.at(-1)!)];
    const ended = one.load({ ...lab, steps }).events.findLast((e) => e.type === 'command');
    return ended?.type === 'command' ? `${ended.exit} ${ended.output}` : '';
  };

  it('takes what comes, and goes with its first connection', () => {
    const open = 'Connection to 10.0.3.2 9000 port [tcp/*] succeeded!\n';
    const closed = 'nc: connect to 10.0.3.2 port 9000 (tcp) failed: Connection refused\n';
    expect(last('nc -vz 10.0.3.2 9000')).toBe(`1 ${closed}`);
    expect(last('nc -l 9000', 'nc -vz 10.0.3.2 9000')).toBe(`0 ${open}`);
    expect(last('nc -l 9000', 'nc -vz 10.0.3.2 9000 9000')).toBe(`0 ${open}${closed}`);
    expect(last('nc -lk 9000', 'nc -vz 10.0.3.2 9000 9000')).toBe(`0 ${open}${open}`);
    expect(last('nc -luk 9000', 'echo hello | nc -u -w 1 10.0.3.2 9000')).toBe('0 ');
    expect(last('nc -l 9000', 'echo hello | nc -N -w 1 10.0.3.2 9000')).toBe('0 ');
  });
});
