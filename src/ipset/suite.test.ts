import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { ipsetCommand } from './index';
import { IpSets } from './sets';

/** Set types of ipset 4, which ipset 7 refuses, and scripts that send packets through iptables. */
const NOT_HERE: ReadonlySet<string> = new Set([
  'iptree.t',
  'iptreemap.t',
  'match_flags.t',
  'match_target.t',
  'match_target6.t',
]);

/**
 * ipset's own test scripts, if HOOKLINE_SUITES names the folder that has them: a line is an exit code and a command for
 * a shell. They run in a real bash, where `ipset` asks the simulator and `sleep` moves its clock on.
 */
const suites = process.env.HOOKLINE_SUITES;

if (suites === undefined) {
  it('tries no foreign suite unless HOOKLINE_SUITES says where it is', () => {
    expect(suites).toBeUndefined();
  });
} else {
  const folder = join(suites, 'ipset');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.t') && !NOT_HERE.has(name));
  describe("ipset's own tests", () => {
    it('are there', () => expect(scripts.length).toBeGreaterThan(20));
    for (const script of scripts) {
      it(script, { timeout: 300_000 }, async () => {
        const failed = await runScript(folder, script);
        expect(failed).toEqual([]);
      });
    }
  });
}

/**
 * Lines that need what only a real machine has: its modules, and scripts of the suite that are not in the folder, all
 * of which leave no set behind; and a listing in the words of an older ipset.
 */
const ELSEWHERE =
  /modprobe|\.\/(resizet|resizen|resizec|cidr|check_cidrs|resize-and-list|setlist_resize|iptables|sendip|check_klog|check_sendip_packets)\b|ip6?tables |ipportnethash\.t\.list/;

interface Line {
  readonly number: number;
  readonly code: string;
  readonly command: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '# eof') break;
    const [, code, command] = /^(\d+|skip) (.*)$/.exec(line) ?? [];
    // The shell that reads the lines takes one backslash off.
    if (code !== undefined) lines.push({ number: i + 1, code, command: command!.replace(/\\(.)/g, '$1') });
  }
  return lines;
}

/** Names of files have a `_` where the scripts say `:`. */
function copySuite(folder: string, into: string): void {
  for (const name of readdirSync(folder)) {
    copyFileSync(join(folder, name), join(into, name));
    const real = name.replace(/^(bitmap|hash|list)_/, '$1:');
    if (real !== name) copyFileSync(join(folder, name), join(into, real));
  }
}

const TOOLS: Readonly<Record<string, string>> = {
  ipset: `#!/bin/bash
args=()
while test $# -gt 0; do
  if test "$1" = -f; then file=$2; shift; else args+=("$1"); fi
  shift
done
case " \${args[*]} " in *' restore '*|*' -R '*|*' r '*) test "$file" && exec < "$file" ;; *) test "$file" && exec > "$file" ;; esac
set -- "\${args[@]}"
cd "$BOX"
exec 9>lock; flock 9
printf '%s\\0' "$@" > args
case " $* " in *' restore '*|*' -R '*|*' r '*) cat > stdin ;; *) : > stdin ;; esac
echo run > ask
read -r code < answer
cat out; cat err >&2
exit "$code"
`,
  sleep: `#!/bin/bash
cd "$BOX"
exec 9>lock; flock 9
echo "sleep \${1%s}" > ask
read -r code < answer
`,
  'sort.sh': `#!/bin/bash
sed '/Members:/q' "$1" > .foo
sed '1,/Members:/d' "$1" | sort >> .foo
`,
  'diff.sh': `#!/bin/bash
plain() { grep -v -e '^Revision: ' -e '^Size in memory' "$1" | sed -e 's/timeout [0-9]*/timeout x/' -e 's/initval 0x[0-9a-f]*/initval x/'; }
diff <(plain "$1") <(plain "$2")
`,
  'ignore.sh': `#!/bin/bash
grep -v Revision: "$1" | sed 's/initval 0x[0-9a-f]*/initval 0x00000000/' > .foo; rm "$1"
`,
  check_counters: `#!/bin/bash
ipset list "$1" | grep -q "^$2[^ ]* packets $3 bytes $4"
`,
  check_extensions: `#!/bin/bash
line=$(ipset list "$1" | grep "^$2[^ ]* timeout [0-9]* packets $4 bytes $5") || exit 1
set -- $line "$3"
test "$3" -le "$8" -a "$3" -ge $(($8 - 10))
`,
  'resize.sh': `#!/bin/bash
ipset -q destroy resize-test
{ echo create resize-test hash:ip hashsize 64
for x in $(seq 1 32); do for y in $(seq 1 255); do echo add resize-test 192.168.$x.$y; done; done; } | ipset restore
`,
  'netgen.sh': `#!/bin/bash
echo create test hash:net hashsize 32
for x in $(seq 0 255); do for y in $(seq 0 3 253); do echo add test 10.$x.$y.0-10.$x.$((y + 2)).255; done; done
`,
  'netnetgen.sh': `#!/bin/bash
for word; do test $word = timeout && life='timeout 10'; test $word = comment && comment=comment; done
echo create test hash:net,net hashsize 32 maxelem 87040 $comment $life
for x in $(seq 0 255); do for y in $(seq 0 3 253); do
  echo add test 10.0.0.0-10.0.2.255,10.$x.$y.0-10.$x.$((y + 2)).255 $comment \${comment:+\\"net $x $y\\"}
done; done
`,
};

async function runScript(folder: string, script: string): Promise<string[]> {
  const box = mkdtempSync(join(tmpdir(), 'ipset-suite-'));
  const work = join(box, 'work');
  const bin = join(box, 'bin');
  for (const path of [work, bin]) mkdirSync(path);
  try {
    copySuite(folder, work);
    for (const [name, text] of Object.entries(TOOLS)) {
      const path = join(name === 'ipset' || name === 'sleep' ? bin : work, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
    }
    spawnSync('mkfifo', [join(box, 'ask'), join(box, 'answer')]);
    const server = serve(box);
    const failed: string[] = [];
    for (const line of linesOf(readFileSync(join(folder, script), 'utf8'))) {
      if (ELSEWHERE.test(line.command)) continue;
      const exit = await shell(line.command, work, bin, box);
      if (line.code === 'skip') {
        if (exit !== 0) break;
      } else if (exit !== Number(line.code)) failed.push(`${line.number}: ${line.command}: ${exit}, not ${line.code}`);
    }
    server();
    return failed;
  } finally {
    rmSync(box, { recursive: true });
  }
}

function shell(command: string, cwd: string, bin: string, box: string): Promise<number> {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, BOX: box, LC_ALL: 'C' };
  // What `ipset` complains of is kept for the next line to look at.
  const complaints = command.includes('ipset') ? openSync(join(cwd, '.foo.err'), 'w') : 'ignore';
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'ignore', complaints] });
    child.on('close', (code) => resolve(code ?? -1));
  });
}

/** Answers what the scripts ask; gives what ends it. */
function serve(box: string): () => void {
  let now = 0;
  const sets = new IpSets({ now: () => now, setReferences: () => 0 });
  const at = (name: string) => join(box, name);
  // Opened for writing, too: so it does not end when the last writer closes it. A process of its own waits at it.
  const cat = spawn('cat', { stdio: [openSync(at('ask'), 'r+'), 'pipe', 'ignore'] });
  const reader = createInterface({ input: cat.stdout! });
  reader.on('line', (line) => {
    if (line.startsWith('sleep ')) {
      now += Math.round(Number(line.slice(6)) * 1_000_000);
      writeFileSync(at('answer'), '0\n');
      return;
    }
    // A real machine is never as fast as the clock that stands still.
    now += 20_000;
    const args = readFileSync(at('args'), 'utf8').split('\0').slice(0, -1);
    const result = ipsetCommand(sets, args, readFileSync(at('stdin'), 'utf8'));
    writeFileSync(at('out'), result.stdout);
    writeFileSync(at('err'), result.stderr);
    writeFileSync(at('answer'), `${result.exit}\n`);
  });
  return () => {
    reader.close();
    cat.kill();
  };
}
