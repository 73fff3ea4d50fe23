#!/usr/bin/env python3
"""Compares what rclone lists with a folder: names, sizes, md5 and modified times. Standard library only.

    archive.py LISTING FOLDER COMPARABLE

LISTING is what `rclone lsjson -R --hash` wrote. Compared are the files whose path is theirs alone in the account,
and which Drive names as the disk does; their paths are written to the file COMPARABLE, one a line.
"""

import hashlib
import json
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def is_plain(name):
    """Whether the disk can hold Drive's name as it is, and rclone has not written it differently."""
    # rclone shows a slash in a name as a full-width one, and control characters as their pictures.
    shown = any(char == "／" or "\u2400" <= char <= "\u2426" for char in name)
    return name.isprintable() and not shown and len(name.encode()) <= 255


def comparable(listing):
    """The files that are to be compared, by their path."""
    seen = Counter(entry["Path"] for entry in listing)

    def alone(path):
        above = list(PurePosixPath(path).parents)[:-1]
        return all(seen[str(part)] == 1 and is_plain(part.name) for part in [PurePosixPath(path), *above])

    return {entry["Path"]: entry for entry in listing if not entry["IsDir"] and alone(entry["Path"])}


def milliseconds(stated):
    """Milliseconds since 1970 of a time as rclone states it."""
    return (datetime.fromisoformat(stated.replace("Z", "+00:00")) - EPOCH) // timedelta(milliseconds=1)


def differences(entry, file):
    """What is not the same in the account and on the disk, as pairs."""
    if not file.is_file() or file.is_symlink():
        return {"file": ("there", "not there")}
    found, content = file.stat(), file.read_bytes()
    pairs = {"time": (milliseconds(entry["ModTime"]), found.st_mtime_ns // 1_000_000)}
    # Documents have neither size nor hash before they are exported.
    if entry["Size"] >= 0:
        pairs["size"] = (entry["Size"], found.st_size)
        pairs["md5"] = (entry["Hashes"]["md5"], hashlib.md5(content).hexdigest())
    return {what: pair for what, pair in pairs.items() if pair[0] != pair[1]}


def main():
    listing, folder, out = sys.argv[1:]
    entries = comparable(json.loads(Path(listing).read_text(encoding="utf-8")))
    Path(out).write_text("".join(f"{path}\n" for path in sorted(entries)), encoding="utf-8")
    different = {path: found for path, entry in entries.items() if (found := differences(entry, Path(folder, path)))}
    for path, found in sorted(different.items()):
        print(f"archive: {path}: {found}", file=sys.stderr)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
