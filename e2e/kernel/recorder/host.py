"""One host of the lab: a namespace, and its configuration by the real tools."""
import ctypes
import fcntl
import re
import socket
import struct

import packets
from errors import Refused
from namespaces import Namespace, need

OWN_GROUP = 5  # nfnetlink_log group of what the host takes without an answer

DEFAULTS_EACH = {  # of conf/all and conf/default
    "net/ipv4/conf/%s/rp_filter": 0,
    "net/ipv4/conf/%s/send_redirects": 0,
    "net/ipv6/conf/%s/accept_dad": 0,
    "net/ipv6/conf/%s/router_solicitations": 0,
    "net/ipv6/conf/%s/accept_ra": 0,
    "net/ipv6/conf/%s/autoconf": 0,
    "net/ipv6/conf/%s/mldv2_unsolicited_report_interval": 1,
    "net/ipv6/conf/%s/mldv1_unsolicited_report_interval": 1,
    "net/ipv6/conf/%s/addr_gen_mode": 1,
}
DEFAULTS = {
    "net/ipv4/icmp_ratelimit": 0,
    "net/ipv4/icmp_msgs_per_sec": 1000000,
    "net/ipv4/icmp_msgs_burst": 1000000,
    "net/ipv6/icmp/ratelimit": 0,
    "net/ipv4/tcp_invalid_ratelimit": 0,
    "net/ipv4/tcp_rto_min_us": 100000000,  # nothing is ever sent again
    "net/ipv4/tcp_early_retrans": 0,  # nor is the last segment of several, as a probe
    "net/ipv4/tcp_synack_retries": 0,
    "net/ipv4/ip_forward": 0,
    "net/bridge/bridge-nf-call-iptables": 0,
    "net/bridge/bridge-nf-call-ip6tables": 0,
    "net/bridge/bridge-nf-call-arptables": 0,
    "net/netfilter/nf_conntrack_events": 1,
    "net/netfilter/nf_log/2": "nfnetlink_log",
    "net/netfilter/nf_log/10": "nfnetlink_log",
}
BUILT_IN_RULES = [["from", "all", "lookup", t] for t in ("local", "main", "default")]

# nftrace on every packet makes iptables-legacy report each rule that matches; ND and MLD never reach a rule; what the
# host owns is taken before a socket sees it. `tracking` makes the kernel track connections.
TRACE_TABLE = """table inet labtrace {
  set own4 { type ipv4_addr . inet_proto . inet_service; %(own4)s; }
  set own6 { type ipv6_addr . inet_proto . inet_service; %(own6)s; }
  set anyp { type inet_proto . inet_service; %(anyp)s; }
  chain pre { type filter hook prerouting priority -450; icmpv6 type { 130-137, 143 } drop; meta nftrace set 1; }
  chain out { type filter hook output priority -450; icmpv6 type { 130-137, 143 } drop; meta nftrace set 1; }
  chain in { type filter hook input priority 2147483647;
    ip daddr . meta l4proto . th dport @own4 log group %(group)d drop
    ip6 daddr . meta l4proto . th dport @own6 log group %(group)d drop
    meta l4proto . th dport @anyp log group %(group)d drop
  }
%(tracking)s}
"""
TRACKING = "  chain tracking { type filter hook prerouting priority -150; ct state invalid counter; }\n"


class Host:
    """Configured in the order of the format: interfaces, ipset, sysctl, routes, rules, iptables, nftables, ipvs."""

    def __init__(self, name, spec, index, steps, neighbours_fail=False):
        self.name, self.spec, self.steps, self.neighbours_fail = name, spec, steps, neighbours_fail
        self.ns = Namespace()
        self.interfaces = {}
        for i, (n, s) in enumerate((spec.get("interfaces") or {}).items()):
            mac = s.get("mac") or "02:00:00:00:%02x:%02x" % (index + 1, i + 1)
            self.interfaces[n] = dict(s, mac=mac, name=n, kind=s.get("kind", "segment"))

    def defaults(self):
        """Sysctls as the format has them, before any interface is there."""
        for key, value in DEFAULTS_EACH.items():
            for c in ("all", "default"):
                self.ns.sysctl_if_there(key % c, value)
        for key, value in DEFAULTS.items():
            self.ns.sysctl_if_there(key, value)

    def links(self):
        """Bridges, ports and addresses; the pairs of veth are there already."""
        first, then = ["link set lo up"], []
        for n, s in self.interfaces.items():
            if s["kind"] == "bridge":
                mtu = " mtu %d" % s["mtu"] if "mtu" in s else ""
                how = "type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
                first.append("link add name %s address %s%s %s" % (n, s["mac"], mtu, how))
            if s["kind"] == "dummy":
                first.append("link set dev %s arp off" % n)
        for n, s in self.interfaces.items():
            if s.get("master"):
                first.append("link set dev %s master %s" % (n, s["master"]))
            first.append("link set dev %s up" % n)
        for n, s in self.interfaces.items():
            for a in s.get("addresses") or []:
                then.append("addr add %s dev %s%s" % (a, n, " nodad" if ":" in a else " brd +"))
        self._batch("interfaces", first)
        for n, s in self.interfaces.items():
            for family in () if self.neighbours_fail else (4, 6):  # IPv6 has nothing to set on a link with an MTU below 1280
                for key in ("mcast_solicit", "app_solicit", "ucast_solicit", "mcast_resolicit"):
                    self.ns.sysctl_if_there("net/ipv%d/neigh/%s/%s" % (family, n, key), 0)
            if s["kind"] != "dummy":
                offloads_off(self.ns, n)
        if then:
            self._batch("addresses", then)

    def _batch(self, tool, lines):
        rc, _, err = self.ns.run(["ip", "-batch", "-"], "\n".join(lines) + "\n")
        if rc:
            raise Refused(self.name, tool, 0, err.strip())

    def configure(self):
        """Everything after the interfaces. Raises Refused with the first text that the real tool does not take."""
        s = self.spec
        if s.get("ipset"):
            need("ipset")
        self._load("ipset", s.get("ipset"), ["ipset", "restore"])
        self._sysctls()
        for member in ("routes", "routes6", "rules", "rules6"):
            self._ip(member)
        self._trace_table()
        self._load("iptables", s.get("iptables"), ["iptables-restore", "-w"])
        self._load("ip6tables", s.get("ip6tables"), ["ip6tables-restore", "-w"])
        nft = re.sub(r"(?m)^\s*flush\s+ruleset\s*;?\s*$", "", s.get("nftables") or "")
        self._load("nftables", nft, ["nft", "-f", "-"])
        if s.get("ipvs"):
            need("ipvsadm")
            rc, _, err = self.ns.run(["ipvsadm", "-R"], s["ipvs"])
            if rc:
                raise Refused(self.name, "ipvs", 1, err.strip())

    def _sysctls(self):
        for i, (key, value) in enumerate((self.spec.get("sysctl") or {}).items()):
            last = re.split(r"[./]", key)[-1]
            # the first is one number for all namespaces and set elsewhere; the second is for the simulator alone
            if last in ("nf_conntrack_max", "nf_conntrack_buckets"):
                continue
            try:
                self.ns.sysctl(key, value)
            except OSError as e:
                raise Refused(self.name, "sysctl", i + 1, "%s: %s" % (key, e.strerror))

    def _ip(self, member):
        out = []
        for line in (self.spec.get(member) or "").split("\n"):
            line = line.strip()
            if not line or "proto kernel" in line:
                out.append("")  # the numbers of the lines that follow stay as they are
            elif member.startswith("routes"):
                out.append("route add " + line)
            else:
                out.append(rule_command(line))
        if any(out):
            family = "-6" if member.endswith("6") else "-4"
            self._load(member, "\n".join(out) + "\n", ["ip", family, "-batch", "-"])

    def _trace_table(self):
        own4, own6, anyp = self._owned()
        elements = lambda x: "elements = { %s }" % ", ".join(sorted(x)) if x else ""
        text = TRACE_TABLE % {
            "own4": elements(own4),
            "own6": elements(own6),
            "anyp": elements(anyp),
            "group": OWN_GROUP,
            "tracking": TRACKING if self.spec.get("conntrack") else "",
        }
        self.ns.must(["nft", "-f", "-"], text)

    def _load(self, tool, text, argv):
        if not text:
            return
        rc, _, err = self.ns.run(argv, text)
        if not rc:
            return
        if argv[0] == "ip" and not re.search(r":\d+\s*$", err.strip()):  # it does not always name the line
            for i, line in enumerate(text.split("\n")):
                if line:
                    again, _, why = self.ns.run(argv, line + "\n")
                    if again and "File exists" not in why:
                        raise Refused(self.name, tool, i + 1, why.strip())
        m = re.search(r"(?:line:?\s+|Command failed -:|Command failed /dev/stdin:|/dev/stdin:)(\d+)", err)
        raise Refused(self.name, tool, int(m.group(1)) if m else 0, err.strip())

    def _owned(self):
        """What is delivered to these addresses and ports is taken and not answered: the ports that the host sends
        from, and silent listeners."""
        own4, own6, anyp = set(), set(), set()
        listens = self.spec.get("listen") or []
        echoing = {(l["protocol"], l["port"]) for l in listens if not l.get("silent")}
        for step in self.steps:
            if "send" in step and step["send"]["host"] == self.name:
                p = step["send"]["packet"]
                for k in ("tcp", "udp"):
                    if k in p and (k, p[k]["sport"]) not in echoing:
                        own = own6 if packets.is6(p["src"]) else own4
                        own.add("%s . %s . %d" % (p["src"], k, p[k]["sport"]))
        for l in listens:
            if l.get("silent"):
                a = l.get("address")
                if a in (None, "0.0.0.0", "::"):
                    anyp.add("%s . %d" % (l["protocol"], l["port"]))
                else:
                    (own6 if packets.is6(a) else own4).add("%s . %s . %d" % (a, l["protocol"], l["port"]))
        return own4, own6, anyp


def rule_command(line):
    """A line that `ip rule` prints, as a command that adds it; nothing for the three built-in rules."""
    m = re.match(r"(\d+):\s*(.*)", line)
    if not m:
        return "rule add " + line
    if m.group(1) in ("0", "32766", "32767") and m.group(2).split() in BUILT_IN_RULES:
        return ""
    return "rule add pref %s %s" % m.groups()


def offloads_off(ns, dev):
    """So that what is captured is what would be on a wire: no checksums left out, no packets joined.
    Kernel: uapi/linux/ethtool.h, SRXCSUM STXCSUM SSG STSO SGSO SGRO."""
    siocethtool = 0x8946
    with ns.inside():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for cmd in (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C):
            value = ctypes.create_string_buffer(struct.pack("II", cmd, 0))
            try:
                fcntl.ioctl(s, siocethtool, struct.pack("16sQ16x", dev.encode(), ctypes.addressof(value)))
            except OSError:
                pass
        s.close()
