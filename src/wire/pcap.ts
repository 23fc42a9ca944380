/** A frame of a capture: an IP packet and when it was seen, in microseconds since 1970. */
export interface PcapFrame {
  readonly timeUs: number;
  readonly bytes: Uint8Array;
}

const LINKTYPE_RAW = 101;
const SNAPLEN = 262_144;

/** A capture file (classic pcap, microseconds, little endian) of bare IP packets. */
export function writePcap(frames: readonly PcapFrame[]): Uint8Array<ArrayBuffer> {
  const size = frames.reduce((n, frame) => n + 16 + frame.bytes.length, 24);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPLEN, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  let at = 24;
  for (const { timeUs, bytes } of frames) {
    view.setUint32(at, Math.floor(timeUs / 1_000_000), true);
    view.setUint32(at + 4, timeUs % 1_000_000, true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, bytes.length, true);
    out.set(bytes, at + 16);
    at += 16 + bytes.length;
  }
  return out;
}
