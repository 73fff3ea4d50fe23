"""Listing a Drive into the index, against rclone's fastest listing and against one page after the other."""

from contest import Entrant, contest
from detour import Detour
from google import world
from ours import Ours, without
from rclone import Rclone

SLOW_MS = 50


def measure(bench):
    files, folders = bench.options.files, bench.options.folders
    for times in ("uniform", "bursts"):
        bench.table.heading(f"listing: {files} files in {folders} folders into the index, times {times}")
        with bench.google(world(items=files, folders=folders, bytes=64, times=times)) as google:
            with Detour(bench, google) as detour:
                race(bench, google, detour, -(-(files + folders) // 1000))


def race(bench, google, detour, pages):
    ours, rclone, target = Ours(bench, google), Rclone(bench, google, detour), bench.work / "listed"
    index = ours.command(target, "--index-only", "--skip-photos")
    list_all = rclone.command("lsjson", "-R", "--fast-list", "--checkers", "32", "google:")
    new = {"prepare": lambda: without(target)}
    serial = bench.pages(google, "drive")
    samples = contest(bench, google, [
        Entrant("rclone lsjson -R --fast-list", list_all, rclone.env),
        Entrant("ours, by the same detour", index, ours.by(detour), **new),
        Entrant("ours", index, ours.env, **new),
        Entrant("one page after the other", serial),
        Entrant(f"rclone, {SLOW_MS} ms", list_all, rclone.env, latency_ms=SLOW_MS),
        Entrant(f"one page after the other, {SLOW_MS} ms", serial, latency_ms=SLOW_MS),
        Entrant(f"ours, {SLOW_MS} ms", index, ours.env, latency_ms=SLOW_MS, **new),
    ])
    without(target)
    judge(bench.table, samples, pages)


def judge(table, samples, pages):
    detoured, rclone = samples["ours, by the same detour"], samples["rclone lsjson -R --fast-list"]
    for what in ("ours", f"ours, {SLOW_MS} ms"):
        requests = max(sum(sample.requests.values()) for sample in samples[what])
        table.promise(f"requests of {what}, for {pages} pages", requests, pages + 25, exact=True)
    table.ratio("against rclone", detoured, rclone, 0.7)
    table.ratio("against rclone", detoured, rclone, 0.7, "cpu")
    slow, serial = samples[f"ours, {SLOW_MS} ms"], samples[f"one page after the other, {SLOW_MS} ms"]
    table.ratio(f"against one page after the other, {SLOW_MS} ms", slow, serial, 0.25)
