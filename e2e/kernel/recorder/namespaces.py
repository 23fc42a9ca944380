"""Network namespaces, and commands, sysctls and sockets inside them."""
import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile

from errors import Failure

CLONE_NEWNET = 0x40000000
SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"

# program -> Debian package
PROGRAMS = {
    "ip": "iproute2",
    "bridge": "iproute2",
    "nft": "nftables",
    "xtables-legacy-multi": "iptables",
    "bash": "bash",
}
# Asked for only when a lab uses them.
SOMETIMES = {"ipset": "ipset", "conntrack": "conntrack", "ipvsadm": "ipvsadm"}
MODULES = ["veth", "bridge", "br_netfilter", "nf_tables", "nfnetlink_log", "nf_conntrack", "nf_conntrack_netlink"]

_libc = ctypes.CDLL(None, use_errno=True)
_env = {"PATH": SBIN, "LC_ALL": "C"}
_tools = None
_home = None


def check_machine():
    """Raises a Failure that says what is missing here, if anything is."""
    if os.uname().sysname != "Linux":
        raise Failure("Recording needs Linux: it asks the machine's own kernel. This is %s." % os.uname().sysname)
    if os.geteuid() != 0:
        raise Failure("Recording needs root, to make network namespaces. Try again with sudo.")
    missing = [(p, d) for p, d in PROGRAMS.items() if not shutil.which(p, path=SBIN)]
    if missing:
        raise Failure(
            "Recording needs %s. On Debian: apt install %s"
            % (", ".join(p for p, _ in missing), " ".join(sorted({d for _, d in missing})))
        )
    modprobe = shutil.which("modprobe", path=SBIN)
    if modprobe:  # a kernel with everything built in has no modprobe, and needs none
        for module in MODULES:
            subprocess.run([modprobe, "-q", module], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists("/proc/sys/net/netfilter/nf_conntrack_max"):
        raise Failure("This kernel has no connection tracking (nf_conntrack), or its module cannot be loaded.")


def need(program):
    """Raises a Failure with the name of the Debian package if a program that only some labs need is missing."""
    if not shutil.which(program, path=SBIN):
        raise Failure("The lab needs %s. On Debian: apt install %s" % (program, SOMETIMES[program]))


def home():
    """The descriptor of the namespace that we started in."""
    global _home
    if _home is None:
        _home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    return _home


def enter(fd):
    """Kernel: setns(2)."""
    if _libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Namespace:
    """An unnamed network namespace: it goes when its last descriptor does, whatever happens to us."""

    def __init__(self):
        home()
        if _libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        self.fd = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        enter(home())
        self.path = "/proc/%d/fd/%d" % (os.getpid(), self.fd)

    @contextlib.contextmanager
    def inside(self):
        """Sockets made and files of /proc opened within belong to the namespace."""
        enter(self.fd)
        try:
            yield
        finally:
            enter(home())

    def run(self, argv, stdin=None):
        """Runs a command inside; gives its exit code, output and errors."""
        _tools_dir()
        with self.inside():
            r = subprocess.run(
                argv, input=(stdin or "").encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_env
            )
        return r.returncode, r.stdout.decode(errors="replace"), r.stderr.decode(errors="replace")

    def must(self, argv, stdin=None):
        """Runs a command that has to work; gives its output."""
        rc, out, err = self.run(argv, stdin)
        if rc:
            raise Failure("%s: %s%s" % (" ".join(argv), err.strip(), "\n" + stdin if stdin else ""))
        return out

    def sysctl(self, key, value):
        """Writes a sysctl, named with dots or, where an interface has a dot in it, with slashes."""
        path = "/proc/sys/" + (key if "/" in key else key.replace(".", "/"))
        with self.inside():
            with open(path, "w") as f:
                f.write(str(value) + "\n")

    def sysctl_if_there(self, key, value):
        """The same, but a kernel that has no such sysctl does not mind."""
        try:
            self.sysctl(key, value)
        except FileNotFoundError:
            pass

    def read(self, name):
        """A file of /proc/net."""
        with self.inside():
            with open("/proc/thread-self/net/" + name) as f:
                return f.read()


def _tools_dir():
    """A folder in which iptables means iptables-legacy, first in the PATH of what labs run."""
    global _tools
    if _tools is None:
        _tools = tempfile.mkdtemp(prefix="hookline-record-")
        multi = shutil.which("xtables-legacy-multi", path=SBIN)
        for n in ("iptables", "ip6tables"):
            for s in ("", "-save", "-restore", "-legacy", "-legacy-save", "-legacy-restore"):
                os.symlink(multi, os.path.join(_tools, n + s))
        _env["PATH"] = _tools + ":" + SBIN
        _env["XTABLES_LOCKFILE"] = os.path.join(_tools, "lock")
    return _tools


def remove_tools():
    """Called once at the end of a process."""
    if _tools:
        shutil.rmtree(_tools, ignore_errors=True)


def iptables_version():
    """As `iptables --version` prints it, without the v."""
    multi = shutil.which("xtables-legacy-multi", path=SBIN)
    out = subprocess.run([multi, "iptables", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    words = out.decode(errors="replace").split()
    return words[1].lstrip("v") if len(words) > 1 else "unknown"
