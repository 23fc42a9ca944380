"""One lab from its text to its recording."""
import errno
import ipaddress
import json
import re
import socket
import time

import dumps
import listeners
import packets
import queues
from errors import Failure, Refused, Stalled
from loop import Loop
from netlink import entry_key
from network import WIRE_MAC, Network
from observer import Observer

IP_FREEBIND, IPV6_FREEBIND = 15, 78
# `nft flush ruleset` would take our own table with it
FLUSH = "for t in $(nft list tables | sed 's/^table //' | grep -v labtrace | tr ' ' _); do nft delete table $(echo $t | sed 's/_/ /'); done"


class Memory:
    """What has to be remembered from step to step: TCP conversations, and ports that NAT chose."""

    def __init__(self, text):
        self.numbers = set(re.findall(r"\d+", text))
        self.next_seq, self.seen, self.random = {}, {}, {}

    def note_segment(self, where, data):
        """A segment that the host took or that left by an interface: its successor's number is the ack to come."""
        t = packets.tcp_raw(data)
        if t:
            self.seen[where + t[:4]] = t[4]

    def note_ports(self, entry):
        """Ports and ICMP ids that NAT chose at random: they differ from the original's and are not in the lab."""
        o, r = entry["original"], entry["reply"]
        for a, b in (("sport", "dport"), ("dport", "sport"), ("id", "id")):
            if b in r and a in o and isinstance(r[b], int) and r[b] != o[a] and str(r[b]) not in self.numbers:
                self.random.setdefault(r[b], "random%d" % (len(self.random) + 1))

    def fill(self, where, p):
        """Absent sequence and acknowledgement numbers go on where the conversation stands."""
        if "tcp" not in p or p.get("fragment"):
            return p
        t = dict(p["tcp"])
        flags = t.get("flags", "")
        src, dst = (packets.address(packets.packed(p[k])) for k in ("src", "dst"))
        there, back = (src, dst, t["sport"], t["dport"]), (dst, src, t["dport"], t["sport"])
        if t.get("seq") is None:
            t["seq"] = self.next_seq.get(where + there, 1000)
        if t.get("ack") is None:
            t["ack"] = self.seen.get(where + back, 0) if "A" in flags else 0
        length = len(packets.payload_to_bytes(t.get("payload"))) + ("S" in flags) + ("F" in flags)
        self.next_seq[where + there] = t["seq"] + length
        return dict(p, tcp=t)


class Lab:
    """`anyhow`: take the recording even if this machine stood still in between."""

    def __init__(self, text, by, anyhow=False):
        self.spec = checked(text)
        self.steps = self.spec.get("steps") or []
        self.by, self.anyhow = by, anyhow
        self.memory = Memory(text)
        self.network = Network(self.spec, self.steps)
        self.loop = Loop()
        self.observers, self.conntracks, self.numberings = {}, {}, {}
        self._open, self._injectors = [], {}

    def record(self):
        """The recording, as a value."""
        result = {"format": "recording/1", "lab": self.spec["name"], "by": self.by}
        try:
            self.network.build()
        except Refused as e:
            result["refused"] = e.info
            return result
        self._watch()
        result["steps"] = [self._step(s) for s in self.steps]
        if self.loop.stalled and not self.anyhow:
            raise Stalled()
        end = {name: e for name, e in ((h.name, self._end(h)) for h in self.network.hosts.values()) if e}
        problems = [p for o in self.observers.values() for p in o.problems]
        if problems:
            raise Failure("; ".join(problems))
        if end:
            result["end"] = end
        if self.memory.random:
            rename(result, self.memory.random)
            for e in end.values():
                if "conntrack" in e:
                    e["conntrack"].sort(key=entry_key)
        return result

    def _watch(self):
        for h in self.network.hosts.values():
            numbering = self.numberings[h.name] = dumps.Numbering(h)
            numbering.refresh()
            self.observers[h.name] = Observer(h, self.loop, numbering, self.memory)
            self.conntracks[h.name] = dumps.ConntrackDump(h, self.memory)
            for l in h.spec.get("listen") or []:
                if not l.get("silent"):
                    self._open += listeners.listen(self.loop, l, h.ns.inside())
            for q in h.spec.get("queues") or []:
                self._open.append(queues.listen(self.loop, q, h.ns.inside()))
        self.loop.settle(0.03)
        for o in self.observers.values():
            o.clear()
        self.memory.seen.clear()

    def _step(self, step):
        result = {}
        if "send" in step or "receive" in step:
            start = time.monotonic()
            result = self._send(step["send"]) if "send" in step else self._receive(step["receive"])
            self.loop.answer(start)
        elif "run" in step:
            result = self._run(step["run"])
        elif "wait" in step:
            self.loop.settle()
            self.loop.run_for(step["wait"]["seconds"])
            for c in self.conntracks.values():
                c.entries()
        else:
            raise Failure("A step %s is for the simulator alone: `hookline expand` writes it out." % list(step))
        self.loop.settle()
        hosts = {name: seen for name, seen in ((n, o.clear()) for n, o in self.observers.items()) if seen}
        if "wait" in step or "run" in step:
            for h in hosts.values():
                if "conntrack" in h:  # they come in the order of a hash table
                    h["conntrack"].sort(key=lambda e: (e["event"], entry_key(e["entry"])))
        if hosts:
            result["hosts"] = hosts
        return result

    def _send(self, step):
        """A raw socket of root, bound to the packet's source, which need not be the host's."""
        h = self.network.hosts[step["host"]]
        p = self.memory.fill((h.name, None), step["packet"])
        six = packets.is6(p["src"])
        with h.ns.inside():
            s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        try:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if six:
                s.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            else:
                s.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
                s.setsockopt(socket.SOL_IP, socket.IP_TOS, p.get("tos", 0))
            try:
                s.bind((p["src"], 0))
            except OSError:
                pass
            s.sendto(packets.build(p), (p["dst"], 0))
        except OSError as e:
            return {"error": errno.errorcode.get(e.errno, str(e.errno))}
        finally:
            s.close()
        return {}

    def _receive(self, step):
        """A frame put onto the wire of an interface, as from a machine that the lab does not model."""
        h = self.network.hosts[step["host"]]
        p = self.memory.fill((h.name, step["interface"]), step["packet"])
        to = step.get("to") or self._destination_mac(h, step["interface"], p["dst"])
        port = self.network.ports[(h.name, step["interface"])]
        if port not in self._injectors:  # kept open: closing one takes many milliseconds
            with self.network.wires.inside():
                s = self._injectors[port] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
                s.bind((port, 0))
        macs = [bytes.fromhex(m.replace(":", "")) for m in (to, step.get("mac") or WIRE_MAC)]
        kind = b"\x86\xdd" if packets.is6(p["dst"]) else b"\x08\x00"
        frame = b"".join(macs) + kind + packets.build(p)
        try:
            self._injectors[port].send(frame)
        except OSError as e:
            if e.errno != errno.ENOBUFS:
                raise
            size = len(frame) - 14
            raise Failure("a packet of %d bytes does not fit %s of %s" % (size, step["interface"], step["host"]))
        return {}

    def _destination_mac(self, h, name, dst):
        s, d = h.interfaces[name], ipaddress.ip_address(dst)
        nets = [ipaddress.ip_interface(a).network for a in s.get("addresses") or [] if ":" not in a]
        if dst == "255.255.255.255" or d in [n.broadcast_address for n in nets]:
            return "ff:ff:ff:ff:ff:ff"
        if d.is_multicast and d.version == 4:
            return "01:00:5e:%02x:%02x:%02x" % (d.packed[1] & 127, d.packed[2], d.packed[3])
        if d.is_multicast:
            return "33:33:%02x:%02x:%02x:%02x" % tuple(d.packed[-4:])
        if not s.get("master"):
            return s["mac"]
        mac = h.interfaces[s["master"]]["mac"]
        for other, i, m in self.network.owners.get(str(d), []):
            if other != h.name and self.network.same_domain((other, i), (h.name, name)):
                mac = m
        return mac

    def _run(self, step):
        h = self.network.hosts[step["host"]]
        rc, out, _ = h.ns.run(["bash", "-c", re.sub(r"\bnft flush ruleset\b", FLUSH, step["command"])])
        self.numberings[h.name].refresh()
        result = {"exit": rc} if rc else {}
        if step.get("output"):
            result["output"] = re.sub(r"(?ms)^table inet labtrace \{.*?^\}\n", "", out)
        return result

    def _end(self, h):
        state = {
            "conntrack": self.conntracks[h.name].entries(),
            "counters": dumps.counters(h),
            "ipset": dumps.sets(h),
            "ipvs": dumps.ipvs(h),
        }
        return {k: v for k, v in state.items() if v}


def checked(text):
    """The lab as a value. Raises a Failure if it is none, or a step names a host or an interface that is not there."""
    try:
        spec = json.loads(text)
    except ValueError as e:
        raise Failure("not JSON: %s" % e)
    if not isinstance(spec, dict) or spec.get("format") != "lab/1" or not isinstance(spec.get("hosts"), dict):
        raise Failure('not a lab: there is no "format": "lab/1" with "hosts"')
    for name, host in spec["hosts"].items():
        if host.get("hooks"):
            raise Failure("host %r has hook functions of its own: no module is loaded here, only the simulator plays them" % name)
    for i, step in enumerate(spec.get("steps") or []):
        for kind in ("send", "receive", "run"):
            if kind not in step:
                continue
            host = spec["hosts"].get(step[kind].get("host"))
            if host is None:
                raise Failure("step %d: there is no host %r" % (i + 1, step[kind].get("host")))
            name = step[kind].get("interface")
            if kind == "receive" and "segment" not in (host.get("interfaces") or {}).get(name, {}):
                raise Failure("step %d: host %r has no interface %r on a segment" % (i + 1, step[kind]["host"], name))
    return spec


def rename(x, names):
    """Gives ports and ids that were chosen at random their names, everywhere."""
    if isinstance(x, list):
        for i in x:
            rename(i, names)
    elif isinstance(x, dict):
        for k, v in x.items():
            if k in ("sport", "dport", "id") and isinstance(v, int) and v in names:
                x[k] = names[v]
            else:
                rename(v, names)
