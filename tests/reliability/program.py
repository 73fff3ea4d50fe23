"""Runs the program under test, and stops it as nobody should. Standard library only."""

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive import Lost

# The settings of every script of this folder.
PROGRAM = str(Path(os.environ.get("GPHOTOS_SYNC", "target/release/gphotos-sync")).absolute())
LONG = os.environ.get("LONG", "0") == "1"
SEED = os.environ.get("SEED", "20261121")

# What a run may end with by itself: all done, or more is gone than may go at once.
WELL = {0, 6}


@dataclass
class Ended:
    """How a run ended: its exit code, negative if it was killed."""

    code: int
    seconds: float
    writes: int

    @property
    def was_killed(self):
        return self.code == -9


class Program:
    """The program, signed in, with one archive."""

    def __init__(self, environment, options, target):
        self.environment, self.options, self.target = environment, options, target
        self.said = Path(f"{target}.said")

    def backup(self, *more):
        return [PROGRAM, *self.options, "--all-files", "--progress", "json", *more, str(self.target)]

    def command(self, name, *more):
        return [PROGRAM, name, "--progress", "json", *more, str(self.target)]

    def start(self, command):
        with open(self.said, "wb") as said:
            return subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )

    def run(self, command, stop=None):
        """Runs it to its end, or until `stop(process, begun)` says that it has to die."""
        begun = time.monotonic()
        process = self.start(command)
        writes = 0
        while process.poll() is None:
            writes = max(writes, writes_of(process))
            if stop and stop(time.monotonic() - begun, writes):
                process.kill()
                process.wait()
                break
            time.sleep(0.0002)
        return Ended(process.returncode, time.monotonic() - begun, writes)

    def events(self):
        """What the last run told, each with its time, as far as the lines are whole."""
        for line in self.said.read_text(errors="replace").splitlines():
            try:
                event = json.loads(line)
                at = datetime.fromisoformat(event["at"]).timestamp()
            except (ValueError, TypeError, KeyError):
                continue
            yield at, event

    def phase(self, until=float("inf")):
        """What the last run was doing at that moment."""
        phases = [event["phase"] for at, event in self.events() if event["event"] == "phase" and at < until]
        return phases[-1].replace("_", " ") if phases else "setting out"

    def whole(self, command, codes=frozenset({0})):
        """Runs it to its end, which must be a good one."""
        ended = self.run(command)
        self.well(ended, command, codes)
        return ended

    def well(self, ended, command, codes=frozenset(WELL)):
        """A run that ended by itself ended well."""
        if ended.code not in codes:
            said = self.said.read_text(errors="replace").splitlines()[-30:]
            raise Lost("\n".join([f"{' '.join(command)} ended with {ended.code}:", *said]))


def writes_of(process):
    """How many writing calls a running process has made; 0 where the system does not say."""
    try:
        with open(f"/proc/{process.pid}/io", "rb") as told:
            return int(told.read().split(b"syscw: ")[1].split(b"\n")[0])
    except (OSError, IndexError):
        return 0


class Moments:
    """Draws the moments at which runs are stopped: half over the time that such runs took, half over what they wrote,
    so that more fall where much happens to the disk."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.seconds, self.writes = {}, {}

    def learn(self, kind, ended):
        """Takes note of how long a run of this kind was that came to its end. One that was stopped tells nothing, but
        that it can be that long."""
        ended_by_itself = ended.code >= 0
        if ended_by_itself or kind in self.writes:
            self.writes[kind] = max(ended.writes, self.writes.get(kind, 0) * (0.7 if ended_by_itself else 1))
        self.seconds[kind] = max(ended.seconds, self.seconds.get(kind, 0) * (0.7 if ended_by_itself else 1))

    def draw(self, kind, guess=0.5):
        """A `stop` for `Program.run`. Of a kind that is new it is guessed for how many seconds it runs."""
        share = self.rng.random()
        self.seconds.setdefault(kind, guess)
        if self.rng.random() < 0.5 or kind not in self.writes:
            limit = share * self.seconds[kind]
            return lambda seconds, _: seconds >= limit
        most = share * self.writes[kind]
        return lambda _, writes: writes >= most


def in_words(counter):
    """So many of each, the most first."""
    return ", ".join(f"{number} {kind}" for kind, number in counter.most_common())


def conclude(name, words, work, error=None):
    """Says the last line, and keeps the folder if something was lost."""
    if error is None:
        print(f"{name}: {words}, nothing lost (SEED={SEED})")
        return 0
    print(f"{name}: {error}\n{name}: see {work}", file=sys.stderr, flush=True)
    print(f"{name}: FAILED after {words} (SEED={SEED})")
    return 1
