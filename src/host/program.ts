import type { Host } from './host';
import { runAccept, runDelack, runPace, runRead } from './tcp/program';
import { type DatagramTask, runDatagram } from './udp';

/** What programs of a host are woken for. Plain values. */
type Task =
  | { readonly kind: 'accept'; readonly sock: number }
  | { readonly kind: 'read'; readonly sock: number }
  | { readonly kind: 'delack'; readonly sock: number; readonly turns: number }
  | { readonly kind: 'pace'; readonly sock: number }
  | DatagramTask
  | { readonly kind: 'queue'; readonly entry: number };

/** A program runs: it has been woken, and all packets under way have been dealt with. */
export function runTask(host: Host, task: unknown): void {
  const t = task as Task;
  switch (t.kind) {
    case 'accept':
      runAccept(host, t.sock);
      return;
    case 'read':
      runRead(host, t.sock);
      return;
    case 'delack':
      runDelack(host, t.sock, t.turns);
      return;
    case 'pace':
      runPace(host, t.sock);
      return;
    case 'datagram':
      runDatagram(host, t);
      return;
    case 'queue': {
      const entry = host.queued.find((e) => e.id === t.entry);
      const program = entry && host.queuePrograms.get(entry.queue);
      if (entry && program) program.run(host, entry, program);
      return;
    }
  }
}
