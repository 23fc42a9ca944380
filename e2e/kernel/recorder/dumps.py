"""State of a host as the tools dump it: rule numbers, counters, conntrack entries, sets."""
import json
import re
import socket
import struct

import netlink as nl

FAMILIES = (("ip", "ip_tables_names", "iptables-save", ""), ("ip6", "ip6_tables_names", "ip6tables-save", "ip6 "))


def _saved(host, names, argv):
    """Lines of iptables-save, or none if the host has no table: asking would make one."""
    return host.ns.must(argv).split("\n") if host.ns.read(names).strip() else []


class Numbering:
    """Which rule is which. `chains`: (family, table, chain) -> (rules, has a policy); `nft_rules`: handle -> number."""

    def __init__(self, host):
        self.host = host
        self.chains, self.nft_rules = {}, {}

    def refresh(self):
        """After configuration and after every command."""
        chains, nft_rules = {}, {}
        for family, names, tool, _ in FAMILIES:
            table = None
            for line in _saved(self.host, names, [tool]):
                words = line.split()
                if line.startswith("*"):
                    table = line[1:]
                elif line.startswith(":"):
                    chains[(family, table, words[0][1:])] = (0, words[1] != "-")
                elif line.startswith("-A"):
                    n, policy = chains[(family, table, words[1])]
                    chains[(family, table, words[1])] = (n + 1, policy)
        count = {}
        for r in (i["rule"] for i in nft_items(self.host) if "rule" in i):
            key = (r["family"], r["table"], r["chain"])
            count[key] = count.get(key, 0) + 1
            nft_rules[(r["family"], r["table"], r["handle"])] = count[key]
        self.chains, self.nft_rules = chains, nft_rules


def nft_items(host):
    """The ruleset of nft without our own table; nothing if the lab has none."""
    if not host.spec.get("nftables"):
        return []
    listed = json.loads(host.ns.must(["nft", "-j", "-a", "list", "ruleset"]) or "{}").get("nftables", [])
    ours = lambda i: "labtrace" in [x.get("table", x.get("name")) for x in i.values() if isinstance(x, dict)]
    return [i for i in listed if not ours(i)]


class ConntrackDump:
    """`conntrack -L` over a socket that stays open. Looking at expired entries makes the kernel throw them out."""

    def __init__(self, host, memory):
        self.memory = memory
        with host.ns.inside():
            self._socket = socket.socket(
                socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, nl.NETLINK_NETFILTER
            )
        self._socket.bind((0, 0))

    def entries(self):
        """Sorted."""
        nlm_f_request_dump = 0x301
        self._socket.send(nl.message(nl.CT_GET, nlm_f_request_dump, struct.pack("!BBH", 0, 0, 0), seq=7))
        found = []
        while True:
            for kind, _, body in nl.messages(self._socket.recv(1 << 20)):
                if kind in (2, 3):  # NLMSG_ERROR, NLMSG_DONE
                    return sorted(found, key=nl.entry_key)
                entry = nl.conntrack_entry(body)
                self.memory.note_ports(entry)
                found.append(entry)


def counters(host):
    """{"nat PREROUTING 1": [packets, bytes]}, those that are 0 left out."""
    c = {}
    pair = lambda text: [int(x) for x in text[1:-1].split(":")]
    for _, names, tool, prefix in FAMILIES:
        table, n = None, {}
        for line in _saved(host, names, [tool, "-c"]):
            words = line.split()
            if line.startswith("*"):
                table, n = line[1:], {}
            elif line.startswith(":") and words[1] != "-":
                c["%s%s %s policy" % (prefix, table, words[0][1:])] = pair(words[2])
            elif line.startswith("["):
                chain = words[2]
                n[chain] = n.get(chain, 0) + 1
                c["%s%s %s %d" % (prefix, table, chain, n[chain])] = pair(words[0])
    n = {}
    for item in nft_items(host):
        if "rule" in item:
            r = item["rule"]
            key = "nft %s %s %s" % (r["family"], r["table"], r["chain"])
            n[key] = n.get(key, 0) + 1
            for e in r["expr"]:
                if isinstance(e, dict) and isinstance(e.get("counter"), dict):
                    c["%s %d" % (key, n[key])] = [e["counter"]["packets"], e["counter"]["bytes"]]
        elif "counter" in item:
            r = item["counter"]
            c["nft %s %s counter %s" % (r["family"], r["table"], r["name"])] = [r["packets"], r["bytes"]]
    return {k: v for k, v in c.items() if v != [0, 0]}


def sets(host):
    """Members of every set, without timeouts and counters."""
    used = any("ipset" in s.get("run", {}).get("command", "") for s in host.steps)
    if not host.spec.get("ipset") and not used:
        return {}
    r = {}
    for line in host.ns.must(["ipset", "save"]).split("\n"):
        words = line.split()
        if line.startswith("create "):
            r[words[1]] = []
        elif line.startswith("add "):
            r[words[1]].append(re.sub(r" (timeout|packets|bytes) \d+", "", " ".join(words[2:])))
    return {k: sorted(v) for k, v in r.items()}


def ipvs(host):
    """`ipvsadm -Lnc` without the times."""
    if not host.spec.get("ipvs"):
        return []
    lines = [line.split() for line in host.ns.must(["ipvsadm", "-Lnc"]).split("\n")[2:]]
    return sorted(" ".join([w[0]] + w[2:6]) for w in lines if len(w) >= 6)
