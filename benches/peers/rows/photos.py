"""Indexing Google Photos and its albums, against one page after the other."""

from contest import Entrant, contest
from google import world
from ours import Ours, without

SLOW_MS = 50


def measure(bench):
    photos, albums, each = bench.options.photos, bench.options.albums, bench.options.album
    bench.table.heading(f"photos: {photos} photos and {albums} albums of {each} into the index")
    with bench.google(world(items=1, bytes=64, photos=photos, albums=albums, album=each), listed=False) as google:
        race(bench, google)


def race(bench, google):
    ours, target = Ours(bench, google, person=True), bench.work / "indexed"
    index = ours.command(target, "--index-only", "--skip-drive")
    new = {"prepare": lambda: without(target)}
    serial = bench.pages(google, "photos")
    both = bench.pages(google, "photos", "albums")
    slow = {"latency_ms": SLOW_MS}
    samples = contest(bench, google, [
        Entrant("ours", index, ours.env, **new),
        Entrant("pages and albums in turn", both),
        Entrant(f"pages in turn, {SLOW_MS} ms", serial, **slow),
        Entrant(f"pages and albums in turn, {SLOW_MS} ms", both, **slow),
        Entrant(f"ours, {SLOW_MS} ms", index, ours.env, **slow, **new),
    ])
    without(target)
    judge(bench.table, samples)


def judge(table, samples):
    """The pages' number is what the serial client needs: it asks for each page once and for nothing else. What is
    asked for once in a run weighs too much in a small library for the number to say anything."""
    pages = sum(samples["pages and albums in turn"][-1].requests.values())
    for what in ("ours", f"ours, {SLOW_MS} ms"):
        requests = max(sum(sample.requests.values()) for sample in samples[what])
        table.promise(f"requests of {what}, for {pages} pages", requests, pages * 1.1, exact=pages > 100)
    slow = samples[f"ours, {SLOW_MS} ms"]
    table.ratio(f"against all pages in turn, {SLOW_MS} ms",
                slow, samples[f"pages and albums in turn, {SLOW_MS} ms"], 0.25)
    table.ratio(f"against the pages without albums, {SLOW_MS} ms", slow, samples[f"pages in turn, {SLOW_MS} ms"], 0.25)
