import { posix } from 'node:path';
import { parseAst } from 'vite';
import type { Room } from '../../rooms';

/** An import, a re-export, a dynamic import, a type import, or `new URL('…', import.meta.url)`. */
interface Reference {
  readonly line: number;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** A node of the syntax tree, as far as it is needed here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isTest = (file: string): boolean => /\.(test|bench|spec)\.tsx?$/.test(file);

/**
 * Everything in the sources that crosses the arrows, and every file outside a known room.
 *
 * @param files path from the project's folder, with slashes → text
 * @returns one line for each problem: `file:line: what is wrong`
 */
export function brokenArrows(rooms: readonly Room[], files: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  for (const [file, text] of files) {
    const room = roomOf(rooms, file);
    if (room === undefined && isRoomed(file)) problems.push(`${file}:1: this folder is no room in src/rooms.ts`);
    for (const reference of references(file, text)) {
      const wrong = whatIsWrong(rooms, room, file, reference);
      if (wrong !== null) problems.push(`${file}:${reference.line}: ${wrong}`);
    }
  }
  return problems;
}

/** Files in src itself (this list of rooms, its test) and in e2e belong to no room. */
function isRoomed(file: string): boolean {
  return !file.startsWith('e2e/') && posix.dirname(file) !== 'src';
}

/** The innermost room that holds a file. Loose files of app belong to `app`, its folders do not. */
function roomOf(rooms: readonly Room[], file: string): Room | undefined {
  if (posix.dirname(file) === 'app') return rooms.find(({ room }) => room === 'app');
  return rooms.find(({ room }) => room !== 'app' && file.startsWith(`${room}/`));
}

function whatIsWrong(
  rooms: readonly Room[],
  room: Room | undefined,
  file: string,
  { target, typeOnly }: Reference,
): string | null {
  if (!target.startsWith('.')) return wrongPackage(room, file, target);
  const path = posix.join(posix.dirname(file), target.replace(/\?.*$/, ''));
  if (!/^(src|app)(\/|$)/.test(path)) return isRoomed(file) && !isTest(file) ? wrongOutside(path) : null;
  const other = rooms.find((candidate) => candidate.room === path) ?? roomOf(rooms, path);
  if (other === room || posix.dirname(file) === 'src') return null;
  if (other === undefined) return room === undefined || path === 'src/rooms' ? null : `${path} belongs to no room`;

  const doors = ['', '/index', ...(other.otherDoors ?? []).map((door) => `/${door}`)];
  const isDoor = doors.some((door) => path.replace(/\.tsx?$/, '') === other.room + door);
  // The tools that build and check the project are plain scripts, which the browser tests share.
  const isTool = path.startsWith('src/cli/dev/') && file.startsWith('e2e/');
  if (!isDoor && !isTool) return `${path} is inside ${other.room}; import its front door`;
  if (room === undefined || isTest(file)) return null;
  if (room.from.includes(other.room)) return null;
  if (room.typesFrom?.includes(other.room)) {
    return typeOnly ? null : `${room.room} may import only types from ${other.room}`;
  }
  return `${room.room} may not import ${other.room}`;
}

function wrongOutside(path: string): string | null {
  return path === 'package.json' ? null : `${path} is outside src and app`;
}

function wrongPackage(room: Room | undefined, file: string, target: string): string | null {
  if (room === undefined || isTest(file) || file.startsWith('src/cli/dev/')) return null;
  const name = target.startsWith('node:') ? 'node:' : target.split('/', target.startsWith('@') ? 2 : 1).join('/');
  const allowed = room.packages ?? [];
  return allowed.includes(name) || (name !== 'node:' && allowed.includes('*'))
    ? null
    : `${room.room} may not import ${target}`;
}

/**
 * What the house does not do, found in the syntax: code made from text, workers made from text (the page's policy does
 * not bind them), and in the engine a clock, chance, or state outside of `run`.
 *
 * @returns one line for each problem: `file:line: what is wrong`
 */
export function forbiddenCode(files: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  for (const [file, text] of files) {
    const isEngine = file.startsWith('src/') && !file.startsWith('src/cli/') && !isTest(file);
    const mayReadClock = /^src\/engine\/worker[^/]*\.ts$/.test(file); // it yields by the clock, and runs nothing by it
    const program = parse(file, text);
    const add = (node: Node, what: string) => problems.push(`${file}:${lineAt(text, node.start)}: ${what}`);
    visit(program, (node) => {
      const wrong = madeFromText(node) ?? (isEngine ? impure(node, mayReadClock) : null);
      if (wrong !== null) add(node, wrong);
    });
    if (!isEngine) continue;
    for (const statement of program.body as readonly Node[]) {
      const declared = (statement.declaration ?? statement) as Node;
      if (declared.type === 'VariableDeclaration' && declared.kind !== 'const' && declared.declare !== true) {
        add(declared, 'state of a module');
      }
    }
  }
  return problems;
}

function madeFromText(node: Node): string | null {
  if (node.type === 'ImportDeclaration' || node.type === 'ImportExpression') {
    const target = stringIn(node.source);
    return target !== null && /\?.*\binline\b/.test(target) && /worker/.test(target) ? 'inline worker' : null;
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const callee = nameOf(node.callee).replace(/^(globalThis|window|self)\./, '');
  const [first] = node.arguments as readonly Node[];
  if (callee === 'eval' || callee === 'Function') return `${callee} makes code from text`;
  if ((callee === 'setTimeout' || callee === 'setInterval') && first !== undefined && isText(first)) {
    return `${callee} makes code from text`;
  }
  if (callee === 'Worker' || callee === 'SharedWorker') {
    const fixed = first?.type === 'NewExpression' && nameOf(first.callee) === 'URL';
    return fixed ? null : `a ${callee} is made of new URL('./file', import.meta.url), and of nothing else`;
  }
  return null;
}

function impure(node: Node, mayReadClock: boolean): string | null {
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const parent = node.superClass === null ? '' : nameOf(node.superClass);
    return parent === '' || parent === 'Error' ? null : `inherits from ${parent}`;
  }
  if (node.type === 'TSEnumDeclaration') return 'enum';
  if (node.type === 'MemberExpression') {
    const name = nameOf(node);
    if (name === 'Math.random') return 'Math.random: chance comes in as Rng';
    if (/^crypto\./.test(name)) return `${name}: chance comes in as Rng`;
    if ((name === 'Date.now' || name === 'performance.now') && !mayReadClock)
      return `${name}: time comes in as SimTime`;
  }
  const isNow =
    (node.type === 'NewExpression' || node.type === 'CallExpression') &&
    nameOf(node.callee) === 'Date' &&
    (node.type === 'CallExpression' || (node.arguments as readonly Node[]).length === 0);
  return isNow ? 'Date reads a clock: time comes in as SimTime' : null;
}

function references(file: string, text: string): Reference[] {
  const found: Reference[] = [];
  visit(parse(file, text), (node) => {
    const target = targetOf(node);
    if (target !== null) found.push({ line: lineAt(text, node.start), target, typeOnly: isTypeOnly(node) });
  });
  return found;
}

function targetOf(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return stringIn(node.source);
    case 'NewExpression': {
      const [first, second] = node.arguments as readonly Node[];
      return nameOf(node.callee) === 'URL' && second !== undefined && nameOf(second) === 'import.meta.url'
        ? stringIn(first)
        : null;
    }
    default:
      return null;
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = (node.specifiers ?? []) as readonly Node[];
  return names.length > 0 && names.every((name) => name.importKind === 'type' || name.exportKind === 'type');
}

function parse(file: string, text: string): Node {
  return parseAst(text, { lang: file.endsWith('.tsx') ? 'tsx' : 'ts' }, file) as unknown as Node;
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child as Node, look);
    }
  }
}

/** `a.b.c` for such an expression, `import.meta.url` included; the empty string for any other. */
function nameOf(value: unknown): string {
  const node = value as Node;
  if (node.type === 'Identifier') return String(node.name);
  if (node.type === 'MetaProperty') return `${nameOf(node.meta)}.${nameOf(node.property)}`;
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  return `${nameOf(node.object)}.${nameOf(node.property)}`;
}

function stringIn(value: unknown): string | null {
  const node = value as Node | null | undefined;
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function isText(node: Node): boolean {
  return stringIn(node) !== null || node.type === 'TemplateLiteral';
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
