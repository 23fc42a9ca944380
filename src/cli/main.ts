import { writeSync } from 'node:fs';
import { expandCommand } from './expand';
import { recordCommand } from './record';
import { runCommand } from './run';
import { showCommand } from './show';

const USAGE = `hookline: runs labs of Linux hosts on a simulator of their network stack

  hookline run LAB.json... --out DIR     write the recording of each lab to DIR, under the lab's file name
  hookline run LAB.json... --summary     print one line a step, write nothing
  hookline expand LAB.json               print the lab with its connect, ping and udp steps as plain sends
  hookline record LAB.json... --out DIR  the same as run, on this machine's own Linux kernel (needs root)
  hookline show RECORDING.json...        print recordings in short lines

Exit code: 0 when every lab ran, also one whose configuration was refused; 2 when a file is no lab, or for a
command line that makes no sense; 1 when something else went wrong.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => number>> = {
  run: runCommand,
  expand: expandCommand,
  record: recordCommand,
  show: showCommand,
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined) {
  writeSync(2, USAGE);
  process.exitCode = 2;
} else if (name === '--help' || name === '-h' || name === 'help' || args.includes('--help')) writeSync(1, USAGE);
else if (!Object.hasOwn(COMMANDS, name)) {
  writeSync(2, `hookline: there is no command "${name}"\n\n${USAGE}`);
  process.exitCode = 2;
} else process.exitCode = COMMANDS[name]!(args);
