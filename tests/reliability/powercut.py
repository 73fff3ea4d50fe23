"""Cuts the power again and again while the program is at work, and looks each time whether anything is lost.

After each cut the file system is mounted again, and then what kills.py looks for after a kill must hold as well: every
visible file is whole, whatever is recorded is there with its SHA-256, nothing that the archive ever held is gone, the
index is sound. What the program had said to be saved is recorded. Then the program is left alone, and the archive must
become what the account is.

What had been fetched and was not recorded is fetched again: that is all a power cut may cost. It is measured twice: by
what the program had told when the power went, and by what the run after it asks Google for a second time.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from account import Account, Measure, sign_in
from archive import Judge, Lost, must
from program import LONG, PROGRAM, SEED, Moments, Program, conclude, in_words

CUTS = int(os.environ.get("CUTS", 60 if LONG else 8))
FILE_SYSTEMS = os.environ.get("FILE_SYSTEMS", "ext4 xfs").split()
# The smallest that mkfs.xfs makes, and some room. The file is sparse.
IMAGE_BYTES = 1 << 30
# How fast the network is, in bytes a second; 0: as fast as it can be. What is fetched and not yet recorded when the
# power goes depends on it.
RATES = [0, 0, 20_000_000, 4_000_000]
# How many cuts one file system sees, the first of them in a first run.
CUTS_EACH = 4
MEASURE = Measure(folders=12, files=300, photos=60, albums=6, bytes=(200, 60_000), big_one_in=25, big_bytes=4_000_000)


class Disk:
    """A file system in a file, whose power can be cut."""

    def __init__(self, kind, work):
        self.kind, self.image, self.at = kind, work / f"{kind}.img", work / f"mounted-{kind}"
        with open(self.image, "wb") as image:
            image.truncate(IMAGE_BYTES)
        call({"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}[kind] + [str(self.image)])
        self.at.mkdir(exist_ok=True)
        self.mount()

    def mount(self):
        call(["mount", "-o", "loop", "-t", self.kind, str(self.image), str(self.at)])

    def cut(self):
        """Nothing reaches the device any more."""
        call(["xfs_io", "-x", "-c", "shutdown", str(self.at)])

    def power_up(self):
        """What had reached the device is mounted again."""
        call(["umount", str(self.at)])
        self.mount()

    def close(self):
        call(["umount", str(self.at)])
        self.image.unlink()


@dataclass
class Window:
    """What had been fetched and not been recorded when the power was cut: files, bytes, and seconds since the first of
    them was fetched."""

    files: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Cuts:
    """The whole of it, and its numbers."""

    def __init__(self, work):
        self.work, self.rng = work, random.Random(SEED)
        self.account = Account(PROGRAM, work, self.rng, MEASURE)
        self.account.fill()
        self.environment, self.options = sign_in(PROGRAM, self.account, work)
        self.moments = Moments(random.Random(f"{SEED} moments"))
        self.cut, self.windows, self.looked, self.whole, self.stray = Counter(), [], 0, 0, 0
        self.disk = None
        # What was asked for since the last run that came to its end, and how many cuts there were since then.
        self.asked, self.cuts_since = set(), 0
        # What was asked for again after a cut that nothing came after.
        self.again = []
        # What the runs were doing when the power went.
        self.doing = Counter()
        # How often a run was killed just before.
        self.killed_before = 0

    def words(self):
        return (
            f"{self.cut.total()} power cuts ({in_words(self.cut)}; {self.killed_before} of them after a kill; while "
            f"{in_words(self.doing)}), {self.whole} runs to their end between them, {self.looked} files and links "
            f"compared, {self.stray} stray links in albums; fetched and not recorded at {len(self.windows)} cuts, "
            f"median and most: {self.window()}; asked for a second time after {len(self.again)} cuts, median and most: "
            f"{median_and_most(files for files, _ in self.again)} files, "
            f"{median_and_most(size for _, size in self.again)} bytes"
        )

    def window(self):
        """What the cuts in which something was being fetched have cost."""
        told = [
            f"{median_and_most((getattr(window, what) for window in self.windows), form)} {what}"
            for what, form in (("files", "{:.0f}"), ("bytes", "{:.0f}"), ("seconds", "{:.2f}"))
        ]
        return ", ".join(told)

    def all(self):
        while self.cut.total() < CUTS:
            for kind in FILE_SYSTEMS:
                self.one_disk(kind, min(CUTS, self.cut.total() + CUTS_EACH))

    def one_disk(self, kind, until):
        """One file system, and an archive on it from its first run on."""
        self.disk = Disk(kind, self.work)
        target = self.disk.at / "archive"
        program, judge = Program(self.environment, self.options, target), Judge(target, self.account)
        # What the program says is not to be lost with the rest.
        program.said = self.work / "said"
        while self.cut.total() < until and self.power_cut(program, judge, f"{kind} first", program.backup()):
            if self.rng.random() < 0.35:
                break
        self.undisturbed(program, judge)
        while self.cut.total() < until:
            self.account.change(self.rng.randint(10, 120))
            removing = ["--do-delete", "--max-delete", "100%"] if self.rng.random() < 0.6 else []
            self.power_cut(program, judge, f"{kind} later", program.backup("--rescan", *removing))
            if self.rng.random() < 0.6:
                self.undisturbed(program, judge)
        self.undisturbed(program, judge)
        self.looked += judge.looked
        self.stray += len(judge.stray)
        self.disk.close()
        self.disk = None

    def power_cut(self, program, judge, kind, command):
        """Runs, cuts, looks, and says whether the run was still going on."""
        rate, was_cut = self.rng.choice(RATES), []
        if rate:
            command = [*command, "--bwlimit", str(rate)]
        guess = sum(self.account.sizes.values()) / rate if rate and "first" in kind else 0.8
        stop = self.moments.draw((kind, rate), guess)

        def cut(seconds, writes):
            if not was_cut and stop(seconds, writes):
                was_cut.append(time.time())
                self.disk.cut()
                # Half of them live on for a while, on a disk that is no more.
                return self.rng.random() < 0.5
            return bool(was_cut) and time.time() - was_cut[0] > 5

        if self.rng.random() < 0.3:
            # The power goes while what a killed run left is set right.
            killed = program.run(command, self.moments.draw((kind, rate), guess))
            judge.after_a_crash(is_durable=False)
            stop = self.moments.draw((kind, rate, "again"), 0.1)
            self.killed_before += killed.was_killed
        ended = program.run(command, cut)
        self.moments.learn((kind, rate), ended)
        if not was_cut:
            self.disk.cut()
        self.disk.power_up()
        self.asked |= set(self.account.fetches())
        self.cuts_since += 1
        _, recorded = judge.after_a_crash()
        self.told(program, recorded, was_cut[0] if was_cut else time.time(), kind)
        if was_cut:
            self.cut[kind] += 1
            self.doing[program.phase(was_cut[0])] += 1
        else:
            program.well(ended, command)
            # The power went just after the run's end.
            self.cut[f"{kind}, at its end"] += 1
        return bool(was_cut)

    def told(self, program, recorded, at, kind):
        """What was said to be saved is recorded; what was only fetched is counted."""
        sizes, fetched, saved = {}, {}, set()
        for when, event in program.events():
            # What the dying program says after the cut is void.
            if when < at:
                if event["event"] == "started":
                    sizes[event["path"]] = event["size_bytes"] or 0
                elif event["event"] == "fetched":
                    fetched[event["path"]] = when
                elif event["event"] == "saved":
                    saved.add(event["path"])
        for path in saved:
            must(path in recorded, path, "was said to be saved, and is not recorded")
        open_ones = {path: when for path, when in fetched.items() if path not in saved}
        if fetched:
            self.windows.append(Window(
                len(open_ones), sum(sizes.get(path, 0) for path in open_ones),
                at - min(open_ones.values()) if open_ones else 0.0,
            ))

    def undisturbed(self, program, judge):
        """Lets a run come to its end, and compares."""
        removing = self.rng.random() < 0.5
        command = program.backup("--rescan", *(["--do-delete", "--max-delete", "100%"] if removing else []))
        self.moments.learn((f"{self.disk.kind} later", 0), program.whole(command))
        self.cost()
        judge.after_a_run(removing)
        program.whole(program.command("verify"))
        self.whole += 1
        print(f"powercut: {self.cut.total()} of {CUTS}", file=sys.stderr, flush=True)


    def cost(self):
        """Notes what a whole run asked for that had been asked for before the cut. What the cut found on its way is
        taken for wholly fetched."""
        again = [size for it, size in self.account.fetches().items() if it in self.asked]
        if self.cuts_since == 1:
            self.again.append((len(again), sum(again)))
        self.asked, self.cuts_since = set(), 0


def median_and_most(numbers, form="{:.0f}"):
    """The two, in words."""
    numbers = list(numbers) or [0]
    return f"{form.format(statistics.median(numbers))} and {form.format(max(numbers))}"


def call(command):
    """A command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Lost(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")


def main():
    work = Path(tempfile.mkdtemp(prefix="gphotos-sync-powercut-"))
    cuts = Cuts(work)
    try:
        cuts.all()
    except Lost as error:
        if cuts.disk:
            # The mount goes with this process.
            shutil.copytree(cuts.disk.at, work / "kept", symlinks=True)
        return conclude("powercut", cuts.words(), work, error)
    finally:
        cuts.account.close()
    shutil.rmtree(work)
    return conclude("powercut", cuts.words(), work)


if __name__ == "__main__":
    sys.exit(main())
