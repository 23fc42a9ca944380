import { describe, expect, it } from 'vitest';
import { Sysctls, sysctlName } from './sysctl';

function fresh(): Sysctls {
  const s = new Sysctls();
  s.addDevice('lo');
  s.addDevice('eth0');
  return s;
}

describe('sysctls', () => {
  it('are named with dots or slashes', () => {
    expect(sysctlName('net.ipv4.ip_forward')).toBe('ipv4.ip_forward');
    expect(sysctlName('net/ipv4/conf/eth0/rp_filter')).toBe('ipv4.conf.eth0.rp_filter');
    expect(sysctlName('kernel.panic')).toBeNull();
  });

  it('begin as a lab does', () => {
    const s = fresh();
    expect(s.get('ipv4.ip_forward')).toBe('0');
    expect(s.get('ipv4.conf.eth0.accept_source_route')).toBe('1');
    expect(s.get('ipv4.conf.all.accept_source_route')).toBe('0');
    expect(s.get('ipv4.conf.eth7.rp_filter')).toBeUndefined();
    expect(s.get('ipv4.conf.DEV.rp_filter')).toBeUndefined();
  });

  it('refuse what the kernel refuses', () => {
    const s = fresh();
    expect(s.set('ipv4.no_such', '1')).toBe('No such file or directory');
    expect(s.set('ipv4.ip_forward', 'yes')).toBe('Invalid argument');
    expect(s.set('ipv4.ip_default_ttl', '0')).toBe('Invalid argument');
    expect(s.set('netfilter.nf_conntrack_tcp_loose', '2')).toBe('Invalid argument');
    expect(s.set('netfilter.nf_conntrack_count', '1')).toBe('Permission denied');
    expect(s.set('ipv4.icmp_ratelimit', '7')).toBeNull();
    expect(s.get('ipv4.icmp_ratelimit')).toBe('8');
  });

  it('spread: ip_forward to all interfaces, default to those that nobody has touched', () => {
    const s = fresh();
    s.set('ipv4.ip_forward', '1');
    expect(s.get('ipv4.conf.eth0.forwarding')).toBe('1');
    expect(s.get('ipv4.conf.all.forwarding')).toBe('1');
    s.set('ipv4.conf.default.accept_local', '1');
    expect(s.get('ipv4.conf.eth0.accept_local')).toBe('1');
    // A lab begins with this one of `default` written, which interfaces take over.
    s.set('ipv4.conf.default.rp_filter', '1');
    expect(s.get('ipv4.conf.eth0.rp_filter')).toBe('0');
    expect(s.get('ipv4.conf.lo.rp_filter')).toBe('1');
    // Nor does it move an interface that has had an address.
    s.settle('eth0');
    s.set('ipv4.conf.default.bc_forwarding', '1');
    expect(s.get('ipv4.conf.eth0.bc_forwarding')).toBe('0');
  });
});
