"""python3 -m unittest discover -s e2e/kernel/recorder"""
import unittest

import packets
import queues
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

    def test_headers_cut_short(self):
        for b in (b"", b"\x45" + b"\0" * 18, b"\x60" + b"\0" * 38):
            self.assertEqual(packets.parse(b), {"unknown": len(b)})

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

    def test_an_address_has_several_texts(self):
        memory = Memory("{}")
        answer = {"src": "fd00::1", "dst": "fd00::2", "tcp": {"sport": 6, "dport": 5, "flags": "SA", "seq": 70}}
        memory.note_segment(("h", None), packets.build(answer))
        there = {"src": "fd00:0::2", "dst": "fd00::0:1"}
        ack = memory.fill(("h", None), {**there, "tcp": {"sport": 5, "dport": 6, "flags": "A"}})
        self.assertEqual(ack["tcp"]["ack"], 71)


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

    def test_hook_functions_are_for_the_simulator(self):
        with self.assertRaisesRegex(Failure, "host 'h' has hook functions of its own"):
            checked('{"format": "lab/1", "hosts": {"h": {"hooks": [{"name": "mymod"}]}}}')


class Programs(unittest.TestCase):
    udp = {"src": "10.0.0.2", "dst": "10.0.0.1", "udp": {"sport": 5, "dport": 6, "payload": "hi"}}

    def test_conditions(self):
        b = packets.build(self.udp)
        for text, met in (
            ("", True), ("-p udp -m udp --dport 6", True), ("-p tcp", False), ("! -p tcp ! --sport 9:10", True),
            ("-s 10.0.0.0/24 -d 10.0.0.1", True), ("-s fd00::/8", False), ("-m mark --mark 0x7", True),
            ("-m mark ! --mark 0x1/0x1", False),
        ):  # fmt: skip
            self.assertEqual(queues.condition(text)(b, 7), met, text)
        with self.assertRaisesRegex(Failure, "cannot tell"):
            queues.condition("-m conntrack --ctstate NEW")

    def test_what_comes_back_is_what_would_have_been_sent(self):
        set6 = {"src": "fd00::9", "dport": 7, "payload": "longer", "ttl": 3, "tos": 18}
        for p, fields in (
            (self.udp, {"src": "10.0.0.9", "dport": 7, "payload": "longer", "ttl": 3, "tos": 16}),
            ({"src": "fd00::2", "dst": "fd00::1", "tcp": {"sport": 5, "dport": 6, "flags": "S"}}, set6),
        ):
            kind = "udp" if "udp" in p else "tcp"
            inner = {**p[kind], "dport": 7, "payload": "longer"}
            wanted = {**p, "src": fields["src"], "ttl": 3, "tos": fields["tos"], kind: inner}
            self.assertEqual(queues.changed(packets.build(p), fields), packets.build(wanted))


if __name__ == "__main__":
    unittest.main()
