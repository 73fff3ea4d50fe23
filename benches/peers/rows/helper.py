"""Taking in exports of all sorts, against google-photos-takeout-helper of PyPI: who gets which date and album right.

It wants an export unpacked, so unzip comes first and counts. It writes dates and places into the pictures it unpacked,
then copies them: what it made of a picture is known by the picture's last bytes, which it leaves alone. Its options are
those that get most out of it.
"""

import collections
import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys

import parts
from contest import Entrant, one
from google import world
from ours import Ours, without

VERSION = "2.3.0"
OPTIONS = ("--albums", "json", "--guess-timestamp-from-filename")
UNZIP = 'set -e; to=$1; shift; for part; do unzip -q "$part" -d "$to"; done'
PARTS = 3
# It ends at the first sidecar without `geoDataExif`, which those of its time had.
PLACES = {"places": "twice"}
# Exports, by what is different about each.
EXPORTS = {
    "of 2021: NAME.jpg.json, albumData": {"era": "first", **PLACES},
    "the same, in German": {"era": "first", "locale": "german", **PLACES},
    "the same, parts in no order": {"era": "first", "order": "scattered", **PLACES},
    "the same, pictures of albums only there": {"era": "first", "copies": "albums", **PLACES},
    "until 2024: NAME.jpg.json": {"era": "plain", **PLACES},
    "since 2024: NAME.jpg.supplemental-metadata.json": PLACES,
    "of 2026: the same, geoDataExif only where there is a place": {},
}
# So many last bytes of a picture or film are no other's.
TAIL_BYTES = 256
# The longest title that leaves a sidecar's name whole has so many UTF-16 units.
LONG = 46
KINDS = ("plain names", "long names", "same names", "odd names", "edited", "films of live photos")
NUMBERED = re.compile(r"\(\d+\)(\.[^.]*)?$")
OF_ALBUMS = ("metadata.json", "Metadaten.json")


def measure(bench):
    items, length = bench.options.helped, bench.options.helped_bytes
    bench.table.heading(f"helper: exports of {items} items of {length} bytes in {PARTS} parts")
    program = installed(bench)
    for name, words in EXPORTS.items():
        bench.table.note("")
        bench.table.note(f"export {name}")
        kind = world(items=0, folders=0, bytes=length, export=items, parts=PARTS, **words)
        with bench.google(kind, listed=False) as google:
            zips = bench.fresh("zips")
            paths = [part.path for part in parts.fetch(google, zips)]
            wanted = google.ask("truth")["truth"]
            both(bench, google, program, paths, wanted)
            without(zips)


def installed(bench):
    """The helper, in a venv of its own beside the other peers'."""
    venv = bench.rclone.parent.parent.parent / f"helper-{VERSION}"
    program = venv / "bin" / "google-photos-takeout-helper"
    if not program.exists():
        without(venv)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        wanted = f"google-photos-takeout-helper=={VERSION}"
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wanted], check=True)
    return program


def both(bench, google, program, paths, wanted):
    folder = bench.fresh("helped")
    unzip = one(bench, google, Entrant("unzip", ["bash", "-c", UNZIP, "unzip", folder / "in", *paths]))
    truth = known(folder / "in", wanted)
    command = ["env", "-C", folder, "TZ=UTC", program, "-i", folder / "in", "-o", folder / "out", *OPTIONS]
    # A crash is a result: what it made until then counts.
    helper = one(bench, google, Entrant("helper", command, codes=range(256)))
    tell(bench.table, f"unzip and the helper, exit {helper.code}", added(unzip, helper), helped(folder, truth))
    ours = Ours(bench, google)
    sample = one(bench, google, Entrant("ours", ours.takeout(folder / "ours", *paths), ours.env))
    tell(bench.table, "ours", sample, taken_in(folder / "ours", truth))
    without(folder)


def added(*samples):
    """What several cost that come one after the other."""
    total = lambda what: sum(getattr(sample, what) for sample in samples)
    return dataclasses.replace(samples[-1], wall=total("wall"), cpu=total("cpu"), written=total("written"),
                               peak_mib=max(sample.peak_mib for sample in samples))


@dataclasses.dataclass
class Wanted:
    """A picture or a film, and what would be right."""

    kind: str
    sha256: str
    tail: bytes
    taken: int
    # The titles of its albums, and the folders that they have in the export.
    titles: list
    folders: list


def known(unpacked, truth):
    return [
        Wanted(
            kind_of(item), item["sha256"], tail_of(unpacked / item["paths"][0]), item["taken"],
            [title for title, _ in item["albums"]],
            [path.split("/")[-2] for path in item["paths"] if in_album(unpacked / path)],
        )
        for item in truth
    ]


def in_album(path):
    return any((path.parent / name).exists() for name in OF_ALBUMS)


def tail_of(path):
    with open(path, "rb") as file:
        file.seek(-min(TAIL_BYTES, os.fstat(file.fileno()).st_size), os.SEEK_END)
        return file.read()


def kind_of(item):
    title, name = item["title"], item["paths"][0].split("/")[-1]
    if item["is_variant"]:
        return "edited" if title.lower().endswith(".jpg") else "films of live photos"
    if len(title.encode("utf-16-le")) // 2 > LONG:
        return "long names"
    if any(NUMBERED.search(path) for path in item["paths"]) and not NUMBERED.search(title):
        return "same names"
    is_odd = title != name or NUMBERED.search(title) or title.startswith("Peanut")
    return "odd names" if is_odd else "plain names"


@dataclasses.dataclass
class Score:
    """How many of how many are right."""

    there: collections.Counter
    dated: collections.Counter
    of: collections.Counter
    in_album: int = 0
    of_albums: int = 0
    files: int = 0


def score(truth, files, times, is_in):
    """`files(item)` are those that an item has become, `times(file)` is when one was modified, and `is_in(item, n,
    files)` says whether it is in its album number n."""
    result = Score(collections.Counter(), collections.Counter(), collections.Counter())
    for item in truth:
        made = files(item)
        result.of[item.kind] += 1
        result.there[item.kind] += bool(made)
        # If it was made into several, one that is right is enough.
        result.dated[item.kind] += any(times(file) == item.taken for file in made)
        result.files += len(made)
        for number in range(len(item.titles)):
            result.of_albums += 1
            result.in_album += is_in(item, number, made)
    return result


def helped(folder, truth):
    """What the helper has made. In the right album is what `albums.json` has under the name of the album's folder: it
    keeps no title."""
    out, listed = folder / "out", folder / "in" / "albums.json"
    by_tail = collections.defaultdict(list)
    for path in out.rglob("*"):
        if path.is_file():
            by_tail[tail_of(path)].append(path)
    albums = json.loads(listed.read_text()) if listed.exists() else {}
    is_in = lambda item, number, made: any(
        file.name in albums.get(item.folders[number], ()) for file in made
    ) if number < len(item.folders) else False
    return score(truth, lambda item: by_tail[item.tail], lambda file: int(file.stat().st_mtime), is_in)


def taken_in(target, truth):
    """What this program has made. In the right album is what has a link in a folder of the album's title."""
    by_hash, links = {}, collections.defaultdict(set)
    for path in (target / "photos").rglob("*"):
        if path.is_file():
            by_hash[hashlib.sha256(path.read_bytes()).hexdigest()] = path
    for link in (target / "albums").rglob("*"):
        if link.is_symlink():
            links[link.resolve()].add(re.sub(r" \(\d+\)$", "", link.parent.name.partition(" ")[2]))
    files = lambda item: [by_hash[item.sha256]] if item.sha256 in by_hash else []
    title = lambda item, number: item.titles[number].replace("/", "_") or "Untitled"
    is_in = lambda item, number, made: any(title(item, number) in links[file] for file in made)
    return score(truth, files, lambda file: int(file.stat().st_mtime), is_in)


def tell(table, name, sample, result):
    table.line(Entrant(name, []), [sample])
    there, dated, of = (counts.total() for counts in (result.there, result.dated, result.of))
    table.note(
        f"{there} of {of} there, in {result.files} files; date right {dated / of:.1%}; in the right album "
        f"{result.in_album} of {result.of_albums}; {sample.written / 1e6:.0f} MB written"
    )
    kinds = (f"{kind} {result.dated[kind]}/{result.of[kind]}" for kind in KINDS if result.of[kind])
    table.note(f"dates by kind: {', '.join(kinds)}")
