"""The parts of an export: fetched from the sandbox's Drive as a person would, and what lies where in them."""

import bisect
import dataclasses
import shutil
import urllib.request
import zipfile

from pages import Client


@dataclasses.dataclass
class Part:
    """A part: its id in Drive, and where it lies here."""

    id: str
    path: object


def fetch(google, folder):
    """Fetches all parts that lie in Drive into `folder`, in the order of their names."""
    token = google.access_token()
    wanted = {"q": "name contains 'takeout-' and trashed = false", "pageSize": 1000, "fields": "files(id,name)"}
    found = Client(google.root, token).ask("GET", "/drive/v3/files", **wanted)["files"]
    parts = []
    for file in sorted(found, key=lambda file: file["name"]):
        part = Part(file["id"], folder / file["name"])
        address = f"{google.root}/drive/v3/files/{file['id']}?alt=media"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer, open(part.path, "wb") as output:
            shutil.copyfileobj(answer, output, 1 << 20)
        parts.append(part)
    return parts


class Layout:
    """Which bytes of a zip are what: `sidecars` (all JSON), `entries` (pictures, films and the page of part 1) or the
    `directory`."""

    def __init__(self, path):
        self.starts, self.kinds = [], []
        with zipfile.ZipFile(path) as archive:
            self.length = path.stat().st_size
            for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
                self.starts.append(info.header_offset)
                self.kinds.append("sidecars" if info.filename.endswith(".json") else "entries")
            self.starts.append(archive.start_dir)
            self.kinds.append("directory")

    def kinds_of(self, words, counts):
        """Adds to `counts` how many bytes of each kind the range `words` has: `bytes=5-9`; none is all."""
        first, last = (words or f"bytes=0-{self.length - 1}").removeprefix("bytes=").split("-")
        at = int(first) if first else self.length - int(last)
        end = min(self.length, int(last) + 1) if first and last else self.length
        i = max(0, bisect.bisect_right(self.starts, at) - 1)
        while at < end:
            until = min(end, self.starts[i + 1] if i + 1 < len(self.starts) else self.length)
            counts[self.kinds[i]] += until - at
            at, i = until, i + 1
