"""Runs this program and its peers in turn against the sandbox, and prints what each took. `benches/peers.sh` sees to
what it needs and starts it; options are told by `benches/peers.sh --help`."""

import argparse
import signal
import sys

from bench import Bench
from measure import Failed
from rows import faults, fetching, large, listing, million, photos, program, unchanged

ROWS = {
    "listing": listing, "photos": photos, "fetching": fetching, "large": large, "unchanged": unchanged,
    "million": million, "faults": faults, "program": program,
}
GIB = 1 << 30
# How large everything is: in full, in some two minutes, and just large enough that every line runs.
FULL = {
    "files": 100_000, "photos": 20_000, "albums": 100, "album": 100, "small": 5000, "small_bytes": 65_536,
    "large": 4 * GIB, "many": 1_000_000, "faulty": 1000, "limit": 400, "runs": 5,
}
SHORT = FULL | {
    "files": 10_000, "photos": 2000, "albums": 10, "small": 500, "large": GIB // 4, "many": 20_000, "faulty": 200,
    "limit": 15, "runs": 3,
}
SMOKE = FULL | {
    "files": 200, "photos": 200, "albums": 2, "small": 20, "large": 1 << 20, "many": 400, "faulty": 20, "limit": 2,
    "runs": 1,
}


def arguments(words):
    parser = argparse.ArgumentParser("benches/peers.sh", description="Sizes are those of the whole table [--short].")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} [all]")
    parser.add_argument("--short", action="store_true", help="a tenth of everything and 3 runs: some minutes")
    parser.add_argument("--smoke", action="store_true", help="next to nothing, once, and no verdict on time")
    for name, value in FULL.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N", help=f"[{value}; {SHORT[name]}]")
    parser.add_argument("--folders", type=int, metavar="N", help="[a twentieth of --files]")
    parser.add_argument("--first-runs", type=int, default=1, metavar="N", help="of the first run of --many [1]")
    parser.add_argument("--work", default="target/bench", metavar="FOLDER", help="on the disk that counts")
    for name in ("program", "sandbox", "rclone", "detour"):
        parser.add_argument(f"--{name}", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    for name, value in (SMOKE if options.smoke else SHORT if options.short else FULL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
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
