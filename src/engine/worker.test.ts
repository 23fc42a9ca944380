import { beforeAll, describe, expect, it } from 'vitest';
import { shippedLabs } from '../lab';
import type { Reply, Request } from './protocol';

const lab = await shippedLabs[0]!.load();

/** The global scope of a worker, as far as the engine's worker uses it. */
const scope = globalThis as unknown as {
  postMessage: (reply: Reply) => void;
  onmessage: (event: { data: Request }) => void;
};
const replies: Reply[] = [];
let heard = () => {};

beforeAll(async () => {
  scope.postMessage = (reply) => {
    replies.push(structuredClone(reply)); // as a real one does
    heard();
  };
  await import('./worker');
});

const send = (request: Request) => scope.onmessage({ data: request });

/** The reply to a request, when it comes. */
function reply(id: number): Promise<Reply> {
  return new Promise((resolve) => {
    heard = () => {
      const found = replies.find((r) => r.id === id);
      if (found) resolve(found);
    };
    heard();
  });
}

describe('the worker', () => {
  it('says when it is ready', () => {
    expect(replies[0]).toEqual({ id: -1, kind: 'ready' });
  });

  it('answers load, and questions about the run', async () => {
    send({ id: 1, method: 'load', args: [lab] });
    expect(await reply(1)).toMatchObject({ kind: 'run', value: { refused: null } });
    send({ id: 2, method: 'stateAt', args: [10] });
    expect(await reply(2)).toMatchObject({ kind: 'result', value: { event: 10 } });
    send({ id: 3, method: 'catalogue', args: [] });
    expect(await reply(3)).toMatchObject({ kind: 'result' });
  });

  it('tells what is wrong with a lab', async () => {
    send({ id: 4, method: 'load', args: [{ ...lab, name: 7 }] });
    expect(await reply(4)).toMatchObject({ kind: 'lab-error', diagnostics: [{ severity: 'error' }] });
  });

  it('gives up a load when a newer one comes', async () => {
    const steps = Array.from({ length: 300 }, () => lab.steps[0]);
    send({ id: 5, method: 'load', args: [{ ...lab, seed: 5, steps }] });
    send({ id: 6, method: 'load', args: [{ ...lab, seed: 6, steps }] });
    send({ id: 7, method: 'load', args: [{ ...lab, seed: 7 }] });
    expect(await reply(7)).toMatchObject({ kind: 'run' });
    expect(replies.filter((r) => r.id === 5 || r.id === 6).map((r) => r.kind)).toEqual(['superseded', 'superseded']);
  });

  it('reports a fault of its own, and goes on', async () => {
    send({ id: 8, method: 'tried', args: [0] });
    expect(await reply(8)).toMatchObject({ kind: 'fault', message: expect.stringContaining('no walk') });
    send({ id: 9, method: 'explain', args: [0, 2] });
    expect(await reply(9)).toMatchObject({ kind: 'result', value: [{ key: 'step.connect' }, {}] });
  });
});
