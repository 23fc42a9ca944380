"""The hosts and what is between them: segments, neighbours, MAC addresses learned."""
import ipaddress
import re
import socket
import time

from errors import Failure
from host import Host, offloads_off
from namespaces import Namespace

WIRE_MAC = "02:ff:ff:ff:ff:fe"  # machines that the lab does not model
PRIMER_MAC = "02:ff:ff:ff:ff:fd"
PRIMER_TYPE = 0x88B5  # an EtherType for local experiments
BRIDGE = "type bridge stp_state 0 forward_delay 0 mcast_snooping 0"


class Network:
    """Segments are bridges in a namespace of their own; each interface on a segment is one end of a veth pair."""

    def __init__(self, spec, steps):
        self.spec, self.steps = spec, steps
        self.hosts, self.ports = {}, {}
        self.owners, self._domain = {}, {}
        self._segments = {}

    def build(self):
        """Everything up to the interfaces and their addresses, then the hosts' configuration."""
        for i, (name, s) in enumerate(self.spec["hosts"].items()):
            self.hosts[name] = Host(name, s, i, self.steps, self.spec.get("neighbours") == "fail")
        w = self.wires = Namespace()
        for c in ("all", "default"):
            w.sysctl_if_there("net/ipv6/conf/%s/disable_ipv6" % c, 1)
        for k in ("iptables", "ip6tables", "arptables"):
            w.sysctl_if_there("net/bridge/bridge-nf-call-" + k, 0)
        for h in self.hosts.values():
            h.defaults()
        self._cables()
        for h in self.hosts.values():
            h.links()
        self._domain = self._domains()
        self._neighbours()
        self._prime()
        for h in self.hosts.values():
            h.configure()

    def _cables(self):
        commands = []
        pair = "link add %s mtu 65000 type veth peer name %s address %s mtu %d netns %s"
        for h in self.hosts.values():
            for n, s in h.interfaces.items():
                mtu = s.get("mtu", 1500)
                if s["kind"] == "dummy":  # a veth that leads nowhere: not every kernel has the dummy driver
                    d = "d%d" % len(commands)
                    commands += [pair % (d, n, s["mac"], mtu, h.ns.path), "link set %s up" % d]
                elif s["kind"] == "segment":
                    b = self._segment(s["segment"], commands)
                    p = self.ports[(h.name, n)] = "p%d" % len(self.ports)
                    commands += [pair % (p, n, s["mac"], mtu, h.ns.path), "link set %s master %s up" % (p, b)]
        if commands:
            self.wires.must(["ip", "-batch", "-"], "\n".join(commands) + "\n")
        for p in self.ports.values():
            offloads_off(self.wires, p)
        static = "".join("fdb add %s dev s%s master static\n" % (WIRE_MAC, b) for b in self._segments.values())
        if static:
            self.wires.must(["bridge", "-batch", "-"], static)

    def _segment(self, name, commands):
        """The bridge of a segment. One more port of it leads to the machines that the lab does not model."""
        if name not in self._segments:
            b = self._segments[name] = "b%d" % len(self._segments)
            commands += [
                "link add %s %s" % (b, BRIDGE),
                "link set %s up" % b,
                "link add s%s mtu 65000 type veth peer name t%s mtu 65000" % (b, b),
                "link set t%s up" % b,
                "link set s%s master %s up" % (b, b),
            ]
        return self._segments[name]

    def _domains(self):
        """Which interfaces are in one layer-2 network: {(host, interface): anything}."""
        parent = {}

        def find(x):
            parent.setdefault(x, x)
            while parent[x] != x:
                x = parent[x]
            return x

        for h in self.hosts.values():
            for n, s in h.interfaces.items():
                me = find((h.name, n))
                if s["kind"] == "segment":
                    parent[me] = find(("segment", s["segment"]))
                if s.get("master"):
                    parent[find((h.name, n))] = find((h.name, s["master"]))
        return {k: find(k) for k in list(parent)}

    def same_domain(self, a, b):
        """Whether two interfaces, each a (host, name), are in one layer-2 network."""
        return self._domain[a] == self._domain[b]

    def _neighbours(self):
        for h in self.hosts.values():
            for n, s in h.interfaces.items():
                for a in s.get("addresses") or []:
                    self.owners.setdefault(spelled(a.split("/")[0]), []).append((h.name, n, s["mac"]))
        for h in self.hosts.values():
            known = self._neighbours_of(h)
            if known:
                lines = ["neigh replace %s lladdr %s dev %s nud permanent" % (a, m, d) for (a, d), m in known.items()]
                h.ns.must(["ip", "-batch", "-"], "\n".join(lines) + "\n")

    def _neighbours_of(self, h):
        known = {}
        mine = {spelled(a.split("/")[0]) for s in h.interfaces.values() for a in s.get("addresses") or []}
        for n, s in h.interfaces.items():
            if s.get("master") or s["kind"] == "dummy":
                continue
            for a, owners in self.owners.items():
                for other, i, mac in owners:
                    if other != h.name and a not in mine and self.same_domain((other, i), (h.name, n)):
                        known.setdefault((a, n), mac)
        for member in ("routes", "routes6"):
            for m in re.finditer(r"via (?:inet6? )?(\S+)(?:.*? dev (\S+))?", h.spec.get(member) or ""):
                a, d = spelled(m.group(1)), m.group(2) or onlink(h, m.group(1))
                if a not in self.owners and d in h.interfaces:
                    known.setdefault((a, d), WIRE_MAC)
        for r in (s["receive"] for s in self.steps if "receive" in s):
            if r["host"] == h.name:
                a, d = spelled(r["packet"]["src"]), h.interfaces[r["interface"]].get("master") or r["interface"]
                if a not in self.owners and onlink(h, a, d):
                    known.setdefault((a, d), r.get("mac") or WIRE_MAC)
        return known

    def _prime(self):
        """Lets every bridge learn every address, so that nothing is flooded; and waits until every link carries
        frames both ways."""
        taps, want, sender = {}, set(), {}
        for key, ns in [(None, self.wires)] + [(h.name, h.ns) for h in self.hosts.values()]:
            with ns.inside():
                taps[key] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            taps[key].setblocking(False)
        for (host, n), p in self.ports.items():
            h = self.hosts[host]
            want |= {(host, n), (None, p)}
            sender[(None, p)] = (h.ns, n, h.interfaces[n]["mac"])
            sender[(host, n)] = (self.wires, p, PRIMER_MAC)
        end = time.monotonic() + 5
        while want and time.monotonic() < end:
            for w in sorted(want, key=str):
                announce(*sender[w])
            time.sleep(0.004)
            for key, tap in taps.items():
                for name in arrived(tap):
                    want.discard((key, name))
        if want:
            raise Failure("links do not come up: %s" % sorted(want, key=str))
        for h in self.hosts.values():
            for n, s in h.interfaces.items():
                if not s.get("master") and s["kind"] != "dummy":
                    announce(h.ns, n, s["mac"])
        for tap in taps.values():
            tap.close()


def spelled(a):
    """An address in its one spelling; what is none as it stands."""
    try:
        return str(ipaddress.ip_address(a))
    except ValueError:
        return a


def onlink(h, a, dev=None):
    """The interface on whose network an address is, or None."""
    ip = ipaddress.ip_address(a)
    for n, s in h.interfaces.items():
        if dev in (None, n):
            for x in s.get("addresses") or []:
                net = ipaddress.ip_interface(x).network
                if net.version == ip.version and ip in net:
                    return n
    return None


def announce(ns, dev, mac):
    """A broadcast of our own EtherType from this address."""
    with ns.inside():
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    try:
        s.bind((dev, 0))
        s.send(b"\xff" * 6 + bytes.fromhex(mac.replace(":", "")) + PRIMER_TYPE.to_bytes(2, "big") + b"\0" * 46)
    except OSError:
        pass
    s.close()


def arrived(tap):
    """The interfaces by which such broadcasts have come in."""
    names = []
    while True:
        try:
            _, (name, proto, kind, _, _) = tap.recvfrom(2000)
        except BlockingIOError:
            return names
        if kind != socket.PACKET_OUTGOING and proto == PRIMER_TYPE:
            names.append(name)
