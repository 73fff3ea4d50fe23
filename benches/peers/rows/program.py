"""The program itself: how large it is and how long it takes to start."""

import shutil
import subprocess

import measure as clock
from contest import Entrant

STARTS = 50


def measure(bench):
    bench.table.heading("program")
    stripped = bench.fresh("program") / "stripped"
    shutil.copy(bench.program, stripped)
    subprocess.run(["strip", stripped], check=True)
    starts = [clock.run([bench.program, "--version"], bench.env, bench.work / "output") for _ in range(STARTS)]
    bench.table.line(Entrant("--version", []), starts)
    bench.table.promise("size after strip", stripped.stat().st_size / (1 << 20), 20, " MiB")
    bench.table.promise("--version", clock.median(starts, "wall") * 1000, 10, " ms")
