import type { Host } from '../../host';
import { addrBytes } from '../../wire';
import { type SocketRow, socketsOf } from '../sockets';
import { nativeHex } from './proc-net';

/** /proc/net/tcp and its like. Addresses of the kernel's memory are not told: they are 0. */
export const socketFiles: Readonly<Record<string, (host: Host) => string>> = {
  '/proc/net/tcp': (host) => tcp(host, 4),
  '/proc/net/tcp6': (host) => tcp(host, 6),
  '/proc/net/udp': (host) => udp(host, 4),
  '/proc/net/udp6': (host) => udp(host, 6),
};

const NUMBERS: Readonly<Record<string, string>> = {
  ESTAB: '01',
  'SYN-SENT': '02',
  'SYN-RECV': '03',
  'FIN-WAIT-1': '04',
  'FIN-WAIT-2': '05',
  'TIME-WAIT': '06',
  'CLOSE-WAIT': '08',
  'LAST-ACK': '09',
  LISTEN: '0A',
  CLOSING: '0B',
};

const hex = (n: number, width: number): string => n.toString(16).toUpperCase().padStart(width, '0');

/** Each word of 32 bits as a number of this machine. */
function endpoint(addr: string, port: number): string {
  if (!addr.includes(':')) return `${nativeHex(addr)}:${hex(port, 4)}`;
  const bytes = addrBytes(addr);
  let out = '';
  for (let at = 0; at < 16; at += 4) for (let i = 3; i >= 0; i--) out += hex(bytes[at + i]!, 2);
  return `${out}:${hex(port, 4)}`;
}

function ends(row: SocketRow): string {
  const none = row.family === 4 ? '0.0.0.0' : '::';
  return `${endpoint(row.local, row.lport)} ${endpoint(row.remote ?? none, row.rport)}`;
}

/** Counted here: a kernel's numbers are its own. */
export const inode = (row: SocketRow): number => (row.program === '' ? 0 : 20000 + row.id);

function tcp(host: Host, family: 4 | 6): string {
  const head =
    family === 4
      ? '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
      : '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const rows = socketsOf(host).filter((r) => r.protocol === 'tcp' && r.family === family);
  const lines = rows.map((r, i) => {
    const send = r.state === 'LISTEN' ? 0 : r.sendQueue;
    const queues = `${hex(send, 8)}:${hex(r.recvQueue, 8)} 00:00000000 00000000     0        0 ${inode(r)}`;
    return `${String(i).padStart(4)}: ${ends(r)} ${NUMBERS[r.state]} ${queues} 1 0000000000000000 100 0 0 10 0`;
  });
  return family === 4 ? padded([head, ...lines], 149) : padded([head, ...lines], 0);
}

function udp(host: Host, family: 4 | 6): string {
  const head =
    family === 4
      ? '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
      : '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
  const rows = socketsOf(host).filter((r) => r.protocol === 'udp' && r.family === family);
  const lines = rows.map(
    (r) =>
      `${String(r.lport).padStart(5)}: ${ends(r)} 07 00000000:00000000 00:00000000 00000000     0        0 ${inode(r)} 2 0000000000000000 0`,
  );
  return family === 4 ? padded([head, ...lines], 127) : padded([head, ...lines], 0);
}

function padded(lines: readonly string[], width: number): string {
  return lines.map((line) => `${line.padEnd(width)}\n`).join('');
}
