import { serviceByPort } from '../read/names';
import { portRange } from '../read/port-kinds';
import { not, option } from '../record';

/** Ports as the transport matches keep and print them. */
export interface PortTest {
  readonly min: number;
  readonly max: number;
  readonly negated: boolean;
}

export const ANY_PORT: PortTest = { min: 0, max: 65535, negated: false };

/** `--sport` and `--dport` of a match that the tool reads by its table of options. */
export const PORT_OPTIONS = {
  sport: option(portRange, 'Source port, or a range of ports', {
    aliases: ['source-port'],
    negatable: true,
    spoken: 'source-port',
  }),
  dport: option(portRange, 'Destination port, or a range of ports', {
    aliases: ['destination-port'],
    negatable: true,
    spoken: 'destination-port',
  }),
} as const;

/** Ports of a match that prints them wherever they were given. */
export function saveGivenPorts(flag: string, test: PortTest | null): string {
  if (test === null) return '';
  return `${not(test.negated)} --${flag} ${test.min === test.max ? test.min : `${test.min}:${test.max}`}`;
}

export function savePorts(flag: string, { min, max, negated }: PortTest): string {
  if (min === 0 && max === 65535) return '';
  return `${not(negated)} --${flag} ${min === max ? min : `${min}:${max}`}`;
}

/** As `iptables -L` shows them: ` dpt:80`, ` dpts:!1:1024`. */
export function listPorts(name: string, { min, max, negated }: PortTest, protocol: string, numeric: boolean): string {
  if (min === 0 && max === 65535 && !negated) return '';
  const show = (port: number): string => (numeric ? null : serviceByPort(port, protocol)) ?? port.toString();
  const inverse = negated ? '!' : '';
  return min === max ? ` ${name}:${inverse}${show(min)}` : ` ${name}s:${inverse}${show(min)}:${show(max)}`;
}

export function portMatches({ min, max, negated }: PortTest, port: number): boolean {
  return (port >= min && port <= max) !== negated;
}
