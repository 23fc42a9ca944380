import { clientFor, type Host } from '../host';
import type { PacketId } from '../model';
import type { NetReply, NetRequest } from '../shell';
import { buildPacket } from '../wire';
import { carryOn, connect } from './clients';
import { fillTcp } from './conversation';
import { type StepContext, sendPacket, silently, wait } from './play';
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
    // It sent nothing after all: no such host, an option that does not exist, or it only listens.
    const { value } = next;
    yield* silently(at, step, () => value);
    return;
  }
  while (!next.done) {
    const ear: Ear = { host: step.host, heard: [] };
    world.ear = ear;
    const said = yield* perform(at, step.host, next.value, nextId);
    world.ear = null;
    next = running.next({ ...said, heard: ear.heard });
  }
  const { shown, exit, notModelled } = next.value;
  for (const what of notModelled) host.emit(null, { type: 'not-modelled', what });
  host.emit(null, { type: 'command', command: step.command, exit, output: shown, record: false });
}

function* perform(
  at: StepContext,
  host: string,
  request: NetRequest,
  nextId: () => PacketId,
): Generator<void, Omit<NetReply, 'heard'>> {
  switch (request.kind) {
    case 'send': {
      const packet = buildPacket(fillTcp(at.world, host, '', request.packet));
      return { ...NOTHING, error: yield* sendPacket(at, host, nextId(), packet, request.mayFragment) };
    }
    case 'wait':
      yield* wait(at, request.seconds);
      return NOTHING;
    case 'connect': {
      const { kind: _, ...rest } = request;
      const opened = yield* connect(at, { ...rest, host }, nextId);
      return opened.ok ? standing(at.world.host(host), opened.client) : { ...NOTHING, error: opened.errno };
    }
    case 'more': {
      const on = at.world.host(host);
      clientFor(on, request.client).say(request.data ?? '', request.close ?? false);
      yield* carryOn(at, host, request.client, nextId);
      return standing(on, request.client);
    }
  }
}

const NOTHING = { error: null, client: -1, phase: 'connecting', received: '' } as const;

/** How a connection stands. */
function standing(host: Host, client: number): Omit<NetReply, 'heard'> {
  const tcp = clientFor(host, client);
  return { error: null, client, phase: tcp.phase, received: tcp.received() };
}
