"""One thread waits for everything: the stack's listeners, and the sockets that observe."""
import select
import time

QUIET = 0.06  # a step is over when nothing has happened for so long, in seconds
LATE = 0.03  # the stack's own timers start at 0.04


class Loop:
    """Callbacks for sockets that have something to read."""

    def __init__(self):
        self._epoll, self._callbacks = select.epoll(), {}
        self.stalled = False

    def add(self, sock, callback, urgent=False):
        """Urgent ones, the listeners, come before the observers: reading captured frames can take longer than the
        stack delays an ACK."""
        self._callbacks[sock.fileno()] = (callback, sock, urgent)
        self._epoll.register(sock.fileno(), select.EPOLLIN)

    def drop(self, sock):
        """No more callbacks for it."""
        self._epoll.unregister(sock.fileno())
        self._callbacks.pop(sock.fileno(), None)

    def poll(self, timeout):
        """Serves what is ready, or gets ready within the timeout; gives how many callbacks ran."""
        n = 0
        while True:
            ready = [self._callbacks[fd] for fd, _ in self._epoll.poll(timeout) if fd in self._callbacks]
            urgent = [c for c in ready if c[2]]
            for callback, _, _ in urgent or ready:
                callback()
                n += 1
            if not urgent:
                return n
            timeout = 0

    def answer(self, since):
        """Lets the listeners answer what has just been put in."""
        self.poll(0)
        if time.monotonic() - since > LATE:
            self.stalled = True

    def settle(self, quiet=QUIET, limit=8.0):
        """Until all is quiet."""
        end = time.monotonic() + limit
        while time.monotonic() < end and self.poll(quiet):
            pass

    def run_for(self, seconds):
        """Serves for a time."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return
            self.poll(left)
