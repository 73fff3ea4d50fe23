"""A run in which nothing changed, against rclone's."""

from contest import Entrant, contest, one
from detour import Detour
from google import world
from ours import Ours, without
from rclone import Rclone


def measure(bench):
    files, folders = bench.options.files, bench.options.folders
    bench.table.heading(f"unchanged: nothing changed in {files} files on disk")
    with bench.google(world(items=files, folders=folders, bytes=64)) as google, Detour(bench, google) as detour:
        ours, rclone, folder = Ours(bench, google), Rclone(bench, google, detour), bench.fresh("unchanged")
        run = ours.command(folder / "ours", "--skip-photos")
        many = ("--checkers", "32", "--transfers", "32", "--fast-list")
        sync = rclone.command("sync", *many, "google:", folder / "rclone")
        bench.table.note("each fetches all of it first")
        for entrant in (Entrant("first", run, ours.env), Entrant("rclone's first", sync, rclone.env)):
            bench.table.line(entrant, [one(bench, google, entrant)])
        samples = contest(bench, google, [
            Entrant("rclone sync --fast-list", sync, rclone.env),
            Entrant("ours, by the same detour", run, ours.by(detour)),
            Entrant("ours", run, ours.env),
        ])
        without(folder)
    judge(bench.table, samples)


def judge(table, samples):
    last = samples["ours"][-1]
    table.promise("requests to the change feed", last.requests.get("changes", 0), 1, exact=True)
    table.promise("requests for listings or bytes",
                  sum(last.requests.get(kind, 0) for kind in ("list", "media", "export")), 0, exact=True)
    table.ratio("against rclone sync", samples["ours, by the same detour"], samples["rclone sync --fast-list"], 0.25)
    table.promise("peak", max(sample.peak_mib for sample in samples["ours"]), 64, " MiB")
