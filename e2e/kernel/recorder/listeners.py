"""Real sockets of a host's own stack that echo what they get."""
import socket
import struct

import packets

IP_PKTINFO, IP_FREEBIND = 8, 15
IPV6_RECVPKTINFO, IPV6_PKTINFO, IPV6_FREEBIND = 49, 50, 78


def listen(loop, spec, inside):
    """Opens the sockets of one `listen` of the lab in the namespace; gives them, so that they stay open."""
    addresses = [spec["address"]] if spec.get("address") else ["0.0.0.0", "::"]
    with inside:
        return [_open(loop, spec["protocol"], a, spec["port"]) for a in addresses]


def _open(loop, proto, address, port):
    six = packets.is6(address)
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind | socket.SOCK_CLOEXEC)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if six:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
    else:
        s.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
    if proto == "udp":  # the answer comes from the address that was asked
        s.setsockopt(*((socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) if six else (socket.SOL_IP, IP_PKTINFO, 1)))
    s.bind((address, port))
    s.setblocking(False)
    if proto == "tcp":
        s.listen(64)
        loop.add(s, lambda: _accept(loop, s), True)
    else:
        loop.add(s, lambda: _datagram(s), True)
    return s


def _accept(loop, s):
    try:
        c, _ = s.accept()
    except OSError:
        return
    c.setblocking(False)
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _quick(c)
    loop.add(c, lambda: _stream(loop, c), True)


def _quick(c):
    """Data gets its ACK at once, before the echo."""
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _stream(loop, c):
    try:
        data = c.recv(1 << 20)
        if data:
            _quick(c)
            c.send(data)
            _quick(c)
            return
    except BlockingIOError:
        return
    except OSError:
        pass
    loop.drop(c)
    c.close()


def _datagram(s):
    try:
        data, ancillary, _, sender = s.recvmsg(70000, 512)
    except OSError:
        return
    out = []
    for level, kind, info in ancillary:
        if (level, kind) == (socket.SOL_IP, IP_PKTINFO):
            out = [(level, kind, struct.pack("I", 0) + info[8:12] + b"\0\0\0\0")]
        elif (level, kind) == (socket.IPPROTO_IPV6, IPV6_PKTINFO):
            out = [(level, kind, info[:16] + struct.pack("I", 0))]
    try:
        s.sendmsg([data], out, 0, sender)
    except OSError:
        pass
