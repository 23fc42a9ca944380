import { expect, test } from 'vitest';
import { whyStep } from './whyStep';

test.each([
  'ip6tables -L',
  'iptables -t nat -nvL POSTROUTING',
  '/sbin/iptables -S',
  'iptables-save -c',
  'iptables --list',
  'iptables --table=nat --list-rules',
  'sudo iptables --list INPUT --numeric --verbose --line',
  'iptables -L -n --line-numbers',
  'iptables -C INPUT -p tcp --dport 22 -j ACCEPT',
  'iptables -S | grep ACCEPT | wc -l',
])('%s is a step because of the table that it loads', (line) => expect(whyStep(line)).toMatch(/table/));
test.each([
  'iptables -A INPUT -j LOG',
  'iptables -L -Z',
  'iptables -nvLZ',
  'iptables-restore',
  'ip route',
  'iptables --flush',
  'iptables',
  'iptables --list --zero',
  'iptables -L && ip link set eth0 down',
  'iptables -L; iptables -F',
  'iptables -L & ip link set eth0 down',
  'iptables -S || ip link set eth0 down',
  'iptables -S | iptables-restore',
  'iptables-save > /etc/iptables.rules',
  'iptables -L\nip link set eth0 down',
  'iptables -L $(ip link set eth0 down)',
])('%s says itself what it changes', (line) => expect(whyStep(line)).toBe(''));
