"""Runs this program and its peers in turn against the sandbox, and prints what each took. `benches/peers.sh` sees to
what it needs and starts it; options are told by `benches/peers.sh --help`."""

import argparse
import signal
import sys

from bench import Bench
from measure import Failed
from rows import faults, fetching, helper, large, listing, million, photos, program, second, takeout, unchanged

ROWS = {
    "listing": listing, "photos": photos, "fetching": fetching, "large": large, "unchanged": unchanged,
    "million": million, "faults": faults, "program": program, "takeout": takeout, "second": second, "helper": helper,
}
GIB = 1 << 30
# How large everything is: in full, with --short (some minutes), and with --smoke, where every line just runs.
SIZES = {
    "files": (100_000, 10_000, 200, "files of listing and unchanged"),
    "photos": (20_000, 2000, 200, "photos of photos"),
    "albums": (100, 10, 2, "their albums"),
    "album": (100, 100, 100, "photos of an album"),
    "small": (5000, 500, 20, "files of fetching"),
    "small_bytes": (65_536, 65_536, 65_536, "bytes of each of them, and of those of faults"),
    "large": (4 * GIB, GIB // 4, 1 << 20, "bytes of the file of large"),
    "many": (1_000_000, 20_000, 400, "files of million"),
    "faulty": (1000, 200, 20, "files of faults"),
    "exported": (20_000, 2000, 200, "items of takeout"),
    "exported_bytes": (100_000, 100_000, 2000, "bytes of each of them"),
    "helped": (1000, 400, 150, "items of each export of helper"),
    "helped_bytes": (100_000, 100_000, 5000, "bytes of each of them"),
    "limit": (400, 15, 2, "seconds until rclone is ended that meets faults"),
    "runs": (5, 3, 1, "how often each is run"),
}


def arguments(words):
    parser = argparse.ArgumentParser("benches/peers.sh", description="In brackets: in full, and with --short.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} [all]")
    parser.add_argument("--short", action="store_true", help="a tenth of everything and 3 runs: some minutes")
    parser.add_argument("--smoke", action="store_true", help="next to nothing, once, and no verdict on time")
    for name, (full, short, _, what) in SIZES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N", help=f"{what} [{full}; {short}]")
    number = {"type": int, "metavar": "N"}
    parser.add_argument("--folders", **number, help="folders of listing and unchanged [a twentieth of --files]")
    parser.add_argument("--first-runs", **number, default=1, help="how often the first run of million is run [1]")
    parser.add_argument("--work", default="target/bench", metavar="FOLDER", help="where to write: on a disk")
    for name in ("program", "sandbox", "rclone", "detour"):
        parser.add_argument(f"--{name}", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    for name, values in SIZES.items():
        if getattr(options, name) is None:
            setattr(options, name, values[2 if options.smoke else 1 if options.short else 0])
    options.folders = options.folders or max(1, options.files // 20)
    unknown = [row for row in options.rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]}, only: {', '.join(ROWS)}")
    return options


def main():
    options = arguments(sys.argv[1:])
    # Who is told to end takes away what it has written, and ends whom it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Bench(options) as bench:
        print(f"medians of {bench.runs} runs, in turn, after {bench.warm_ups} to warm up; caches are not dropped")
        try:
            for row in options.rows or ROWS:
                ROWS[row].measure(bench)
        except Failed as failed:
            sys.exit(str(failed))
        return bench.table.failed


if __name__ == "__main__":
    sys.exit(main())
