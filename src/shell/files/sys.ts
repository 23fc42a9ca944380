import type { Host } from '../../host';

/** Files of /sys that a host has: its interfaces and bridges, and what modules were given. */
export function sysFiles(host: Host): ReadonlyMap<string, (host: Host) => string> {
  const files = new Map<string, (host: Host) => string>([
    ['/sys/module/nf_conntrack/parameters/hashsize', (h) => `${h.ct.buckets}\n`],
    ['/proc/version', () => 'Linux version 6.1.0 (Hookline)\n'],
  ]);
  for (const device of host.devices.values()) {
    const folder = `/sys/class/net/${device.name}`;
    const { count } = device;
    const state = !device.up ? 'down' : device.kind === 'loopback' || device.kind === 'dummy' ? 'unknown' : 'up';
    const values: Readonly<Record<string, string | number>> = {
      address: device.mac,
      mtu: device.mtu,
      ifindex: device.index,
      operstate: state,
      type: device.kind === 'loopback' ? 772 : 1,
      addr_len: 6,
      iflink: device.index,
      tx_queue_len: device.qlen,
      carrier: 1,
      'statistics/rx_packets': count.rxPackets,
      'statistics/rx_bytes': count.rxBytes,
      'statistics/tx_packets': count.txPackets,
      'statistics/tx_bytes': count.txBytes,
      'statistics/rx_errors': 0,
      'statistics/rx_dropped': 0,
      'statistics/tx_errors': 0,
      'statistics/tx_dropped': 0,
      ...(device.kind === 'bridge' ? { 'bridge/stp_state': 0, 'bridge/forward_delay': 0 } : {}),
    };
    for (const [name, value] of Object.entries(values)) files.set(`${folder}/${name}`, () => `${value}\n`);
    if (device.master !== '') {
      const hairpin = device.hairpin ? 1 : 0;
      files.set(`${folder}/brport/hairpin_mode`, () => `${hairpin}\n`);
      files.set(`/sys/class/net/${device.master}/brif/${device.name}/hairpin_mode`, () => `${hairpin}\n`);
    }
  }
  return files;
}
