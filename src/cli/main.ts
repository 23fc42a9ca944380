import { writeSync } from 'node:fs';

const usage = `hookline: runs labs on the simulator

  hookline run LAB.json... --out DIR     write the recording of each lab to DIR
  hookline run LAB.json... --summary     print one line a step, write nothing
  hookline expand LAB.json               print the lab with its connect steps expanded
`;

writeSync(2, usage);
process.exitCode = 2;
