"""Programs behind queues (NFQUEUE), as a lab describes them. Kernel: uapi/linux/netfilter/nfnetlink_queue.h."""
import ipaddress
import shlex
import socket
import struct

import netlink
import packets
from errors import Failure

QUEUE_PACKET, QUEUE_VERDICT, QUEUE_CONFIG = 0x300, 0x301, 0x302
CMD_BIND, COPY_PACKET = 1, 2
CFG_CMD, CFG_PARAMS = 1, 2
PACKET_HDR, VERDICT_HDR, MARK, PAYLOAD = 1, 2, 3, 10
VERDICTS = {"drop": 0, "accept": 1, "repeat": 4}
NF_QUEUE = 3
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
FRAGMENT = 44
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "ipv6-icmp": 58}


def listen(loop, spec, inside):
    """Opens a queue of the lab in the namespace, and answers what comes; gives the socket, so that it stays open."""
    rules = [(condition(r.get("match") or ""), r) for r in spec.get("rules") or []]
    with inside:
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, netlink.NETLINK_NETFILTER)
    s.bind((0, 0))
    _config(s, spec["number"], CFG_CMD, struct.pack("!BBH", CMD_BIND, 0, 0))
    _config(s, spec["number"], CFG_PARAMS, struct.pack("!IB", 0xFFFF, COPY_PACKET))
    s.setblocking(False)
    loop.add(s, lambda: _packets(s, spec, rules), True)
    return s


def _config(s, number, kind, data):
    body = struct.pack("!BBH", 0, 0, number) + netlink.attribute(kind, data)
    s.send(netlink.message(QUEUE_CONFIG, NLM_F_REQUEST | NLM_F_ACK, body))
    for t, _, answer in netlink.messages(s.recv(65536)):
        code = struct.unpack("i", answer[:4])[0] if t == NLMSG_ERROR else 0
        if code:
            raise Failure("queue %d: the kernel says error %d" % (number, -code))


def _packets(s, spec, rules):
    try:
        data = s.recv(1 << 17)
    except OSError:
        return
    for t, _, body in netlink.messages(data):
        if t == QUEUE_PACKET:
            _answer(s, spec, rules, netlink.attributes(body[4:]))


def _answer(s, spec, rules, a):
    packet, mark = a.get(PAYLOAD, b""), netlink.be32(a[MARK]) if MARK in a else 0
    rule = next((r for meets, r in rules if meets(packet, mark)), {})
    verdict = rule.get("verdict", spec.get("otherwise", "accept"))
    word = VERDICTS[verdict] if isinstance(verdict, str) else NF_QUEUE | verdict["queue"] << 16
    body = struct.pack("!BBH", 0, 0, spec["number"])
    body += netlink.attribute(VERDICT_HDR, struct.pack("!I", word) + a[PACKET_HDR][:4])
    if "mark" in rule:
        body += netlink.attribute(MARK, struct.pack("!I", rule["mark"]))
    if rule.get("set") and verdict != "drop":
        body += netlink.attribute(PAYLOAD, changed(packet, rule["set"]))
    s.send(netlink.message(QUEUE_VERDICT, NLM_F_REQUEST, body))


def condition(text):
    """A function of packet and mark, from the few options of iptables that are known here."""
    words, tests, negate = shlex.split(text), [], False
    while words:
        word = words.pop(0)
        if word == "!":
            negate = True
            continue
        if not words:
            raise Failure("the condition %r of a queue's program ends too early" % text)
        value = words.pop(0)
        if word == "-m" and value in ("tcp", "udp", "mark"):
            continue
        make = OPTIONS.get(word)
        if make is None:
            raise Failure("the recorder cannot tell whether a queued packet meets %r; it knows %s, no more"
                          % (text, " ".join(sorted(OPTIONS))))
        tests.append((make(value), negate))
        negate = False
    return lambda packet, mark: all(test(packet, mark) != no for test, no in tests)


def _head(b):
    """(protocol, where the transport header is, source, destination)."""
    if b[0] >> 4 == 4:
        return b[9], (b[0] & 15) * 4, b[12:16], b[16:20]
    if b[6] == FRAGMENT:
        return b[40], 48, b[8:24], b[24:40]
    return b[6], 40, b[8:24], b[24:40]


def _piece(b):
    """The offset of a piece, None of a whole packet."""
    if b[0] >> 4 == 4:
        bits = struct.unpack("!H", b[6:8])[0] & 0x3FFF
        return (bits & 0x1FFF) * 8 if bits else None
    return struct.unpack("!H", b[42:44])[0] & 0xFFF8 if b[6] == FRAGMENT else None


def _protocol(value):
    n = PROTOCOLS.get(value) or int(value)
    return lambda b, mark: _head(b)[0] == n


def _port(at):
    def make(value):
        low, _, high = value.partition(":")
        low, high = int(low), int(high or low)

        def test(b, mark):
            proto, l4, _, _ = _head(b)
            if _piece(b):  # what stands in a later one is no port
                return False
            return proto in (6, 17) and low <= struct.unpack("!H", b[l4 + at : l4 + at + 2])[0] <= high

        return test

    return make


def _address(which):
    def make(value):
        net = ipaddress.ip_network(value, strict=False)
        return lambda b, mark: ipaddress.ip_address(_head(b)[which]) in net

    return make


def _mark(value):
    want, _, mask = value.partition("/")
    want, mask = int(want, 0), int(mask or "0xffffffff", 0)
    return lambda b, mark: mark & mask == want


OPTIONS = {
    "-p": _protocol, "--sport": _port(0), "--dport": _port(2), "-s": _address(2), "-d": _address(3), "--mark": _mark,
}  # fmt: skip


def _transport_sum(b):
    """The checksum over pseudo header and transport: 0 if the one that is in it is right."""
    proto, l4, src, dst = _head(b)
    src, dst = packets.address(bytes(src)), packets.address(bytes(dst))
    return packets.checksum(packets.pseudo(src, dst, proto, len(b) - l4) + bytes(b[l4:]))


def changed(packet, fields):
    """The packet with other values in it; a checksum that was right is right again. What it does not have is not set;
    pieces keep their ports, payload and checksum."""
    b = bytearray(packet)
    four = b[0] >> 4 == 4
    proto, l4, _, _ = _head(b)
    was_right = _transport_sum(b) == 0 or (proto == 17 and b[l4 + 6 : l4 + 8] == b"\0\0")
    for name, at in (("src", 12 if four else 8), ("dst", 16 if four else 24)):
        if name in fields and packets.is6(fields[name]) != four:
            value = packets.packed(fields[name])
            b[at : at + len(value)] = value
    if "ttl" in fields:
        b[8 if four else 7] = fields["ttl"]
    if "tos" in fields and four:
        b[1] = fields["tos"]
    elif "tos" in fields:
        b[0], b[1] = b[0] & 0xF0 | fields["tos"] >> 4, b[1] & 0x0F | (fields["tos"] & 15) << 4
    piece = _piece(b) is not None
    if proto in (6, 17) and not piece:
        for name, at in (("sport", 0), ("dport", 2)):
            if name in fields:
                b[l4 + at : l4 + at + 2] = struct.pack("!H", fields[name])
        if "payload" in fields:
            data = l4 + (8 if proto == 17 else (b[l4 + 12] >> 4) * 4)
            b[data:] = fields["payload"].encode("latin-1")
    if four:
        b[2:4] = struct.pack("!H", len(b))
        b[10:12] = b"\0\0"
        b[10:12] = struct.pack("!H", packets.checksum(bytes(b[:l4])))
    else:
        b[4:6] = struct.pack("!H", len(b) - 40)
    at = {6: 16, 17: 6, 58: 2}.get(proto)
    if at is not None and (proto != 58 or not four) and not piece:
        if proto == 17:
            b[l4 + 4 : l4 + 6] = struct.pack("!H", len(b) - l4)
        b[l4 + at : l4 + at + 2] = b"\0\0"
        c = _transport_sum(b) or (0xFFFF if proto == 17 else 0)
        b[l4 + at : l4 + at + 2] = struct.pack("!H", c if was_right else c ^ 0x5555)
    return bytes(b)
