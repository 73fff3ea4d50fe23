"""A second full export in Drive of which few items are new: how much of it is fetched."""

import collections
import os

import measure as clock
import parts
from contest import Entrant, one
from google import world
from ours import Ours, without

ITEMS, BYTES, PARTS, NEW = 500, 200_000, 3, 5
KINDS = ("directory", "sidecars", "entries")


def measure(bench):
    bench.table.heading(f"second: {ITEMS} items of {BYTES} bytes in {PARTS} parts in Drive; then all again, and {NEW}% new")
    zips = bench.fresh("zips")
    kind = world(items=0, folders=0, bytes=BYTES, export=ITEMS, parts=PARTS)
    with bench.google(kind, listed=False) as google:
        ours, target = Ours(bench, google), bench.work / "twice"
        first = Entrant("the first export", ours.command(target, "--skip-photos"), ours.env)
        bench.table.line(first, [one(bench, google, first)])
        google.ask(f"export full {NEW}%")
        known = {part.id: parts.Layout(part.path) for part in parts.fetch(google, zips)}
        tell(bench, google, Entrant(f"the second, {NEW}% of it new", first.command, ours.env), known)
        tell(bench, google, Entrant("nothing new", first.command, ours.env), known)
    without(zips, target)


def tell(bench, google, entrant, known):
    """Runs it, and says what was asked of parts, by kind."""
    google.begin()
    log = bench.work / "output"
    sample = clock.run(entrant.command, os.environ | entrant.env, log)
    if sample.code:
        raise clock.Failed(f"{entrant.name} ended with {sample.code}:\n{clock.tail(log)}")
    ranges = [(id, words) for id, words in google.ask("ranges")["ranges"] if id in known]
    sample.received = google.counted()[1]
    sample.requests = {"ranges": len(ranges)}
    bench.table.line(entrant, [sample])
    counts = collections.Counter()
    for id, words in ranges:
        known[id].kinds_of(words, counts)
    # Parts are sorted by name: the later export's come last.
    whole = sum(layout.length for layout in list(known.values())[-PARTS:])
    for kind in KINDS:
        bench.table.note(f"{kind}: {counts[kind]} bytes, {counts[kind] / whole:.2%}")
    asked = sum(counts.values())
    bench.table.note(f"asked for {asked} bytes of parts; {sample.received} came with all else; the export has {whole}")
    bench.table.promise(f"{entrant.name}: share of its bytes", sample.received / whole * 100, 6, "%", exact=True)
