#!/usr/bin/env python3
"""Reads the exports in the sandbox's Drive with Debian's unzip and with Python's zipfile and tarfile.

Standard library only. What the sandbox says to be the truth of an export must be in it, byte for byte, and beside
each picture the sidecar that tells when it was taken.
"""

import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
import urllib.parse
import zipfile
from pathlib import Path

from sandbox import DRIVE, Checks, Sandbox

PART = re.compile(r"takeout-(\d{8}T\d{6}Z)-\d+-(\d{3})\.(zip|tgz)")
MANY = "items:0,folders:0,bytes:2000,export:400,parts:3"


def parts(google):
    """The parts in Drive: name and bytes, by name."""
    token = google.sign_in(DRIVE)["access_token"]
    query = urllib.parse.urlencode({"q": "name contains 'takeout-' and trashed = false", "pageSize": 1000})
    found = json.loads(google.get(f"/drive/v3/files?{query}", token)[2])["files"]
    bytes_of = lambda id: google.get(f"/drive/v3/files/{id}?alt=media", token)[2]
    return {file["name"]: bytes_of(file["id"]) for file in sorted(found, key=lambda file: file["name"])}


def unpacked(name, content):
    """The files in a part, by path."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            return {info.filename: archive.read(info) for info in archive.infolist()}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def check_unzip(checks, name, content):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "part.zip")
        file.write_bytes(content)
        tested = subprocess.run(["unzip", "-t", "-qq", file], capture_output=True, text=True, check=False)
        checks.equal(f"unzip -t of {name}", (tested.returncode, tested.stdout), (0, ""))


def check_parts(checks, google, count):
    """Checks the parts of all exports, and returns the files of each export by path."""
    exports, found = {}, parts(google)
    checks.equal("parts", len(found), count)
    for name, content in found.items():
        stamp, _, kind = PART.fullmatch(name).groups()
        if kind == "zip":
            check_unzip(checks, name, content)
        files = unpacked(name, content)
        twice = exports.get(stamp, {}).keys() & files.keys()
        checks.equal(f"{name}: nothing is in two parts", twice, set())
        exports.setdefault(stamp, {}).update(files)
    return [exports[stamp] for stamp in sorted(exports)]


def check_truth(checks, files, truth):
    """Whether the items of `truth` are among `files`, and their times in the sidecars."""
    hashes = {hashlib.sha256(content).hexdigest() for content in files.values()}
    checks.equal("every picture is there", [item for item in truth if item["sha256"] not in hashes], [])
    told = [json.loads(content) for path, content in files.items() if path.endswith(".json")]
    taken = {(one["title"], one["photoTakenTime"]["timestamp"]) for one in told if "photoTakenTime" in one}
    stems = {(title.rpartition(".")[0] or title, time) for title, time in taken} | taken
    lost = [
        item for item in truth if not item["is_variant"]
        and not {(item["title"], str(item["taken"])), (item["title"].rpartition(".")[0], str(item["taken"]))} & stems
    ]
    checks.equal("every time is there", lost, [])


def main():
    checks = Checks("exports")
    with Sandbox() as google:
        check_parts(checks, google, 3)
    for kind in ("zip", "tgz"):
        with Sandbox(f"{MANY},format:{kind}") as google:
            (first,) = check_parts(checks, google, 3)
            check_truth(checks, first, google.ask("truth")["truth"])
            checks.equal("a second export", google.ask("export full 5%"), {"done": "export full 5%"})
            google.ask("export incremental 5%")
            first, second, third = check_parts(checks, google, 9)
            truth = google.ask("truth")["truth"]
            check_truth(checks, second | third, truth)
            originals = sum(not item["is_variant"] for item in truth)
            checks.equal("400 items and twice a twentieth", originals, 440)
            checks.equal("the incremental one is small", len(third) * 8 < len(first), True)
    checks.finish()


if __name__ == "__main__":
    main()
