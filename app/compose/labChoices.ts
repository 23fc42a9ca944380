import { type Lab, shippedLabs } from '../../src/engine';
import { EMPTY_LAB } from '../store';

interface LabChoice {
  readonly name: string;
  readonly title: string;
  readonly notes: string;
  readonly load: () => Promise<Lab>;
}

const title = 'A host without rules';

/** To begin with: a host, somebody to talk to, and no rule. */
export const emptyLab: LabChoice = {
  name: 'empty',
  title,
  notes: 'A host with one neighbour, to begin with nothing.',
  load: async () => ({
    ...EMPTY_LAB,
    name: 'one-host',
    title,
    hosts: {
      host: {
        interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
        iptables: '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
        listen: [{ protocol: 'tcp', port: 80, serves: 'http' }],
      },
      neighbour: { interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.2/24'] } } },
    },
    view: { host: 'host' },
  }),
};

/** Every lab that comes with the page. */
export const labChoices: readonly LabChoice[] = [...shippedLabs, emptyLab];
