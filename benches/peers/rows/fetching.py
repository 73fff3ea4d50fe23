"""Fetching many files, against rclone, against curl, and against writing and syncing alone."""

import shutil

from contest import Entrant, contest, one
from detour import Detour
from google import world
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
                race(bench, google, detour, latency_ms)


def race(bench, google, detour, latency_ms):
    folder = bench.fresh("fetched")
    peers = {name: entrant(bench, google, detour, folder, latency_ms) for name, entrant in PEERS.items()}
    best = best_of(bench, google, rclones(bench, google, detour, folder, latency_ms))
    floors = () if latency_ms else tuple(writers(bench, folder))
    samples = contest(bench, google, [best, *peers.values(), *floors])
    judge(bench.table, latency_ms, {name: samples[entrant.name] for name, entrant in peers.items()},
          samples[best.name], [samples[floor.name] for floor in floors])
    without(folder)


def rclones(bench, google, detour, folder, latency_ms):
    rclone = Rclone(bench, google, detour)
    for transfers in TRANSFERS:
        copy = rclone.command("copy", "--transfers", str(transfers), "--checkers", "32", "google:", folder / "rclone")
        yield Entrant(named(f"rclone copy --transfers {transfers}", latency_ms), copy, rclone.env,
                      lambda: without(folder / "rclone"), latency_ms)


def best_of(bench, google, entrants):
    """The one who is quickest in a run each; only that one is measured in turn with the others."""
    entrants = list(entrants)
    samples = contest(bench, google, entrants, 1)
    return min(entrants, key=lambda entrant: median(samples[entrant.name], "wall"))


def ours_whole(bench, google, _, folder, latency_ms):
    ours, target = Ours(bench, google), folder / "whole"
    command = ours.command(target, "--skip-photos")
    return Entrant(named("ours, the whole first run", latency_ms), command, ours.env, lambda: without(target),
                   latency_ms)


def ours_fetch(bench, google, detour, folder, latency_ms, way=None):
    """The fetch alone: each run begins with a copy of an archive that has been indexed."""
    ours, target, indexed = Ours(bench, google), folder / "ours", bench.fresh("index") / "indexed"
    one(bench, google, Entrant("index", ours.command(indexed, "--index-only", "--skip-photos"), ours.env))

    def prepare():
        without(target)
        shutil.copytree(indexed, target)

    command = ours.command(target, "--skip-index", "--skip-photos")
    name = "ours, the fetch" + (", by the detour" if way else "")
    return Entrant(named(name, latency_ms), command, way(ours) if way else ours.env, prepare, latency_ms)


def ours_detoured(bench, google, detour, folder, latency_ms):
    return ours_fetch(bench, google, detour, folder, latency_ms, lambda ours: ours.by(detour))


def curl(bench, google, _, folder, latency_ms):
    """curl with a list of all addresses, and where each is to go."""
    token, target = google.access_token(), folder / "curl"
    config = bench.fresh("curl") / "list"
    with config.open("w") as lines:
        for number, name in enumerate(ids(google, token)):
            lines.write(f'url = "{google.root}/drive/v3/files/{name}?alt=media"\noutput = "{target}/{number}"\n')
    command = ["curl", "--parallel", "--parallel-max", "16", "--fail", "--silent", "--show-error",
               "--header", f"Authorization: Bearer {token}", "--config", config]

    def prepare():
        without(target)
        target.mkdir()

    return Entrant(named("curl --parallel-max 16", latency_ms), command, {}, prepare, latency_ms)


def ids(google, token):
    """The ids of all files."""
    fields = "nextPageToken,files(id)"
    query = "mimeType != 'application/vnd.google-apps.folder'"
    for page in Client(google.root, token).pages("/drive/v3/files", pageSize=1000, q=query, fields=fields):
        yield from (file["id"] for file in page["files"])


def writers(bench, folder):
    target, options = folder / "floor", bench.options
    for how in ("syncfs", "fsync"):
        yield Entrant(f"writing, {how}", bench.floor(target, options.small, options.small_bytes, how), {},
                      lambda: without(target))


PEERS = {"whole": ours_whole, "fetch": ours_fetch, "detoured": ours_detoured, "curl": curl}


def named(name, latency_ms):
    return f"{name}, {latency_ms} ms" if latency_ms else name


def judge(table, latency_ms, samples, rclone, floors):
    if latency_ms:
        table.ratio(f"against rclone's best, {latency_ms} ms", samples["detoured"], rclone, 0.6)
        table.ratio(f"against curl, {latency_ms} ms", samples["fetch"], samples["curl"], 1.2)
        return
    floor = min(floors, key=lambda sample: median(sample, "wall"))
    slower = max(floor, samples["curl"], key=lambda sample: median(sample, "wall"))
    table.ratio("against the slower of curl and of writing and syncing", samples["fetch"], slower, 1.2)
