"""Netlink messages, and conntrack entries out of them. Kernel: uapi/linux/netfilter/nfnetlink_conntrack.h."""
import json
import struct

import packets

NETLINK_NETFILTER = 12
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP = 1

# nfnetlink subsystems and messages, as (subsystem << 8 | message)
CT_NEW, CT_GET, CT_DELETE = 0x100, 0x101, 0x102
LOG_PACKET, LOG_CONFIG = 0x400, 0x401
NFT_SUBSYSTEM = 10

TCP_STATES = [
    "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",
    "SYN_SENT2",
]  # fmt: skip
SCTP_STATES = [
    "NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD",
    "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED",
]  # fmt: skip
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 33: "dccp", 47: "gre", 58: "icmpv6", 132: "sctp", 136: "udplite"}
IPS_SEEN_REPLY, IPS_ASSURED = 2, 4


def attribute(kind, data):
    """One attribute, padded."""
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def message(kind, flags, body, seq=1):
    """One message with its header."""
    return struct.pack("IHHII", 16 + len(body), kind, flags, seq, 0) + body


def attributes(b):
    """{kind: bytes} of what is in b."""
    d = {}
    while len(b) >= 4:
        length, kind = struct.unpack("HH", b[:4])
        if length < 4:
            break
        d[kind & 0x3FFF] = b[4:length]
        b = b[(length + 3) & ~3 :]
    return d


def messages(b):
    """(kind, flags, body) of each message in b."""
    while len(b) >= 16:
        length, kind, flags, _, _ = struct.unpack("IHHII", b[:16])
        yield kind, flags, b[16:length]
        b = b[(length + 3) & ~3 :]


def be32(b):
    """A number in network order."""
    return struct.unpack("!I", b)[0]


def be16(b):
    """A number in network order."""
    return struct.unpack("!H", b)[0]


def text(b):
    """A string that ends in 0."""
    return b.rstrip(b"\0").decode()


def _tuple(b):
    a = attributes(b)
    ip, proto = attributes(a[1]), attributes(a[2])
    r = {"src": packets.address(ip.get(1) or ip.get(3)), "dst": packets.address(ip.get(2) or ip.get(4))}
    if 2 in proto:
        r["sport"], r["dport"] = be16(proto[2]), be16(proto[3])
    for i, t, c in ((4, 5, 6), (7, 8, 9)):
        if t in proto:
            r["type"], r["code"], r["id"] = proto[t][0], proto[c][0], be16(proto[i])
    return r, proto[1][0], (be16(a[3]) if 3 in a else None)


def conntrack_entry(b):
    """The `entry` of a recording, from the body of a message."""
    a = attributes(b[4:])
    original, proto, zone_original = _tuple(a[1])
    reply, _, zone_reply = _tuple(a[2])
    e = {"protocol": PROTOCOLS.get(proto, proto)}
    if 4 in a:
        info = attributes(a[4])
        if 1 in info:
            e["state"] = TCP_STATES[attributes(info[1])[1][0]]
        elif 3 in info:
            e["state"] = SCTP_STATES[attributes(info[3])[1][0]]
    status = be32(a[3]) if 3 in a else 0
    e["original"], e["reply"] = original, reply
    e["status"] = (["ASSURED"] if status & IPS_ASSURED else []) + ([] if status & IPS_SEEN_REPLY else ["UNREPLIED"])
    e["mark"] = be32(a[8]) if 8 in a else 0
    e["zone"] = be16(a[18]) if 18 in a else 0
    if zone_original is not None:
        e["zoneOriginal"] = zone_original
    if zone_reply is not None:
        e["zoneReply"] = zone_reply
    helper = text(attributes(a[5]).get(1, b"")) if 5 in a else ""
    if helper:
        e["helper"] = helper
    return e


def entry_key(e):
    """An order for entries whose own order is that of a hash table."""
    o = e["original"]
    return (
        str(e["protocol"]), o["src"], o["dst"], str(o.get("sport", "")).rjust(9), str(o.get("dport", "")).rjust(9),
        o.get("type", 0), str(o.get("id", 0)), e["zone"], json.dumps(e),
    )  # fmt: skip
