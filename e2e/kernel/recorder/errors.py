"""What can go wrong, in three kinds: a lab that the real tools refuse, a machine that cannot record, a bad moment."""


class Refused(Exception):
    """A real tool does not take a text of the lab. This is a result, not a failure: it goes into the recording."""

    def __init__(self, host, tool, line, message):
        super().__init__(message)
        self.info = {"host": host, "tool": tool, "line": line, "message": message}


class Failure(Exception):
    """The recording cannot be made: the reason is for the user to read."""


class Stalled(Exception):
    """This machine stood still for so long that timers of the stack came first; the lab is recorded again."""
