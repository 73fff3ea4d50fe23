"""How cost grows: the first run, a run in which nothing changed, and one after 1,000 changes, of a tenth of the items
and of all. There is no peer here, only this program at two sizes."""

import contextlib
import subprocess

from contest import Entrant, contest, one
from google import world
from measure import median
from ours import Ours, index_bytes, without

CHANGES = 1000


class Size:
    """An account of one size, and its archive."""

    def __init__(self, bench, stack, items):
        self.items = items
        self.changes = min(CHANGES, items // 2)
        folders = max(1, items // 20)
        self.google = stack.enter_context(bench.google(world(items=items, folders=folders, bytes=64)))
        self.ours, self.archive = Ours(bench, self.google), bench.fresh("many") / "archive"

    def entrant(self, name, *options, **more):
        command = self.ours.command(self.archive, "--skip-photos", *options)
        return Entrant(f"{name}, {self.items} items", command, self.ours.env, **more)


def measure(bench):
    items = bench.options.many
    bench.table.heading(f"million: {items} files of 64 bytes, and a tenth of them")
    with contextlib.ExitStack() as stack:
        tenth, whole = (Size(bench, stack, count) for count in (items // 10, items))
        seconds_an_item = first(bench, tenth, whole)
        later(bench, tenth, whole, seconds_an_item)
        without(tenth.archive, whole.archive)


def first(bench, tenth, whole):
    """The first runs. Returns the seconds an item took in the small one."""
    samples = []
    for size in (tenth, whole):
        entrant = size.entrant("first run", prepare=lambda size=size: without(size.archive))
        runs = [one(bench, size.google, entrant) for _ in range(bench.options.first_runs)]
        bench.table.line(entrant, runs)
        samples.append(runs)
        per_item = index_bytes(size.archive) / size.items
        bench.table.promise("bytes of the index an item", per_item, 1024, exact=size.items > 1000)
    bench.table.promise("peak of the first run", max(sample.peak_mib for sample in samples[1]), 128, " MiB")
    bench.table.ratio("ten times the items", samples[1], samples[0], 11)
    return median(samples[0], "wall") / tenth.items


def later(bench, tenth, whole, seconds_an_item):
    small = contest(bench, tenth.google, [tenth.entrant("unchanged")])["unchanged, %d items" % tenth.items]
    entrants = {"unchanged": whole.entrant("unchanged")}
    if has_quick(bench):
        entrants["quick"] = whole.entrant("unchanged --quick", "--quick")
    changed = whole.entrant(f"{whole.changes} changes", prepare=lambda: whole.google.change(whole.changes))
    entrants["changed"] = changed
    found = contest(bench, whole.google, list(entrants.values()))
    samples = {name: found[entrant.name] for name, entrant in entrants.items()}
    table = bench.table
    table.ratio("unchanged, ten times the items", samples["unchanged"], small, 10)
    table.promise("peak, unchanged", max(sample.peak_mib for sample in samples["unchanged"]), 64, " MiB")
    if "quick" in samples:
        table.promise("--quick", median(samples["quick"], "wall"), 0.5, " s")
    # Every second change is other bytes; what fetching those costs is taken from the first run.
    fetches = whole.changes / 2 * seconds_an_item
    most = median(samples["unchanged"], "wall") * 1.5 + fetches
    table.promise("changes, against 1.5 x unchanged and the fetches", median(samples["changed"], "wall"), most, " s")


def has_quick(bench):
    told = subprocess.run([bench.program, "--help"], capture_output=True, text=True, check=True)
    return "--quick" in told.stdout
