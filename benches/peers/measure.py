"""Runs a command and says what it cost: time, CPU, memory."""

import dataclasses
import os
import signal
import statistics
import subprocess
import time

# The unit of what getrusage says was written, on Linux.
BLOCK_BYTES = 512


@dataclasses.dataclass
class Sample:
    """What one run cost. `cpu` is user and system time, of the command and all that it waited for; `peak` is that of
    the largest of its processes (and never less than this program's own, a known property of getrusage). `written` is
    how many bytes were to go to a disk, by the system's account: page by page, and none of what lies in memory."""

    wall: float
    cpu: float
    peak_mib: float
    code: int
    written: int = 0
    requests: dict = dataclasses.field(default_factory=dict)
    received: int = 0


class Failed(Exception):
    """A command did not do what it is there for, so its time means nothing."""


def run(command, env, log, limit=None):
    """Runs `command` with its output in the file `log`. After `limit` seconds it is ended, and its code is negative."""
    with open(log, "wb") as output:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            code, used = wait(process, begun, limit)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.monotonic() - begun
    process.returncode = code
    return Sample(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code, used.ru_oublock * BLOCK_BYTES)


def wait(process, begun, limit):
    """Its exit code and what it used. Without a limit there is no looking in between, which would cost CPU."""
    if limit is not None:
        while time.monotonic() - begun < limit:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status), used
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    _, status, used = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), used


def median(samples, what):
    """The median of one figure of all samples."""
    return statistics.median(getattr(sample, what) for sample in samples)


def tail(log, count=2000):
    """The end of a command's output, for the message when it failed."""
    with open(log, "rb") as output:
        return output.read()[-count:].decode(errors="replace")
