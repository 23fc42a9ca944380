import type { PacketId } from '../model';
import type { NetReply, NetRequest } from '../shell';
import { buildPacket } from '../wire';
import { connect } from './clients';
import { fillTcp } from './conversation';
import { command, type StepContext, sendPacket, wait } from './play';
import type { RunStep } from './types';
import type { Ear } from './world';

/**
 * A command that sends packets: everything that it asks for becomes a step of the recording, so that the lab can be
 * expanded into plain sends and waits. What it prints stands at the end.
 */
export function* talk(at: StepContext, step: RunStep, id: PacketId): Generator<void, void> {
  const { world } = at;
  const host = world.host(step.host);
  const running = at.toolbox.exec(host, step.command);
  let packets = 0;
  const nextId = () => `${id}.${++packets}`;
  let next = running.next();
  if (next.done) {
    // It sent nothing after all: no such host, or an option that does not exist.
    yield* command(at, step);
    return;
  }
  while (!next.done) {
    const ear: Ear = { host: step.host, heard: [] };
    world.ear = ear;
    const said = yield* perform(at, step.host, next.value, nextId);
    world.ear = null;
    next = running.next({ ...said, heard: ear.heard });
  }
  const { stdout, stderr, exit, notModelled } = next.value;
  for (const what of notModelled) host.emit(null, { type: 'not-modelled', what });
  host.emit(null, { type: 'command', command: step.command, exit, output: stdout + stderr, record: false });
}

function* perform(
  at: StepContext,
  host: string,
  request: NetRequest,
  nextId: () => PacketId,
): Generator<void, Omit<NetReply, 'heard'>> {
  const nothing = { error: null, phase: 'connecting', received: '' } as const;
  switch (request.kind) {
    case 'send': {
      const packet = buildPacket(fillTcp(at.world, host, '', request.packet));
      return { ...nothing, error: yield* sendPacket(at, host, nextId(), packet) };
    }
    case 'wait':
      yield* wait(at, request.seconds);
      return nothing;
    case 'connect': {
      const { kind: _, ...rest } = request;
      const opened = yield* connect(at, { ...rest, host }, nextId);
      if (!opened.ok) return { ...nothing, error: opened.errno };
      const on = at.world.host(host);
      return { error: null, phase: on.clientPhase(opened.client), received: on.clientReceived(opened.client) };
    }
  }
}
