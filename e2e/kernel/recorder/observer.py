"""What the kernel tells of one host: rules that matched, conntrack events, frames on its interfaces."""
import errno
import mmap
import re
import socket
import struct

import netlink as nl
import packets
from host import OWN_GROUP

SO_RCVBUFFORCE = 33
SOL_PACKET, PACKET_RX_RING, PACKET_VERSION, TPACKET_V2 = 263, 5, 10, 1
FRAME, FRAMES = 1 << 14, 512
NFT_FAMILIES = {1: "inet", 2: "ip", 10: "ip6", 7: "bridge", 3: "arp", 5: "netdev"}
NFT_VERDICTS = {
    0: "drop", 1: "accept", 2: "stolen", 3: "queue", -1: "continue", -2: "break", -3: "jump", -4: "goto", -5: "return",
}  # fmt: skip
NFT_POLICY = 1


class Observer:
    """Collects from its sockets into `trace`, `wire` and `conntrack`."""

    def __init__(self, host, loop, numbering, memory):
        self.host, self.numbering, self.memory = host, numbering, memory
        self.problems = []
        self._names = {}
        self._nft_head = {"in": "", "out": "", "packet": {}}
        self.clear()
        with host.ns.inside():
            self._names = dict(socket.if_nameindex())
            self._open_netlink()
            self._open_capture()
        loop.add(self._netlink, self._on_netlink)
        loop.add(self._capture, self._on_frames)

    def clear(self):
        """Gives what there was since the last time."""
        seen = {k: getattr(self, k) for k in ("trace", "wire", "conntrack") if getattr(self, k, None)}
        self.trace, self.wire, self.conntrack = [], [], []
        return seen

    def _open_netlink(self):
        s = self._netlink = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, nl.NETLINK_NETFILTER
        )
        s.bind((0, 0))
        s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        for group in (0, OWN_GROUP):
            head = struct.pack("!BBH", 0, 0, group)
            bind, whole = nl.attribute(1, b"\1"), nl.attribute(2, struct.pack("!IBB", 0xFFFF, 2, 0))
            buffer, at_once = nl.attribute(3, struct.pack("!I", 131072)), nl.attribute(5, struct.pack("!I", 1))
            for body in (bind, whole, buffer, at_once):
                s.send(nl.message(nl.LOG_CONFIG, 5, head + body))
                code = struct.unpack("i", s.recv(65536)[16:20])[0]
                if code:
                    raise OSError(-code, "cannot listen to nfnetlink_log")
        for group in (1, 2, 3) + ((9,) if self.host.spec.get("nftables") else ()):
            s.setsockopt(nl.SOL_NETLINK, nl.NETLINK_ADD_MEMBERSHIP, group)
        s.setblocking(False)

    def _open_capture(self):
        # A ring, as its frames are copied when they pass; plain AF_PACKET sockets see what is later written into them.
        c = self._capture = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.htons(3)
        )
        c.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        c.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("4I", 1 << 16, FRAMES // 4, FRAME, FRAMES))
        self._ring, self._slot = mmap.mmap(c.fileno(), FRAMES * FRAME), 0

    def _device(self, index):
        if index not in self._names:
            with self.host.ns.inside():
                self._names.update(socket.if_nameindex())
        return self._names.get(index, "?%d" % index)

    def _device_in(self, a, kind):
        return self._device(nl.be32(a[kind])) if kind in a else ""

    def _on_netlink(self):
        while True:
            try:
                b = self._netlink.recv(1 << 20)
            except BlockingIOError:
                return
            except OSError as e:
                if e.errno == errno.ENOBUFS:
                    self.problems.append("%s: netlink overrun" % self.host.name)
                    continue
                raise
            for kind, flags, body in nl.messages(b):
                if kind == nl.LOG_PACKET:
                    self._on_log(body)
                elif kind in (nl.CT_NEW, nl.CT_DELETE):
                    event = "DESTROY" if kind == nl.CT_DELETE else "NEW" if flags & 0x400 else "UPDATE"
                    entry = nl.conntrack_entry(body)
                    self.conntrack.append({"event": event, "entry": entry})
                    self.memory.note_ports(entry)
                elif kind >> 8 == nl.NFT_SUBSYSTEM:
                    self._on_nft(body)

    def _on_log(self, body):
        family, _, group = struct.unpack("!BBH", body[:4])
        a = nl.attributes(body[4:])
        data = a.get(9, b"")
        if group == OWN_GROUP:
            self.memory.note_segment((self.host.name, None), data)
            return
        m = re.match(r"TRACE: ([^:]+):(.+):(rule|return|policy):(\d+) ?$", nl.text(a.get(10, b"")))
        if not m:  # a rule's own message, which may have been cut off anywhere
            return
        r = packets.parse(data)
        if packets.noise(r):
            return
        family = "ip" if family == 2 else "ip6"
        table, chain, number = m.group(1), m.group(2), int(m.group(4))
        # the kernel calls an unconditional rule with a standard verdict "policy" or "return" too
        rules, policy = self.numbering.chains.get((family, table, chain), (number, True))
        rule = number if number <= rules else ("policy" if policy else "return")
        self.trace.append({
            "family": family, "table": table, "chain": chain, "rule": rule,
            "in": self._device_in(a, 4), "out": self._device_in(a, 5),
            "mark": nl.be32(a[2]) if 2 in a else 0, "packet": r,
        })  # fmt: skip

    def _on_nft(self, body):
        family = NFT_FAMILIES.get(body[0], str(body[0]))
        a = nl.attributes(body[4:])
        table, chain = (nl.text(a[k]) if k in a else None for k in (1, 2))
        if table in (None, "labtrace"):
            return
        kind = nl.be32(a[4]) if 4 in a else 0
        if 8 in a:  # headers come with the first message of a packet only
            network, transport = a[8], a.get(9, b"")
            head = network[: 20 if network[0] >> 4 == 4 else 40] + transport
            try:
                r = packets.parse(head, headers_only=True)
            except (IndexError, struct.error):
                r = {}
            self._nft_head = {"in": self._device_in(a, 10), "out": self._device_in(a, 12), "packet": r}
        head = self._nft_head
        if packets.noise(head["packet"]):
            return
        if kind == NFT_POLICY:
            rule = "policy"
        elif 3 in a:
            handle = struct.unpack("!Q", a[3])[0]
            rule = self.numbering.nft_rules.get((family, table, handle), "handle %d" % handle)
        else:
            rule = "return"
        e = {
            "tool": "nft", "family": family, "table": table, "chain": chain, "rule": rule, "in": head["in"],
            "out": head["out"], "mark": nl.be32(a[14]) if 14 in a else 0, "packet": head["packet"],
        }  # fmt: skip
        verdict = nl.attributes(a[5]) if 5 in a else {}
        code = struct.unpack("!i", verdict[1])[0] if 1 in verdict else None
        if kind == NFT_POLICY and 16 in a:
            code = nl.be32(a[16])
        if code is not None:
            e["verdict"] = NFT_VERDICTS.get(code if code < 0 else code & 255, str(code))
            if 2 in verdict and code in (-3, -4):
                e["verdict"] += " " + nl.text(verdict[2])
        self.trace.append(e)

    def _on_frames(self):
        while True:
            at = self._slot * FRAME
            status, _, n, mac = struct.unpack_from("IIIH", self._ring, at)
            if not status & 1:  # TP_STATUS_USER
                return
            if status & 4:  # TP_STATUS_LOSING
                self.problems.append("%s: frames lost" % self.host.name)
            proto, _, _, kind = struct.unpack_from("!2xHiHB", self._ring, at + 32)
            index = struct.unpack_from("i", self._ring, at + 36)[0]
            frame = self._ring[at + mac : at + mac + n]
            struct.pack_into("I", self._ring, at, 0)
            self._slot = (self._slot + 1) % FRAMES
            self._on_frame(proto, self._device(index), kind == 4, frame[14:])

    def _on_frame(self, proto, name, outgoing, b):
        if proto not in (0x800, 0x86DD) or name == "lo":
            return
        r = packets.parse(b)
        if packets.noise(r):
            return
        self.wire.append({"interface": name, "direction": "out" if outgoing else "in", "packet": r})
        if outgoing and "tcp" in r:
            self.memory.note_segment((self.host.name, name), b)
