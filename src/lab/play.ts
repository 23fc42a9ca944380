import { type SimTime, seconds } from '../base';
import { rawSend } from '../host';
import type { Errno, PacketId } from '../model';
import type { ShellResult } from '../shell';
import { buildPacket, type Packet } from '../wire';
import { playConnect, playPing, playUdp } from './clients';
import { fillTcp } from './conversation';
import { receiveMac } from './neighbours';
import { type Placed, WIRE_MAC } from './segments';
import { talk } from './talk';
import type { Toolbox } from './toolbox';
import type { TraceSink, TraceStep } from './trace';
import type { Lab, LabStep, ReceiveStep, RunStep } from './types';
import type { World } from './world';

/** What the playing of one step needs. Replays use it with a world and a sink of their own. */
export interface StepContext {
  readonly lab: Lab;
  readonly world: World;
  readonly placed: readonly Placed[];
  readonly toolbox: Toolbox;
  readonly sink: TraceSink;
  /** Told of every step of the recording when it is over. */
  readonly done: (step: TraceStep) => void;
}

/** What a step of the recording says beside what happened. */
type Said = Pick<TraceStep, 'error' | 'exit' | 'output'>;

/** The host that a step is about, '' if it is about none. */
export function stepHost(step: LabStep): string {
  if ('wait' in step) return '';
  if ('send' in step) return step.send.host;
  if ('receive' in step) return step.receive.host;
  if ('run' in step) return step.run.host;
  if ('connect' in step) return step.connect.host;
  return 'ping' in step ? step.ping.host : step.udp.host;
}

/** Plays one step of the lab. Yields now and then, so that the caller may give up. */
export function* playStep(at: StepContext, step: LabStep): Generator<void, void> {
  const { world } = at;
  const id = String(world.userStep + 1);
  if ('send' in step) {
    const { host, packet } = step.send;
    yield* sendPacket(at, host, id, buildPacket(fillTcp(world, host, '', packet)));
  } else if ('receive' in step) yield* receive(at, step.receive, id);
  else if ('run' in step) yield* at.toolbox.talks(step.run.command) ? talk(at, step.run, id) : command(at, step.run);
  else if ('wait' in step) yield* wait(at, step.wait.seconds);
  else if ('connect' in step) yield* playConnect(at, step.connect, id);
  else if ('ping' in step) yield* playPing(at, step.ping, id);
  else yield* playUdp(at, step.udp, id);
}

/** Runs one step of the recording, and everything that follows from it, until all is quiet. */
function* recordingStep(
  at: StepContext,
  kind: TraceStep['kind'],
  act: () => Said,
  more?: () => Generator<void, void>,
): Generator<void, void> {
  const { world, sink } = at;
  const from = sink.nextId();
  const said = act();
  yield* quiet(world);
  if (more) yield* more();
  at.done({ userStep: world.userStep, kind, from, to: sink.nextId(), ...said });
  world.step++;
}

/** Turns until nothing waits any more. */
function* quiet(world: World): Generator<void, void> {
  for (let n = 1; world.turn(); n++) if (n % 64 === 0) yield;
}

/** A raw socket of root sends, and everything follows that comes of it. */
export function* sendPacket(
  at: StepContext,
  host: string,
  id: PacketId,
  packet: Packet,
  mayFragment = false,
): Generator<void, Errno | null> {
  let error: Errno | null = null;
  yield* recordingStep(at, 'send', () => {
    error = rawSend(at.world.host(host), id, packet, mayFragment);
    return error === null ? {} : { error };
  });
  return error;
}

function* receive(at: StepContext, step: ReceiveStep, id: PacketId): Generator<void, void> {
  const { world } = at;
  const { host, interface: dev } = step;
  const packet = buildPacket(fillTcp(world, host, dev, step.packet));
  const srcMac = (step.mac ?? WIRE_MAC).toLowerCase();
  const dstMac = step.to?.toLowerCase() ?? receiveMac(at.placed, host, dev, packet.dst);
  yield* recordingStep(at, 'receive', () => {
    world.emitPacket(host, id, packet, { type: 'born', how: 'receive', parent: null, cause: null });
    world.inject(host, dev, {
      id,
      parent: null,
      cause: null,
      srcMac,
      dstMac,
      bytes: { packet },
      uncertain: false,
      csumValid: false,
    });
    return {};
  });
}

/** A command that works on its host alone. */
function command(at: StepContext, step: RunStep): Generator<void, void> {
  return silently(at, step, () => {
    const said = at.toolbox.exec(at.world.host(step.host), step.command).next();
    if (!said.done) throw new Error(`asks the network: ${step.command}`);
    return said.value;
  });
}

/** A step in which a command sends nothing. */
export function* silently(at: StepContext, step: RunStep, run: () => ShellResult): Generator<void, void> {
  const host = at.world.host(step.host);
  yield* recordingStep(at, 'run', () => {
    const record = step.output ?? false;
    const { stdout, shown, exit, notModelled } = run();
    for (const what of notModelled) host.emit(null, { type: 'not-modelled', what });
    host.emit(null, { type: 'command', command: step.command, exit, output: shown, record });
    return { ...(exit === 0 ? {} : { exit }), ...(record ? { output: stdout } : {}) };
  });
}

/** The clock goes on. */
export function* wait(at: StepContext, span: number): Generator<void, void> {
  const { world } = at;
  const begin = () => {
    world.emit('', null, { type: 'wait', seconds: span });
    return {};
  };
  yield* recordingStep(at, 'wait', begin, () => passTime(world, world.time + seconds(span)));
}

/** The clock goes on to `end`; what is due on the way is done at its time. */
function* passTime(world: World, end: SimTime): Generator<void, void> {
  for (let next = world.nextTimer(); next <= end; next = world.nextTimer()) {
    world.time = Math.max(world.time, next);
    world.runTimers();
    yield* quiet(world);
    if (world.nextTimer() <= next) throw new Error('a timer that is due does not go away');
  }
  world.time = end;
}
