"""Kills the program again and again at random moments, and looks after each kill whether anything is lost.

After each kill, before anything else has touched the archive: every visible file is whole and is what its name says,
whatever is recorded is there with its SHA-256, nothing that the archive ever held is gone from it, SQLite finds its file
sound. Every few kills the program is left alone: it must come to its end, and the archive must then be what the account
is, name by name and byte by byte; `verify` must agree.
"""

import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from account import Account, Measure, sign_in
from archive import Judge, Lost
from program import LONG, PROGRAM, SEED, Moments, Program, conclude, in_words

KILLS = int(os.environ.get("KILLS", 200 if LONG else 25))
# After how many kills the program is left alone, and after how many a new archive is begun.
UNDISTURBED_AFTER = 5
NEW_ARCHIVE_AFTER = 25
# While a new archive is made, so many kills come before the program is left alone first.
FIRST_RUN_KILLS = 8


class Kills:
    """The whole of it, and its numbers."""

    def __init__(self, work):
        self.work, self.rng = work, random.Random(SEED)
        self.account = Account(PROGRAM, work, self.rng, Measure())
        self.account.fill()
        self.environment, self.options = sign_in(PROGRAM, self.account, work)
        self.moments = Moments(random.Random(f"{SEED} moments"))
        self.killed, self.whole, self.archives = Counter(), 0, 0
        self.looked, self.stray = 0, 0
        # What the runs were doing when they were killed, and how many ended before they could be.
        self.doing, self.faster = Counter(), 0

    def words(self):
        return (
            f"{self.killed.total()} kills ({in_words(self.killed)}; while {in_words(self.doing)}; {self.faster} runs "
            f"were faster), {self.archives} archives, {self.whole} runs to their end between "
            f"them, {self.looked} files and links compared, {self.stray} stray links in albums"
        )

    def all(self):
        while self.killed.total() < KILLS:
            self.archive()

    def archive(self):
        """One archive, from its first run on."""
        self.archives += 1
        target = self.work / f"archive-{self.archives}"
        program, judge = Program(self.environment, self.options, target), Judge(target, self.account)
        until = min(KILLS, self.killed.total() + NEW_ARCHIVE_AFTER)
        first = min(until, self.killed.total() + FIRST_RUN_KILLS)
        while self.killed.total() < first:
            if not self.kill(program, judge, "first", program.backup()):
                break
        self.undisturbed(program, judge)
        while self.killed.total() < until:
            for _ in range(self.rng.randint(1, UNDISTURBED_AFTER)):
                if self.killed.total() < until:
                    self.account.change(self.rng.randint(3, 25))
                    self.kill(program, judge, *self.some_command(program))
            self.undisturbed(program, judge)
        self.looked += judge.looked
        self.stray += len(judge.stray)
        shutil.rmtree(target)

    def some_command(self, program):
        """What is run, and its kind."""
        draw = self.rng.random()
        if draw < 0.08:
            return "undo", program.command("undo")
        if draw < 0.16:
            return "verify", program.command("verify", "--repair")
        options = [option for option, share in SHARES.items() if self.rng.random() < share]
        return ("rescan" if set(options) & {"--rescan", "--flush-index"} else "backup"), program.backup(*options)

    def kill(self, program, judge, kind, command):
        """Runs and kills it, looks, and says whether it could be killed."""
        ended = program.run(command, self.moments.draw(kind))
        self.moments.learn(kind, ended)
        judge.after_a_crash()
        if ended.was_killed:
            self.killed[kind] += 1
            self.doing[program.phase()] += 1
        else:
            self.faster += 1
            program.well(ended, command, CODES.get(kind, {0, 6}))
        return ended.was_killed

    def undisturbed(self, program, judge):
        """Lets a run come to its end, and compares."""
        removing = self.rng.random() < 0.5
        # With --rescan, since of Photos only what is new at its end is read every night.
        command = program.backup("--rescan", *(["--do-delete", "--max-delete", "100%"] if removing else []))
        self.moments.learn("backup", program.whole(command))
        judge.after_a_run(removing)
        program.whole(program.command("verify"))
        self.whole += 1
        print(f"kills: {self.killed.total()} of {KILLS}", file=sys.stderr, flush=True)


# With which options the main job is run, and how often.
SHARES = {"--do-delete": 0.5, "--rescan": 0.12, "--flush-index": 0.12}

# `verify` may find what a killed run had in hand.
CODES = {"verify": {0, 8}, "undo": {0, 8}}


def main():
    work = Path(tempfile.mkdtemp(prefix="gphotos-sync-kills-"))
    kills = Kills(work)
    try:
        kills.all()
    except Lost as error:
        return conclude("kills", kills.words(), work, error)
    finally:
        kills.account.close()
    shutil.rmtree(work)
    return conclude("kills", kills.words(), work)


if __name__ == "__main__":
    sys.exit(main())
