"""Taking in an export of many items that lies on this disk in zips, against unzip."""

import sqlite3

import measure as clock
import parts
from contest import Entrant, contest
from google import world
from ours import Ours, without

# Each zip into the same folder, as a person does it by hand.
UNZIP = 'set -e; to=$1; shift; for part; do unzip -q "$part" -d "$to"; done'
PARTS = 4


def measure(bench):
    items, length = bench.options.exported, bench.options.exported_bytes
    bench.table.heading(f"takeout: {items} items of {length} bytes and their sidecars, in {PARTS} local zips")
    zips = bench.fresh("zips")
    # Without copies in albums both have the same bytes to write.
    kind = world(items=0, folders=0, bytes=length, export=items, parts=PARTS, copies="years")
    with bench.google(kind, listed=False) as google:
        paths = [part.path for part in parts.fetch(google, zips)]
        truth = google.ask("truth")["truth"]
    with bench.google(world(items=1), listed=False) as google:
        race(bench, google, paths, truth)
    without(zips)


def race(bench, google, paths, truth):
    ours, folder = Ours(bench, google), bench.fresh("taken")
    new = {"prepare": lambda: without(*folder.iterdir())}
    samples = contest(bench, google, [
        Entrant("unzip -q", ["bash", "-c", UNZIP, "unzip", folder / "unzipped", *paths], **new),
        Entrant("unzip -q; sync -f", ["bash", "-c", f"{UNZIP}; sync -f \"$to\"", "unzip", folder / "unzipped", *paths],
                **new),
        Entrant("ours", ours.takeout(folder / "ours", *paths), ours.env, **new),
    ])
    check(bench.table, folder / "ours", truth)
    without(folder)
    length = sum(path.stat().st_size for path in paths)
    for name, of_name in samples.items():
        wall, cpu = (clock.median(of_name, what) for what in ("wall", "cpu"))
        written = clock.median(of_name, "written")
        bench.table.note(f"{name}: {length / wall / 1e6:.0f} MB/s of zip, {length / cpu / 1e6:.0f} MB for a second of "
                         f"CPU, {written / 1e6:.0f} MB written for {length / 1e6:.0f} MB of zip")
    bench.table.ratio("time of ours to that of unzip", samples["ours"], samples["unzip -q"], 1 / 0.8)
    bench.table.promise("peak", max(sample.peak_mib for sample in samples["ours"]), 64, " MiB")


def check(table, target, truth):
    """Whether all of it is there: each SHA-256 of the truth, by the index. What was in the trash has no state `saved`."""
    with sqlite3.connect(f"file:{target}/index.db?mode=ro", uri=True) as index:
        held = {sha256 for (sha256,) in index.execute("SELECT sha256 FROM v_files WHERE path IS NOT NULL")}
    missing = {item["sha256"] for item in truth} - held
    table.promise("pictures and films that are missing", len(missing), 0, exact=True)
