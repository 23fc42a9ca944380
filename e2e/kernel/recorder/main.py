"""The command: labs in, recordings out."""
import argparse
import contextlib
import fcntl
import gzip
import json
import os
import re
import sys
import tempfile
import time
import traceback

import namespaces
from errors import Failure, Stalled
from lab import Lab

MAXIMUM = "/proc/sys/net/netfilter/nf_conntrack_max"
ATTEMPTS = 4


def record(text):
    """The recording of a lab's text. If this machine stood still at a bad moment it is tried again."""
    for _ in range(ATTEMPTS):
        try:
            return record_once(text)
        except Stalled:
            pass
    return record_once(text, anyhow=True)


def record_once(text, anyhow=False):
    """The recording of a lab's text, or Stalled."""
    by = "Linux %s, iptables %s (legacy)" % (os.uname().release.split("-")[0], namespaces.iptables_version())
    lab = Lab(text, by, anyhow)
    with conntrack_maximum(lab.spec):
        try:
            return lab.record()
        finally:
            namespaces.enter(namespaces.home())


@contextlib.contextmanager
def conntrack_maximum(spec):
    """nf_conntrack_max is one number for all namespaces: a lab that sets it runs alone, and it is set back."""
    sysctls = [(k, v) for h in spec["hosts"].values() for k, v in (h.get("sysctl") or {}).items()]
    wanted = [v for k, v in sysctls if re.split(r"[./]", k)[-1] == "nf_conntrack_max"]
    with open(os.path.join(tempfile.gettempdir(), "hookline-record.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wanted else fcntl.LOCK_SH)
        old = None
        try:
            if wanted:
                with open(MAXIMUM) as f:
                    old = f.read()
                with open(MAXIMUM, "w") as f:
                    f.write(str(wanted[0]))
            yield
        finally:
            if old:
                with open(MAXIMUM, "w") as f:
                    f.write(old)


def read(path):
    """The text of a lab, also of one that is compressed."""
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path, encoding="utf-8")) as f:
        return f.read()


def written(value):
    """JSON with one line for each trace entry, packet, event and counter: small diffs, easy reading."""

    def go(x, depth):
        one = json.dumps(x, ensure_ascii=False)
        whole = isinstance(x, dict) and ("packet" in x or "original" in x or "entry" in x or "src" in x)
        if len(one) < 110 or not isinstance(x, (dict, list)) or whole:
            return one
        pad, end = "\n" + " " * (depth + 1), "\n" + " " * depth
        if isinstance(x, dict):
            lines = (pad + json.dumps(k) + ": " + go(v, depth + 1) for k, v in x.items())
            return "{" + ",".join(lines) + end + "}"
        return "[" + ",".join(pad + go(v, depth + 1) for v in x) + end + "]"

    return go(value, 0) + "\n"


def work(paths, out, cpu, verbose):
    """One process: records some of the labs. Gives its exit code."""
    try:  # the listeners answer before the stack's timer for delayed ACKs
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(10))
    except OSError:
        pass
    bad = 0
    for path in paths:
        name = re.sub(r"\.json(\.gz)?$", "", os.path.basename(path)) + ".json"
        start = time.monotonic()
        try:
            lab = read(path)
            # a host of a lab has one processor
            os.sched_setaffinity(0, {0 if re.search("-m cpu |/proc/net/stat/", lab) else cpu})
            text = written(record(lab))
        except Exception as e:  # whatever it is, the other labs are still recorded
            if os.environ.get("LAB_DEBUG"):
                traceback.print_exc()
            what = str(e) if isinstance(e, (Failure, OSError)) else "%s: %s" % (type(e).__name__, e)
            print("%s: cannot be recorded: %s" % (path, what), file=sys.stderr)
            bad = 1
            continue
        if not out:
            sys.stdout.write(text)
            continue
        with open(os.path.join(out, name), "w", encoding="utf-8") as f:
            f.write(text)
        if verbose:
            print("%s %.1f s" % (name, time.monotonic() - start))
    return bad


def main():
    """Exit codes: 0 all recorded, 1 some could not be, 2 nothing can be recorded on this machine."""
    ap = argparse.ArgumentParser(
        prog="record", description="Runs labs on this machine's kernel, each host a network namespace."
    )
    ap.add_argument("labs", nargs="+", metavar="LAB.json")
    ap.add_argument("-o", "--out", metavar="DIR", help="write DIR/NAME.json (else to standard output)")
    ap.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="labs at a time, each on its own processor")
    ap.add_argument("-v", "--verbose", action="store_true", help="print how long each lab took")
    a = ap.parse_args()
    try:
        namespaces.check_machine()
    except Failure as e:
        print("record: %s" % e, file=sys.stderr)
        sys.exit(2)
    if a.out:
        os.makedirs(a.out, exist_ok=True)
    cpus = sorted(os.sched_getaffinity(0))
    jobs = max(1, min(a.jobs, len(a.labs)))
    children = []
    for i in range(jobs):
        cpu = cpus[(i if jobs > 1 else os.getpid()) % len(cpus)]
        pid = os.fork()
        if not pid:
            code = 1
            try:
                code = work(a.labs[i::jobs], a.out, cpu, a.verbose)
            finally:
                sys.stdout.flush()
                namespaces.remove_tools()
                os._exit(code)
        children.append(pid)
    results = [os.waitpid(pid, 0)[1] for pid in children]
    sys.exit(1 if any(results) else 0)
