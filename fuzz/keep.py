#!/usr/bin/env python3
"""Chooses what of the found inputs is worth keeping in fuzz/corpus.

    fuzz/run build && fuzz/keep.py [TARGET...]

libFuzzer says which code each input reaches; the few inputs that together reach the most are taken, one after the
other, until there are FILES_MAX of them or no more is to be had. Files with names of their own, which people gave
them, stay whatever they reach. Needs what fuzz/run needs.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FILES_MAX = 70
BYTES_MAX = 2048
HERE = Path(__file__).resolve().parent
TARGETS = sorted(path.stem for path in (HERE / "targets").glob("*.rs"))


def reached(program: Path, folder: Path) -> dict[Path, set[int]]:
    """What each input in `folder` reaches, in libFuzzer's numbers."""
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch, "told")
        into = Path(scratch, "into")
        into.mkdir()
        words = ["-set_cover_merge=1", "-use_counters=0", f"-merge_control_file={told}", into, folder]
        subprocess.run([program, *words], check=True, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        lines = told.read_text().splitlines()
    paths = [Path(line) for line in lines[2 : 2 + int(lines[0])]]
    found = {}
    for line in lines[2 + len(paths) :]:
        kind, number, *features = line.split()
        if kind == "FT":
            found[paths[int(number)]] = set(map(int, features))
    return found


def choose(found: dict[Path, set[int]], known: set[int]) -> list[Path]:
    """The inputs that reach the most beside what is `known`, the best first; of equals the shortest."""
    left = {path: features - known for path, features in found.items() if path.stat().st_size <= BYTES_MAX}
    chosen = []
    while left and len(chosen) < FILES_MAX:
        best = min(left, key=lambda path: (-len(left[path]), path.stat().st_size, path.name))
        new = left.pop(best)
        if not new:
            break
        chosen.append(best)
        left = {path: features - new for path, features in left.items()}
    return chosen


def keep(target: str) -> None:
    program = next(HERE.glob(f"target/*/release/{target}"))
    corpus = HERE / "corpus" / target
    with tempfile.TemporaryDirectory() as scratch:
        # Of a fuzzer that is at work the files come and go.
        every = Path(scratch, "every")
        for folder in [HERE / "target" / "corpus" / target, corpus]:
            if folder.exists():
                shutil.copytree(folder, every, dirs_exist_ok=True)
        found = reached(program, every)
        named = {path for path in found if not re.fullmatch("[0-9a-f]{40}", path.name)}
        known = set().union(*(found[path] for path in named))
        chosen = choose({path: features for path, features in found.items() if path not in named}, known)
        for path in corpus.iterdir():
            if re.fullmatch("[0-9a-f]{40}", path.name):
                path.unlink()
        for path in chosen:
            shutil.copy(path, corpus)
        kept = set(known).union(*(found[path] for path in chosen))
        every = set().union(*found.values())
    files = list(corpus.iterdir())
    size = sum(path.stat().st_size for path in files)
    print(f"{target}: {len(files)} files, {size} bytes, reach {len(kept)} of {len(every)} features of {len(found)} inputs")


if __name__ == "__main__":
    for target in sys.argv[1:] or TARGETS:
        keep(target)
