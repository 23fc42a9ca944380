import type { Conn, CtInfo } from '../model';
import { IPS } from '../model';
import type { TcpHeader } from '../wire';
import { cacheEvent, IPCT } from './events';
import { type Dir, dirOf, flowOf } from './flow';
import type { TcpIndex } from './proto/tcp-table';
import type { TcpProto } from './proto/tcp-window';
import { fresh } from './seqadj';
import { ctTemplate } from './template';

/** What a SYN proxy keeps with a connection that it answered for. Kernel: struct nf_conn_synproxy */
export class Synproxy {
  /** The number that the client was answered with: the cookie. */
  isn = 0;
  /** The timestamp that the client was answered with, in milliseconds. */
  its = 0;
  /** How far the server's timestamps are ahead of those that the client sees. */
  tsoff = 0;

  /**
   * Whether a client asks after its connection, whose SYN to the server was lost, or the answer. Kernel:
   * nf_conntrack_tcp_packet(), TCP_CONNTRACK_MAX
   */
  isKeepAlive({ state, lastDir, seen }: TcpProto, dir: Dir, index: TcpIndex, { seq }: TcpHeader): boolean {
    return state === 'SYN_SENT' && index === 'ack' && dir === 0 && lastDir === 0 && (seen[0].end - 1) >>> 0 === seq;
  }
}

/** The template of every SYN that a proxy sends to a server. Kernel: synproxy_net.tmpl, nf_ct_add_synproxy() */
export const synproxyTemplate: Conn = ctTemplate({
  begin: (flow) => {
    flow.seqadj = [fresh(), fresh()];
    flow.synproxy = new Synproxy();
  },
});

/** Null if no proxy answered for it. Kernel: nfct_synproxy() */
export function synproxyOf(conn: Conn): Synproxy | null {
  return flowOf(conn).synproxy;
}

/** From now on the numbers of one direction are shifted by so much. Kernel: nf_ct_seqadj_init() */
export function seqadjInit(conn: Conn, info: CtInfo, offset: number): void {
  const flow = flowOf(conn);
  if (offset === 0 || flow.seqadj === null) return;
  flow.status |= IPS.SEQ_ADJUST;
  const way = flow.seqadj[dirOf(info)];
  way.before = offset;
  way.after = offset;
}

/** The largest window that one side has offered. Kernel: ip_ct_tcp_state.td_maxwin */
export function largestWindow(conn: Conn, dir: Dir): number {
  return (conn.proto as TcpProto).seen[dir].maxwin;
}

/** Something of the proxy changed: announced with the flow's next packet. Kernel: nf_conntrack_event_cache() */
export function synproxyChanged(conn: Conn, what: 'synproxy' | 'natseqinfo'): void {
  cacheEvent(flowOf(conn), IPCT[what]);
}
