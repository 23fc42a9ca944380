import { kindTitle, type LabStep } from '../../src/engine';

/** What a step is called before the engine has run it. */
export function stepTitle(step: LabStep): string {
  if (step.title !== undefined) return step.title;
  if ('wait' in step) return `Wait ${step.wait.seconds} s`;
  if ('run' in step) return step.run.command;
  if ('send' in step) return 'Packet';
  return 'receive' in step ? 'Packet arrives' : kindTitle(step);
}

/** Who sends to whom, for a step that has not run. */
export function stepSubtitle(step: LabStep): string {
  if ('connect' in step) return `${step.connect.host} → ${step.connect.to}:${step.connect.port}`;
  if ('ping' in step) return `${step.ping.host} → ${step.ping.to}`;
  if ('udp' in step) return `${step.udp.host} → ${step.udp.to}:${step.udp.port}`;
  if ('send' in step) return `${step.send.host} → ${step.send.packet.dst}`;
  if ('receive' in step) return `${step.receive.interface} of ${step.receive.host}`;
  return 'run' in step ? `on ${step.run.host}` : 'the clock moves on';
}
