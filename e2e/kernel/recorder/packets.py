"""Packets of the lab format to bytes, and bytes to packets of a recording."""
import socket
import struct

FLAGS = "FSRPAUEC"
PROTO = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}


def is6(a):
    """Whether an address in text is one of IPv6."""
    return ":" in a


def payload_to_bytes(p):
    """A string is one byte a character; a long run of one character is { repeat, count }."""
    if p is None:
        return b""
    if isinstance(p, dict):
        return p["repeat"].encode("latin-1") * p["count"]
    return p.encode("latin-1")


def payload_to_json(b):
    """The other way: more than 32 equal bytes become { repeat, count }."""
    if len(b) > 32 and len(set(b)) == 1:
        return {"repeat": chr(b[0]), "count": len(b)}
    return b.decode("latin-1")


def checksum(b):
    """RFC 1071."""
    if len(b) % 2:
        b += b"\0"
    s = sum(struct.unpack("!%dH" % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def packed(a):
    """The bytes of an address in text."""
    return socket.inet_pton(socket.AF_INET6 if is6(a) else socket.AF_INET, a)


def address(b):
    """The text of an address in bytes."""
    return socket.inet_ntop(socket.AF_INET6 if len(b) == 16 else socket.AF_INET, b)


def pseudo(src, dst, proto, n):
    """The pseudo header that transport checksums cover."""
    if is6(src):
        return packed(src) + packed(dst) + struct.pack("!IHBB", n, 0, 0, proto)
    return packed(src) + packed(dst) + struct.pack("!BBH", 0, proto, n)


def tcp_options(t):
    """MSS, SACK permitted and window scale, in this order, each in 4 bytes; timestamps, in 12, take SACK permitted in."""
    o = b""
    if t.get("mss") is not None:
        o += struct.pack("!BBH", 2, 4, t["mss"])
    stamps, sack = t.get("timestamps"), t.get("sackPermitted")
    if stamps:
        o += (b"\4\2" if sack else b"\1\1") + struct.pack("!BBII", 8, 10, stamps["value"], stamps["echo"])
    elif sack:
        o += b"\1\1\4\2"
    if t.get("wscale") is not None:
        o += struct.pack("!BBBB", 1, 3, 3, t["wscale"])
    return o


def proto_of(p):
    """The protocol number of a packet of the lab."""
    for k, n in PROTO.items():
        if k in p:
            return n
    return p["protocol"]


def l4(p):
    """What follows the IP header."""
    src, dst, bad = p["src"], p["dst"], p.get("badChecksum")
    def fix(c):
        return c ^ 0x5555 if bad else c
    if "tcp" in p:
        t = p["tcp"]
        o = tcp_options(t)
        fl = 0
        for c in t.get("flags", ""):
            fl |= 1 << FLAGS.index(c)
        h = struct.pack("!HHIIBBHHH", t["sport"], t["dport"], t.get("seq", 0) & 0xffffffff, t.get("ack", 0) & 0xffffffff,
                        (5 + len(o) // 4) << 4, fl, t.get("window", 64240), 0, 0) + o + payload_to_bytes(t.get("payload"))
        c = checksum(pseudo(src, dst, 6, len(h)) + h)
        return h[:16] + struct.pack("!H", fix(c)) + h[18:]
    if "udp" in p:
        u = p["udp"]
        d = payload_to_bytes(u.get("payload"))
        h = struct.pack("!HHHH", u["sport"], u["dport"], 8 + len(d), 0) + d
        c = checksum(pseudo(src, dst, 17, len(h)) + h) or 0xffff
        return h[:6] + struct.pack("!H", fix(c)) + h[8:]
    for k in ("icmp", "icmpv6"):
        if k in p:
            i = p[k]
            ty, co = i["type"], i.get("code", 0)
            if "inner" in i:
                rest = struct.pack("!I", i.get("mtu", 0))
                if "gateway" in i:
                    rest = packed(i["gateway"])
                data = build(i["inner"])
            else:
                rest = struct.pack("!HH", i.get("id", 0), i.get("seq", 0))
                data = payload_to_bytes(i.get("payload"))
            h = struct.pack("!BBH", ty, co, 0) + rest + data
            c = checksum((pseudo(src, dst, 58, len(h)) if k == "icmpv6" else b"") + h)
            return h[:2] + struct.pack("!H", fix(c)) + h[4:]
    return payload_to_bytes(p.get("payload"))


def build(p):
    """The whole packet, or the piece of it that `fragment` names."""
    body = l4(p)
    proto = proto_of(p)
    f = p.get("fragment")
    off = mf = 0
    if f:
        off = f["offset"]
        n = f.get("length", len(body) - off)
        mf = 1 if off + n < len(body) else 0
        body = body[off:off + n]
    ttl, tos = p.get("ttl", 64), p.get("tos", 0)
    if is6(p["src"]):
        nh = proto
        if f:
            body = struct.pack("!BBHI", proto, 0, off | mf, p.get("id", 1)) + body
            nh = 44
        return struct.pack("!IHBB", 6 << 28 | tos << 20, len(body), nh, ttl) + packed(p["src"]) + packed(p["dst"]) + body
    df = p.get("df", not f)
    h = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(body), p.get("id", 1 if f else 0),
                    (0x4000 if df else 0) | (0x2000 if mf else 0) | off >> 3, ttl, proto, 0) + packed(p["src"]) + packed(p["dst"])
    return h[:10] + struct.pack("!H", checksum(h)) + h[12:] + body


def tcp_raw(b):
    """(src, dst, sport, dport, next sequence number) of an unfragmented TCP packet, or None."""
    if b[0] >> 4 == 4:
        hl, proto, src, dst, n = (b[0] & 15) * 4, b[9], b[12:16], b[16:20], struct.unpack("!H", b[2:4])[0]
    else:
        hl, proto, src, dst, n = 40, b[6], b[8:24], b[24:40], 40 + struct.unpack("!H", b[4:6])[0]
    t = b[hl:n]
    if proto != 6 or len(t) < 20:
        return None
    sp, dp, seq, ack, do, fl = struct.unpack("!HHIIBB", t[:14])
    ln = len(t) - (do >> 4) * 4 + (fl & 1) + (fl >> 1 & 1)
    return address(src), address(dst), sp, dp, (seq + ln) & 0xffffffff


ERR4, ERR6 = (3, 4, 5, 11, 12), (1, 2, 3, 4)


def put(d, k, b):
    """Sets a payload, unless it is empty."""
    if b:
        d[k] = payload_to_json(b)


def parse(b, headers_only=False):
    """The packet of a recording: what two runs share, no more."""
    v = b[0] >> 4 if b else 0
    frag = None
    if len(b) < {4: 20, 6: 40}.get(v, 0):  # what an error quotes may be anything
        return {"unknown": len(b)}
    if v == 4:
        hl = (b[0] & 15) * 4
        tos, n, fo, ttl, proto = b[1], struct.unpack("!H", b[2:4])[0], struct.unpack("!H", b[6:8])[0], b[8], b[9]
        r = {"src": address(b[12:16]), "dst": address(b[16:20]), "ttl": ttl}
        if tos:
            r["tos"] = tos
        if fo & 0x4000:
            r["df"] = True
        if fo & 0x3fff:
            frag = {"offset": (fo & 0x1fff) * 8, "more": bool(fo & 0x2000)}
        body = b[hl:n]
    elif v == 6:
        w, n, proto, ttl = struct.unpack("!IHBB", b[:8])
        r = {"src": address(b[8:24]), "dst": address(b[24:40]), "ttl": ttl}
        if w >> 20 & 255:
            r["tos"] = w >> 20 & 255
        body = b[40:40 + n]
        while proto in (0, 43, 60) and len(body) >= 8:
            proto, l = body[0], (body[1] + 1) * 8
            body = body[l:]
        if proto == 44 and len(body) >= 8:
            proto, fo = body[0], struct.unpack("!H", body[2:4])[0]
            frag = {"offset": fo & 0xfff8, "more": bool(fo & 1)}
            body = body[8:]
    else:
        return {"unknown": len(b)}
    if frag:
        r["fragment"] = frag
    if frag and frag["offset"]:
        r["protocol"] = proto
        if not headers_only:
            put(r, "payload", body)
        return r
    if proto == 6 and len(body) >= 4:
        t = r["tcp"] = {"sport": struct.unpack("!H", body[:2])[0], "dport": struct.unpack("!H", body[2:4])[0]}
        if len(body) >= 14:
            fl, do = body[13], (body[12] >> 4) * 4
            t["flags"] = "".join(c for i, c in enumerate(FLAGS) if fl >> i & 1)
            if len(body) >= do:
                o = body[20:do]
                while o and fl & 2:
                    if o[0] == 0:
                        break
                    if o[0] == 1:
                        o = o[1:]
                        continue
                    if len(o) < 2 or o[1] < 2:
                        break
                    if o[0] == 2 and len(o) >= 4:
                        t["mss"] = struct.unpack("!H", o[2:4])[0]
                    o = o[o[1]:]
                if not headers_only:
                    put(t, "payload", body[do:])
    elif proto == 17 and len(body) >= 4:
        u = r["udp"] = {"sport": struct.unpack("!H", body[:2])[0], "dport": struct.unpack("!H", body[2:4])[0]}
        if not headers_only:
            put(u, "payload", body[8:])
    elif (proto == 1 or proto == 58) and len(body) >= 8:
        i = r["icmp" if proto == 1 else "icmpv6"] = {"type": body[0], "code": body[1]}
        if body[0] in (ERR4 if proto == 1 else ERR6):
            if (proto, body[0], body[1]) == (1, 3, 4):
                i["mtu"] = struct.unpack("!H", body[6:8])[0]
            if (proto, body[0]) == (58, 2):
                i["mtu"] = struct.unpack("!I", body[4:8])[0]
            if (proto, body[0]) == (1, 5):
                i["gateway"] = address(body[4:8])
            if not headers_only and len(body) >= 28:
                i["inner"] = parse(body[8:])
        else:
            i["id"], i["seq"] = struct.unpack("!HH", body[4:8])
            if not headers_only:
                put(i, "payload", body[8:])
    else:
        r["protocol"] = proto
        if not headers_only:
            put(r, "payload", body)
    return r


def noise(r):
    """ND and MLD of the hosts' own stacks: never recorded."""
    return "icmpv6" in r and 130 <= r["icmpv6"]["type"] <= 143 or r.get("protocol") == 2
