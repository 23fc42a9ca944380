"""python3 -m unittest discover -s e2e/kernel/recorder"""
import unittest

import packets
from errors import Failure
from lab import Memory, checked


class Packets(unittest.TestCase):
    def both_ways(self, p, **more):
        """What is built and parsed again is the packet with its defaults filled in."""
        self.assertEqual(packets.parse(packets.build(p)), {**p, **more})

    def test_udp(self):
        b = packets.build({"src": "10.0.0.2", "dst": "10.0.0.1", "udp": {"sport": 5, "dport": 6, "payload": "hi"}})
        self.assertEqual(b.hex(), "4500001e00004000401126cd0a0000020a00000100050006000a83636869")

    def test_tcp(self):
        p = {"src": "10.0.0.2", "dst": "10.0.0.1", "tcp": {"sport": 5, "dport": 6, "flags": "S", "mss": 1460}}
        self.both_ways(p, ttl=64, df=True)

    def test_ipv6(self):
        p = {"src": "fd00::2", "dst": "fd00::1", "ttl": 9, "tos": 16, "udp": {"sport": 5, "dport": 6}}
        self.both_ways(p)

    def test_error_quotes_a_packet(self):
        inner = {"src": "10.0.0.1", "dst": "10.0.0.3", "ttl": 3, "df": True, "udp": {"sport": 1, "dport": 2}}
        p = {"src": "10.0.0.2", "dst": "10.0.0.1", "icmp": {"type": 3, "code": 4, "mtu": 1400, "inner": inner}}
        self.both_ways(p, ttl=64, df=True)

    def test_long_payload_of_one_character(self):
        payload = {"repeat": "x", "count": 33}
        p = {"src": "10.0.0.2", "dst": "10.0.0.1", "udp": {"sport": 5, "dport": 6, "payload": payload}}
        self.both_ways(p, ttl=64, df=True)

    def test_fragments(self):
        p = {"src": "10.0.0.2", "dst": "10.0.0.1", "udp": {"sport": 5, "dport": 6, "payload": "0123456789abcdef"}}
        first = packets.parse(packets.build({**p, "fragment": {"offset": 0, "length": 16}}))
        self.assertEqual(first["fragment"], {"offset": 0, "more": True})
        self.assertEqual(first["udp"]["payload"], "01234567")
        last = packets.parse(packets.build({**p, "fragment": {"offset": 16}}))
        self.assertEqual(last["fragment"], {"offset": 16, "more": False})
        self.assertEqual((last["protocol"], last["payload"]), (17, "89abcdef"))

    def test_checksums(self):
        for bad in (False, True):
            p = {"src": "10.0.0.2", "dst": "10.0.0.1", "badChecksum": bad, "tcp": {"sport": 5, "dport": 6}}
            segment = packets.build(p)[20:]
            right = packets.checksum(packets.pseudo(p["src"], p["dst"], 6, len(segment)) + segment) == 0
            self.assertEqual(right, not bad)


class Conversation(unittest.TestCase):
    def test_numbers_go_on(self):
        memory = Memory("{}")
        there = {"src": "10.0.0.2", "dst": "10.0.0.1"}
        syn = memory.fill(("h", None), {**there, "tcp": {"sport": 5, "dport": 6, "flags": "S"}})
        self.assertEqual((syn["tcp"]["seq"], syn["tcp"]["ack"]), (1000, 0))
        answer = {"src": "10.0.0.1", "dst": "10.0.0.2", "tcp": {"sport": 6, "dport": 5, "flags": "SA", "seq": 70}}
        memory.note_segment(("h", None), packets.build(answer))
        ack = memory.fill(("h", None), {**there, "tcp": {"sport": 5, "dport": 6, "flags": "A"}})
        self.assertEqual((ack["tcp"]["seq"], ack["tcp"]["ack"]), (1001, 71))


class Labs(unittest.TestCase):
    def test_what_is_no_lab(self):
        for text in ("", "[]", "{}", '{"format": "lab/2", "hosts": {}}'):
            with self.assertRaises(Failure):
                checked(text)

    def test_steps_name_what_is_there(self):
        head = '{"format": "lab/1", "hosts": {"h": {"interfaces": {"eth0": {"segment": "lan"}}}}, "steps": ['
        checked(head + '{"receive": {"host": "h", "interface": "eth0", "packet": {}}}]}')
        with self.assertRaisesRegex(Failure, "step 1: there is no host 'x'"):
            checked(head + '{"send": {"host": "x", "packet": {}}}]}')
        with self.assertRaisesRegex(Failure, "no interface 'eth9'"):
            checked(head + '{"receive": {"host": "h", "interface": "eth9", "packet": {}}}]}')


if __name__ == "__main__":
    unittest.main()
