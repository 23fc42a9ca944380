/**
 * The rooms of the project and who may import whom: one line for each arrow in ARCHITECTURE.md. The test beside this
 * file holds every import to it.
 */
export interface Room {
  /** Folder, which is also the room's name. Everything below it belongs to it. */
  readonly room: string;
  /** Rooms whose front door (`index.ts`) it may import. */
  readonly from: readonly string[];
  /** Rooms from which it may import types, and nothing that runs. */
  readonly typesFrom?: readonly string[];
  /** Packages that it may import. `node:` stands for all of Node, `*` for any package but Node's. */
  readonly packages?: readonly string[];
  /** Files beside `index.ts` that others may load by address, or lazily: a worker, a heavy part of the page. */
  readonly otherDoors?: readonly string[];
}

const words = ['src/base', 'src/wire', 'src/model'];
const mechanisms = ['src/fib', 'src/conntrack', 'src/ipset', 'src/bridge'];
const belowHost = [...words, ...mechanisms, 'src/nat', 'src/xtables'];
const belowLab = [...belowHost, 'src/host', 'src/shell'];

const engineRooms: readonly Room[] = [
  { room: 'src/base', from: [] },
  { room: 'src/wire', from: ['src/base'] },
  { room: 'src/model', from: ['src/base', 'src/wire'], otherDoors: ['test-port'] },
  ...mechanisms.map((room) => ({ room, from: words, otherDoors: ['lazy'] })),
  { room: 'src/nat', from: [...words, 'src/conntrack'] },
  { room: 'src/xtables', from: [...words, ...mechanisms, 'src/nat'], otherDoors: ['lazy'] },
  { room: 'src/host', from: belowHost, otherDoors: ['lazy', 'test-world'] },
  { room: 'src/shell', from: [...belowHost, 'src/host'] },
  { room: 'src/own', from: [...belowHost, 'src/host'] },
  { room: 'src/lab', from: [...belowLab, 'src/own'], packages: ['valibot', '@codemirror/state'], otherDoors: ['lazy'] },
  { room: 'src/explain', from: [...words, 'src/xtables'] },
  {
    room: 'src/engine',
    from: [...belowLab, 'src/own', 'src/lab', 'src/explain'],
    packages: ['valibot', '@codemirror/state'],
    otherDoors: ['worker', 'near'],
  },
  { room: 'src/cli', from: [...words, 'src/engine'], packages: ['node:', '*'] },
];

const page = {
  typesFrom: ['src/model'],
  packages: ['*'],
  otherDoors: ['lazy'],
} as const;

const shownRooms = ['app/graph', 'app/panels', 'app/rules', 'app/timeline', 'app/compose', 'app/console'];

const pageRooms: readonly Room[] = [
  { room: 'app/ui', from: ['src/engine'], ...page },
  { room: 'app/store', from: ['src/engine'], ...page, otherDoors: ['lazy', 'testing'] },
  // Everything of a lab but its rules: edited in the editor of a host, and where the network is drawn.
  { room: 'app/setup', from: ['src/engine', 'app/store', 'app/ui'], ...page },
  ...shownRooms.map((room) => ({ room, from: ['src/engine', 'app/store', 'app/ui', 'app/setup'], ...page })),
  // The frame puts the rooms beside each other; what lies in app itself starts it.
  { room: 'app/shell', from: ['src/engine', 'app/store', 'app/ui', 'app/setup', ...shownRooms], ...page },
  { room: 'app', from: ['src/engine', 'app/store', 'app/ui', 'app/setup', 'app/shell', ...shownRooms], ...page },
];

export const rooms: readonly Room[] = [...engineRooms, ...pageRooms];
