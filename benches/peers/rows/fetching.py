"""Fetching many files, against rclone, against curl, and against writing and syncing alone."""

import dataclasses
import pathlib
import shutil

from bench import Bench
from contest import Entrant, contest, one
from detour import Detour
from google import Google, world
from measure import median
from ours import Ours, without
from pages import Client
from rclone import Rclone

SLOW_MS = 50
TRANSFERS = (4, 16, 32)


def measure(bench):
    count, length = bench.options.small, bench.options.small_bytes
    bench.table.heading(f"fetching: {count} files of {length} bytes")
    with bench.google(world(items=count, folders=max(1, count // 20), bytes=length)) as google:
        with Detour(bench, google) as detour:
            for latency_ms in (0, SLOW_MS):
                Race(bench, google, detour, bench.fresh("fetched"), latency_ms).run()


@dataclasses.dataclass
class Race:
    """All who fetch the same files from a Google that is that slow, each into a part of `folder` of their own."""

    bench: Bench
    google: Google
    detour: Detour
    folder: pathlib.Path
    latency_ms: int

    def run(self):
        rclone, whole, curl = self.best(self.rclones()), self.whole(), self.curl()
        fetch = self.fetch("ours, the fetch")
        detoured = self.fetch("ours, the fetch, by the detour", by=self.detour)
        writers = () if self.latency_ms else tuple(self.writers())
        found = contest(self.bench, self.google, [rclone, whole, fetch, detoured, curl, *writers])
        without(self.folder)
        self.judge(found[fetch.name], found[detoured.name], found[rclone.name], found[curl.name])
        if writers:
            best = min((found[writer.name] for writer in writers), key=lambda samples: median(samples, "wall"))
            slower = max(best, found[curl.name], key=lambda samples: median(samples, "wall"))
            words = "against the slower of curl and of writing and syncing"
            self.bench.table.ratio(words, found[fetch.name], slower, 1.2)

    def judge(self, fetch, detoured, rclone, curl):
        if self.latency_ms:
            self.bench.table.ratio(f"against rclone's best, {self.latency_ms} ms", detoured, rclone, 0.6)
            self.bench.table.ratio(f"against curl, {self.latency_ms} ms", fetch, curl, 1.2)

    def entrant(self, name, command, env, prepare):
        name = f"{name}, {self.latency_ms} ms" if self.latency_ms else name
        return Entrant(name, command, env, prepare, self.latency_ms)

    def best(self, entrants):
        """The one who is quickest in a run each; only that one is measured in turn with the others."""
        entrants = list(entrants)
        samples = contest(self.bench, self.google, entrants, 1)
        return min(entrants, key=lambda entrant: median(samples[entrant.name], "wall"))

    def rclones(self):
        rclone, target = Rclone(self.bench, self.google, self.detour), self.folder / "rclone"
        for transfers in TRANSFERS:
            copy = rclone.command("copy", "--transfers", str(transfers), "--checkers", "32", "google:", target)
            yield self.entrant(f"rclone copy --transfers {transfers}", copy, rclone.env, lambda: without(target))

    def whole(self):
        ours, target = Ours(self.bench, self.google), self.folder / "whole"
        command = ours.command(target, "--skip-photos")
        return self.entrant("ours, the whole first run", command, ours.env, lambda: without(target))

    def fetch(self, name, by=None):
        """The fetch alone: each run begins with a copy of an archive that has been indexed."""
        ours, target = Ours(self.bench, self.google), self.folder / "ours"
        indexed = self.bench.fresh("index") / "indexed"
        one(self.bench, self.google, Entrant("index", ours.command(indexed, "--index-only", "--skip-photos"), ours.env))

        env = ours.by(by) if by else ours.env

        def prepare():
            without(target)
            shutil.copytree(indexed, target)

        return self.entrant(name, ours.command(target, "--skip-index", "--skip-photos"), env, prepare)

    def curl(self):
        """curl with a list of all addresses, and where each is to go."""
        token, target = self.google.access_token(), self.folder / "curl"
        config = self.bench.fresh("curl") / "list"
        with config.open("w") as lines:
            for number, name in enumerate(ids(self.google, token)):
                address = f"{self.google.root}/drive/v3/files/{name}?alt=media"
                lines.write(f'url = "{address}"\noutput = "{target}/{number}"\n')
        command = ["curl", "--parallel", "--parallel-max", "16", "--fail", "--silent", "--show-error",
                   "--header", f"Authorization: Bearer {token}", "--config", config]

        def prepare():
            without(target)
            target.mkdir()

        return self.entrant("curl --parallel-max 16", command, {}, prepare)

    def writers(self):
        target, options = self.folder / "floor", self.bench.options
        for how in ("syncfs", "fsync"):
            command = self.bench.floor(target, options.small, options.small_bytes, how)
            yield self.entrant(f"writing, {how}", command, {}, lambda: without(target))


def ids(google, token):
    """The ids of all files."""
    fields = "nextPageToken,files(id)"
    query = "mimeType != 'application/vnd.google-apps.folder'"
    for page in Client(google.root, token).pages("/drive/v3/files", pageSize=1000, q=query, fields=fields):
        yield from (file["id"] for file in page["files"])
