import { describe, expect, it } from 'vitest';
import type { LabHost } from '../../src/engine';
import { partText, readPart, withPart } from './parts';

const host: LabHost = {
  interfaces: {
    eth0: { segment: 'lan', addresses: ['10.0.0.1/24', '2001:db8::1/64'], mtu: 1400 },
    br0: { kind: 'bridge' },
  },
  listen: [
    { protocol: 'tcp', port: 80, serves: 'http' },
    { protocol: 'udp', port: 53, address: '10.0.0.1' },
  ],
  sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv4.ip_local_port_range': '1000 2000' },
};

describe('parts of a host as text', () => {
  it.each(['interfaces', 'listen', 'sysctl'] as const)('%s: what is written is read again', (part) => {
    const read = readPart(part, partText(host, part));
    expect(read).toMatchObject({ ok: true, host: { [part]: host[part] } });
    expect(readPart(part, '')).toMatchObject({ ok: true });
    expect(withPart(host, part, {})).not.toHaveProperty(part);
  });

  it.each([
    ['interfaces', '{\n  "eth0": { "segmant": "lan" }\n}', 2, /segmant.*did you mean "segment"/],
    ['interfaces', '{\n  "eth0": { "segment": "lan" },\n  "lo": { "segment": "x" }\n}', 3, /"lo" always exists/],
    ['interfaces', '{ "eth0": ', 1, /./],
    [
      'listen',
      '[\n  { "protocol": "tcp", "port": 70000 }\n]',
      2,
      /a port is a whole number from 1 to 65535, not 70000/,
    ],
    ['sysctl', 'net.ipv4.ip_forward = 1\nnonsense\n', 2, /key = value/],
  ] as const)('%s: what is wrong is told with its line: %s', (part, text, line, message) => {
    const read = readPart(part, text);
    if (read.ok) throw new Error('it was taken');
    expect(read.diagnostics[0]?.line).toBe(line);
    expect(read.diagnostics[0]?.message).toMatch(message);
  });

  it.each(['garbage', '}', ', "eth1": {}'])('text after the end can be taken away: %s', (rest) => {
    const text = partText(host, 'interfaces');
    const read = readPart('interfaces', `${text.trimEnd()}${rest}\n`);
    if (read.ok) throw new Error('it was taken');
    expect(read.diagnostics).toMatchObject([
      { line: 4, column: 2, endColumn: 2 + rest.length, suggestion: { label: 'Remove it', replacement: '' } },
    ]);
    expect(read.diagnostics[0]?.message).toBe('There is text after the end.');
  });
});
