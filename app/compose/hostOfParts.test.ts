import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine';
import { labOfParts } from './hostOfParts';
import { readText } from './readText';

const made = (text: string) => {
  const read = readText(text);
  if (read.kind !== 'parts') throw new Error(`read as ${read.kind}`);
  return labOfParts(read.parts);
};

/** What kube-proxy writes for one service of two pods, without comments. */
const kubeProxy = (pods: readonly string[]): string => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-DNS - [0:0]
:KUBE-SVC-WEB - [0:0]
${pods.map((_, i) => `:KUBE-SEP-${i} - [0:0]`).join('\n')}
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-DNS
-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment "shop/web -d 10.9.9.9" -m tcp --dport 80 -j KUBE-SVC-WEB
-A KUBE-SVC-WEB ! -s 10.244.0.0/16 -d 10.96.7.7/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
${pods.map((_, i) => `-A KUBE-SVC-WEB -m statistic --mode nth --every ${pods.length - i} --packet 0 -j KUBE-SEP-${i}`).join('\n')}
${pods.map((pod, i) => `-A KUBE-SEP-${i} -p tcp -m tcp -j DNAT --to-destination ${pod}`).join('\n')}
COMMIT
`;

test('of kube-proxy’s rules a service is asked for, and its pods answer', () => {
  const { lab, guesses } = made(kubeProxy(['10.244.1.1:8080', '10.244.3.9:8080']));
  expect(guesses.join(' ')).toContain('cni0 has 10.244.0.1/16');
  expect(lab.steps).toEqual([{ connect: { host: 'outside', to: '10.96.7.7', port: 80 } }]);
  expect(Object.keys(lab.hosts)).toEqual(['host', 'outside', 'pod-1', 'pod-9']);
  const { events, steps } = createEngine().load(lab);
  expect(steps.map((s) => s.outcome)).toEqual([{ kind: 'done', note: 'connected' }]);
  const nat = events.find((e) => e.type === 'nat');
  expect(nat).toMatchObject({ host: 'host', after: { addr: '10.244.1.1', port: 8080 } });
});

test('a service of more pods than are put into the lab says so', () => {
  const { lab, guesses } = made(kubeProxy(Array.from({ length: 12 }, (_, i) => `10.244.1.${i + 5}:8080`)));
  expect(Object.keys(lab.hosts).filter((name) => name.startsWith('pod-'))).toHaveLength(8);
  expect(guesses.join(' ')).toContain('4 are left out');
});

test('an address that SNAT writes is the interface’s, in either family', () => {
  const snat = (to: string) =>
    `*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j SNAT --to-source ${to}\nCOMMIT\n`;
  const { lab } = made(`${snat('198.51.100.7')}${snat('2001:db8:9::7')}`);
  expect(lab.hosts.host?.interfaces?.eth0?.addresses).toEqual(['198.51.100.7/24', '2001:db8:9::7/64']);
});

test('of very many machines behind an interface some are put into the lab', () => {
  const dnat = Array.from(
    { length: 40 },
    (_, i) => `-A PREROUTING -p tcp --dport ${8000 + i} -j DNAT --to 172.17.0.${i + 2}:80`,
  );
  const text = ['*nat', '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', ...dnat, 'COMMIT', ''].join('\n');
  const { lab, guesses } = made(text.replaceAll('--to ', '--to-destination '));
  expect(Object.keys(lab.hosts).filter((name) => name.startsWith('machine-'))).toHaveLength(8);
  expect(guesses.join(' ')).toContain('32 are left out');
});

test.each([
  ['KUBE-SERVICES DOCKER', 'Kubernetes node'],
  ['DOCKER DOCKER-USER', 'Docker host'],
  ['DOCKER ufw-before-input', 'Docker host with ufw'],
  ['ufw-before-input f2b-sshd', 'Host with ufw and fail2ban'],
  ['INPUT_direct INPUT_ZONES IN_public', 'Host with firewalld'],
  ['DOCKERS in_wan', 'A host from its ruleset'],
])('a lab of a host with the chains %s is called %s', (chains, title) => {
  const text = chains.split(' ').map((chain) => `:${chain} - [0:0]\n`);
  expect(made(`*filter\n:INPUT ACCEPT [0:0]\n${text.join('')}COMMIT\n`).lab.title).toBe(title);
});
