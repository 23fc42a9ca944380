import * as v from 'valibot';
import { type Diagnostic, errorAt, fail, nearest, ok, type Result } from '../base';
import { diagnosticAt, type JsonNode, type JsonPath, locate, parseJson, scanJson } from './json';
import { labSchema, stepMembers, stepSchemas } from './schema';
import type { Lab, LabStep } from './types';

/** A fault in a lab, before it is known where in a text it stands. */
export interface Fault {
  readonly path: JsonPath;
  readonly code: string;
  readonly message: string;
  /** The fault lies in the name of the last member, not in its value. */
  readonly key?: boolean;
  readonly suggestion?: string;
  /** The member that is missing. */
  readonly missing?: string;
}

/** Says what is wrong with the hook functions and queue programs of a host: `ownFaults` of own-schema.ts. */
export type OwnCheck = (host: string, spec: object) => readonly Fault[];

/** `parseLab` with what it needs only now and then: asked for if a host has hook functions or queues of its own. */
export function parseLabWith(source: unknown, own: OwnCheck): Result<Lab> {
  if (typeof source !== 'string') return judge(source, null, own);
  const read = parseJson(source);
  return read.ok ? judge(read.value, source, own) : read;
}

function judge(value: unknown, text: string | null, own: OwnCheck): Result<Lab> {
  const faults = faultsOf(value, own);
  if (faults.length === 0) return ok(withSteps(value as Lab));
  const scan = text === null ? null : scanJson(text);
  const root = scan && 'node' in scan ? scan.node : null;
  const told = faults.map((fault) => toDiagnostic(fault, text ?? '', root));
  return fail(...told.sort((a, b) => a.line - b.line || a.column - b.column));
}

function withSteps(lab: Lab): Lab {
  return (lab as { steps?: unknown }).steps === undefined ? { ...lab, steps: [] } : lab;
}

function toDiagnostic(fault: Fault, text: string, root: JsonNode | null): Diagnostic {
  const place = pathText(fault.key ? fault.path.slice(0, -1) : fault.path);
  const message = place === '' ? fault.message : `${place}: ${fault.message}`;
  const suggestion =
    fault.suggestion === undefined
      ? undefined
      : { label: `"${fault.suggestion}"`, replacement: JSON.stringify(fault.suggestion) };
  if (!root) return errorAt(1, 1, 1, fault.code, message, suggestion ? { suggestion } : {});
  const span = locate(root, fault.path, fault.key ?? false);
  return diagnosticAt(text, span.start, span.end - span.start, fault.code, message, suggestion);
}

/** `hosts.router.listen[0].port` */
function pathText(path: JsonPath): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) out += out === '' ? part : `.${part}`;
    else out += `[${JSON.stringify(part)}]`;
  }
  return out;
}

function faultsOf(value: unknown, own: OwnCheck): readonly Fault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [
      { path: [], code: 'lab-shape', message: 'a lab is a JSON object with "format", "name", "hosts" and "steps"' },
    ];
  }
  const format = (value as { format?: unknown }).format;
  if (format !== undefined && format !== 'lab/1') return [badFormat(format)];
  const faults = check(labSchema, value, [], 'a lab');
  if (faults.length === 0) {
    for (const [name, spec] of Object.entries((value as Lab).hosts))
      if (spec.hooks !== undefined || spec.queues !== undefined) faults.push(...own(name, spec));
  }
  const steps = (value as { steps?: unknown }).steps;
  if (Array.isArray(steps)) {
    for (let i = 0; i < steps.length; i++) {
      const step: unknown = steps[i];
      if (typeof step === 'object' && step !== null) faults.push(...stepFaults(step as Record<string, unknown>, i));
    }
  }
  return faults.length > 0 ? faults : references(value as Lab);
}

function badFormat(format: unknown): Fault {
  const said = typeof format === 'string' ? format : typeof format;
  const message = said.startsWith('recording/')
    ? 'this is a recording, not a lab'
    : `only the format "lab/1" can be read, not "${said}"`;
  return { path: ['format'], code: 'lab-format', message };
}

function stepFaults(step: Record<string, unknown>, index: number): Fault[] {
  const kinds = Object.keys(stepSchemas);
  const faults: Fault[] = [];
  const found: (keyof typeof stepSchemas)[] = [];
  for (const key of Object.keys(step)) {
    if (Object.hasOwn(stepSchemas, key)) found.push(key as keyof typeof stepSchemas);
    else if (!(stepMembers as readonly string[]).includes(key)) {
      const near = nearest(key, [...kinds, ...stepMembers]);
      faults.push({
        path: ['steps', index, key],
        key: true,
        code: 'unknown-step',
        message: `there is no step "${key}"; a step is one of ${kinds.join(', ')}${meant(near)}`,
        ...(near === undefined ? {} : { suggestion: near }),
      });
    } else if (typeof step[key] !== 'string') {
      faults.push({ path: ['steps', index, key], code: 'lab-type', message: 'a text is wanted' });
    }
  }
  if (faults.length === 0 && found.length !== 1) {
    const message =
      found.length === 0 ? `a step is one of ${kinds.join(', ')}` : `a step is one thing, not ${found.join(' and ')}`;
    faults.push({ path: ['steps', index], code: 'lab-step', message });
  }
  for (const kind of found)
    faults.push(...check(stepSchemas[kind], step[kind], ['steps', index, kind], `a ${kind} step`));
  return faults;
}

/** Runs a schema; `what` names the outermost thing in messages about its members. */
export function check(schema: v.GenericSchema, value: unknown, base: JsonPath, what: string): Fault[] {
  const result = v.safeParse(schema, value);
  if (result.success) return [];
  const faults = result.issues.map((issue) => toFault(schema, issue, base, what));
  // A misspelt member is one mistake, not two: what it was meant to be is not missing.
  const misspelt = new Set(faults.map((f) => f.suggestion && `${pathText(f.path.slice(0, -1))} ${f.suggestion}`));
  return faults.filter((f) => !misspelt.has(`${pathText(f.path)} ${f.missing}`));
}

function toFault(schema: v.GenericSchema, issue: v.BaseIssue<unknown>, base: JsonPath, what: string): Fault {
  const items = issue.path ?? [];
  const inner = items.map((item) => item.key as string | number);
  const path = [...base, ...inner];
  const last = String(path[path.length - 1]);
  const key = items[items.length - 1]?.origin === 'key';
  if (issue.type === 'strict_object' && key) {
    if (issue.expected !== 'never') {
      return {
        path: path.slice(0, -1),
        code: 'missing-member',
        message: `the member "${last}" is missing`,
        missing: last,
      };
    }
    const near = nearest(last, membersAt(schema, items));
    const message = `"${last}" is not a member of ${ownerName(inner) ?? what}${meant(near)}`;
    return { path, key, code: 'unknown-member', message, ...(near === undefined ? {} : { suggestion: near }) };
  }
  const said = /object$/.test(issue.type) ? 'an object is wanted' : issue.message;
  return { path, key, code: 'lab-type', message: `${said}${butGot(issue.input)}` };
}

/** The parts of Valibot's schemas that lead from one to the schema of a member. */
interface SchemaShape {
  readonly entries?: Readonly<Record<string, SchemaShape>>;
  readonly wrapped?: SchemaShape;
  readonly value?: SchemaShape;
  readonly item?: SchemaShape;
  readonly getter?: (input: unknown) => SchemaShape;
}

/** The names that the object knows which an issue's path ends in. */
function membersAt(schema: v.GenericSchema, items: readonly v.IssuePathItem[]): readonly string[] {
  let shape: SchemaShape | undefined = schema as unknown as SchemaShape;
  for (const item of items.slice(0, -1)) {
    shape = unwrap(shape, item.input);
    shape = shape?.entries?.[String(item.key)] ?? shape?.value ?? shape?.item;
  }
  return Object.keys(unwrap(shape, items[items.length - 1]?.input)?.entries ?? {});
}

function unwrap(shape: SchemaShape | undefined, input: unknown): SchemaShape | undefined {
  for (let s = shape; s; s = s.wrapped ?? s.getter?.(input)) if (!s.wrapped && !s.getter) return s;
  return undefined;
}

/** The nearest name on the way to a member: `hosts.router.listen[0].prot` is of "listen". */
function ownerName(path: JsonPath): string | undefined {
  const names = path.slice(0, -1).filter((part) => typeof part === 'string');
  const name = names[names.length - 1];
  return name === undefined ? undefined : `"${name}"`;
}

function meant(near: string | undefined): string {
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function butGot(input: unknown): string {
  if (typeof input === 'string') return input.length > 40 ? '' : `, not ${JSON.stringify(input)}`;
  if (typeof input === 'number' || typeof input === 'boolean' || input === null) return `, not ${String(input)}`;
  if (Array.isArray(input)) return ', not a list';
  return '';
}

/** What points to a host, an interface or a bridge must find it. */
function references(lab: Lab): Fault[] {
  const faults: Fault[] = [];
  const hosts = Object.keys(lab.hosts);
  const steps: readonly LabStep[] = lab.steps ?? [];
  steps.forEach((step, index) => {
    for (const kind of ['send', 'receive', 'run', 'connect', 'ping', 'udp'] as const) {
      const body = (step as unknown as Record<string, { host: string; interface?: string } | undefined>)[kind];
      if (!body) continue;
      const host = lab.hosts[body.host];
      if (!host || !Object.hasOwn(lab.hosts, body.host)) {
        faults.push(missing(['steps', index, kind, 'host'], `there is no host "${body.host}"`, body.host, hosts));
        continue;
      }
      if (kind !== 'receive') continue;
      const interfaces = Object.keys(host.interfaces ?? {});
      if (!interfaces.includes(body.interface!)) {
        const message = `the host "${body.host}" has no interface "${body.interface}"`;
        faults.push(missing(['steps', index, kind, 'interface'], message, body.interface!, interfaces));
      } else if ((host.interfaces![body.interface!]!.kind ?? 'segment') !== 'segment') {
        const message = `"${body.interface}" is on no segment, so nothing can arrive on it`;
        faults.push({ path: ['steps', index, kind, 'interface'], code: 'unknown-name', message });
      }
    }
  });
  return faults;
}

function missing(path: JsonPath, message: string, word: string, known: readonly string[]): Fault {
  const near = nearest(word, known);
  return {
    path,
    code: 'unknown-name',
    message: `${message}${meant(near)}`,
    ...(near === undefined ? {} : { suggestion: near }),
  };
}
