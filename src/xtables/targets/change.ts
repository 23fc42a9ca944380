import type { EventBody } from '../../model';
import type { Packet } from '../../wire';
import type { XtAction } from '../record';

type Field = Extract<EventBody, { type: 'change' }>['field'];

/** Tells of a change to the packet; nothing if it stayed the same. */
export function changed(
  action: XtAction,
  field: Field,
  before: string | number,
  after: string | number,
  by: string,
): void {
  if (before !== after) action.env.port.emit(action.skb, { type: 'change', field, before, after, by });
}

/** Puts an edited packet in the place of the old one, and tells what changed. */
export function replacePacket(
  action: XtAction,
  packet: Packet,
  field: Field,
  before: string | number,
  after: string | number,
  by: string,
): void {
  if (packet === action.skb.packet) return;
  action.skb.packet = packet;
  changed(action, field, before, after, by);
}

export function setMark(action: XtAction, mark: number, by: string): void {
  const before = action.skb.mark;
  action.skb.mark = mark >>> 0;
  changed(action, 'mark', before, action.skb.mark, by);
}
