"""Fetching while Google is faulty, against the same without faults, and against rclone."""

from contest import Entrant, contest, one
from detour import Detour
from google import world
from ours import Ours, without
from rclone import Rclone


def measure(bench):
    count, length = bench.options.faulty, bench.options.small_bytes
    bench.table.heading(
        f"faults: {count} files of {length} bytes; every 7th answer 503, 11th cut, 13th reset, 10th listing 429"
    )
    with bench.google(world(items=count, folders=max(1, count // 20), bytes=length)) as google:
        with Detour(bench, google) as detour:
            race(bench, google, detour)


def race(bench, google, detour):
    ours, rclone, folder = Ours(bench, google), Rclone(bench, google, detour), bench.fresh("faulty")
    new = {"prepare": lambda: without(*folder.iterdir())}
    command = ours.command(folder / "ours", "--skip-photos")
    copy = rclone.command("copy", "--transfers", "16", "--checkers", "32", "google:", folder / "rclone")
    samples = contest(bench, google, [
        Entrant("ours", command, ours.env, **new),
        # 8: what could not be saved is told, and fetched by the next run.
        Entrant("ours, with faults", command, ours.env, faults=True, codes=(0, 8), **new),
        Entrant("rclone copy", copy, rclone.env, **new),
    ])
    # rclone needs minutes, so it is tried once, and not to the end.
    limit = bench.options.limit
    faulty = Entrant("rclone copy, with faults", copy, rclone.env, faults=True, codes=range(256), limit=limit, **new)
    bench.table.line(faulty, [one(bench, google, faulty)])
    without(folder)
    left = sum(sample.code == 8 for sample in samples["ours, with faults"])
    bench.table.promise("runs with faults that could not save every file", left, 0)
    bench.table.ratio("with faults against without", samples["ours, with faults"], samples["ours"], 10)
