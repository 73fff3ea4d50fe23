"""Fetching one large file, against rclone and against what curl, two hash programs and a disk take for it."""

from contest import Entrant, contest
from detour import Detour
from google import world
from ours import Ours, without
from pages import Client
from rclone import Rclone

# The same bytes go to both hash programs and to the disk; the shell waits for all, so that their CPU counts.
FLOOR = """
set -e
rm -rf "$2" && mkdir "$2" && cd "$2"
mkfifo md5 sha256
md5sum <md5 >/dev/null & sha256sum <sha256 >/dev/null &
curl --fail --silent --show-error --header "Authorization: Bearer $3" "$1" | tee md5 sha256 >file
wait
sync file
"""


def measure(bench):
    length = bench.options.large
    bench.table.heading(f"large: one file of {length >> 20} MiB")
    with bench.google(world(items=1, folders=1, bytes=length)) as google:
        with Detour(bench, google) as detour:
            race(bench, google, detour)


def race(bench, google, detour):
    ours, rclone, folder = Ours(bench, google), Rclone(bench, google, detour), bench.fresh("large")
    token = google.access_token()
    fields = {"fields": "files(id)", "q": "mimeType != 'application/vnd.google-apps.folder'"}
    [file] = Client(google.root, token).ask("GET", "/drive/v3/files", **fields)["files"]
    address = f"{google.root}/drive/v3/files/{file['id']}?alt=media"
    clear = {"prepare": lambda: clear_all(folder)}
    command = ours.command(folder / "ours", "--skip-photos")
    samples = contest(bench, google, [
        Entrant("curl, tee, md5sum, sha256sum, sync", ["bash", "-c", FLOOR, "floor", address, folder / "curl", token],
                {}, **clear),
        Entrant("ours", command, ours.env, **clear),
        Entrant("rclone copy", rclone.command("copy", "google:", folder / "rclone"), rclone.env, **clear),
        Entrant("ours, by the same detour", command, ours.by(detour), **clear),
        Entrant("writing, fsync", bench.floor(folder / "floor", 1, bench.options.large, "fsync"), {}, **clear),
    ])
    without(folder)
    table = bench.table
    table.ratio("against curl and the hash programs", samples["ours"],
                samples["curl, tee, md5sum, sha256sum, sync"], 1.15)
    table.promise("peak", max(sample.peak_mib for sample in samples["ours"]), 63, " MiB")


def clear_all(folder):
    """Only one of the large files is on the disk at a time."""
    without(*folder.iterdir())
