"""What an archive holds, judged by what every system has: its files, and Python's own SQLite and SHA-256.

Standard library only; nothing of the program under test is asked. `Judge` remembers what an archive ever had in hand:
whatever that was, its bytes must be somewhere in the archive for ever, for nothing here is ever purged.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
from pathlib import Path

STATE = ".gphotos-sync"
TREES = ("drive", "drive-orphans", "photos")
# Where the program's own folders keep bytes that are not in the trees.
ASIDE = (f"{STATE}/trash", f"{STATE}/moving", f"{STATE}/partial")
NUMBER = re.compile(r" \(\d+\)(?=(\.[^.]*)?$)")


class Lost(Exception):
    """Something is lost or wrong."""


def must(holds, *words):
    """Raises `Lost` with these words unless it holds."""
    if not holds:
        raise Lost(" ".join(map(str, words)))


def digests(root, folders):
    """The SHA-256 of each regular file below these folders, by its path. No link is followed."""
    found = {}
    for folder in folders:
        for above, _, names in os.walk(root / folder):
            for name in names:
                file = Path(above, name)
                if not file.is_symlink():
                    found[str(file.relative_to(root))] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def index(root, folder):
    """A connection to a copy of the index: to open the index itself would set it right after a crash."""
    for end in ("", "-wal", "-journal"):
        if (root / f"index.db{end}").exists():
            shutil.copyfile(root / f"index.db{end}", Path(folder, f"index.db{end}"))
    db = sqlite3.connect(Path(folder, "index.db"))
    db.row_factory = sqlite3.Row
    return db


def sound(db, what):
    """SQLite itself finds nothing wrong with it."""
    try:
        verdict = [row[0] for row in db.execute("PRAGMA integrity_check")]
        astray = db.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise Lost(f"{what} cannot be read: {error}") from error
    must(verdict == ["ok"], what, "is not sound:", verdict)
    must(not astray, what, "has rows that lead nowhere")


def is_json(line):
    """Whether a line is a whole JSON object."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


class Judge:
    """Judges one archive of one account."""

    def __init__(self, root, account):
        self.root, self.account = root, account
        # SHA-256 of all that was ever recorded or visible, and where it was first.
        self.ever = {}
        # How many files were read, and how many rows compared.
        self.looked = 0
        # Links in albums that killed runs left.
        self.stray = set()
        # How many whole lines the manifest had.
        self.lines = 0

    def after_a_crash(self, is_durable=True):
        """What must be so at every moment, whatever stopped the program. Returns what is visible, and what is recorded,
        as SHA-256 by path. What is only visible may go with the power, unless it is durable."""
        if not (self.root / STATE).exists():
            must(not self.ever, "the archive is gone")
            return {}, {}
        trees, aside = digests(self.root, TREES), digests(self.root, ASIDE)
        self.looked += len(trees) + len(aside)
        self.visible(trees, is_durable)
        with tempfile.TemporaryDirectory() as folder:
            db = index(self.root, folder)
            sound(db, "index.db")
            known = db.execute("SELECT name FROM sqlite_schema WHERE name = 'file'").fetchone()
            recorded = self.recorded(db, trees, aside) if known else {}
            db.close()
        self.copies()
        somewhere = set(trees.values()) | set(aside.values())
        for sha256, where in self.ever.items():
            must(sha256 in somewhere, "the bytes that were", where, "are nowhere:", sha256)
        return trees, recorded

    def visible(self, trees, is_durable):
        """Each file in the trees is whole, and bears a name that its item once had."""
        for path, sha256 in trees.items():
            size = (self.root / path).stat().st_size
            ids = self.account.ids_of.get(sha256)
            must(ids, f"{path} is visible with {size} bytes that Google never had")
            name = NUMBER.sub("", os.path.basename(path))
            names = {NUMBER.sub("", name) for id in ids for name in self.account.names_of[id]}
            must(name in names, path, "has the bytes of", names)
            if is_durable:
                self.ever.setdefault(sha256, path)

    def recorded(self, db, trees, aside):
        """Whatever is recorded is on the disk with its bytes: at its path, or where it was announced to go."""
        bytes_at = trees | aside
        found = {}
        for row in db.execute("SELECT id, path, lower(hex(sha256)) AS sha256 FROM file"):
            places = [row["path"]] + [place[0] for place in db.execute(ANNOUNCED, {"file": row["id"]})]
            must(
                any(bytes_at.get(place) == row["sha256"] for place in places),
                row["path"], "is recorded and not there: looked at", places,
            )
            self.ever.setdefault(row["sha256"], row["path"])
            found[row["path"]] = row["sha256"]
        for row in db.execute(IN_TRASH):
            places = [row["trash_path"], row["put_back"]]
            places += [place[0] for place in db.execute(RETURNING, {"trash": row["id"]})]
            must(
                any(bytes_at.get(place) == row["sha256"] for place in places),
                row["trash_path"], "is recorded as trash and not there: looked at", places,
            )
            self.ever.setdefault(row["sha256"], row["trash_path"])
        return found

    def copies(self):
        """What an index that is lost is made anew from can be read."""
        copy = self.root / STATE / "index.db.copy"
        if copy.exists():
            db = sqlite3.connect(f"file:{copy}?immutable=1", uri=True)
            sound(db, "index.db.copy")
            db.close()
        manifest = self.root / STATE / "manifest"
        if manifest.exists():
            # A crash may tear the line that was being written, and the next run ends it.
            whole = sum(is_json(line) for line in manifest.read_bytes().split(b"\n"))
            must(whole or not self.lines, "manifest had", self.lines, "whole lines and has none")
            self.lines = whole

    def after_a_run(self, removing):
        """What must be so when a run has come to its end undisturbed: the archive is what the account is."""
        trees, _ = self.after_a_crash()
        with tempfile.TemporaryDirectory() as folder:
            db = index(self.root, folder)
            held = {row["remote_id"]: row for row in db.execute("SELECT * FROM v_files")}
            paths = {row["path"] for row in db.execute("SELECT path FROM file")}
            kept = {row[0] for row in db.execute("SELECT remote_id FROM holding JOIN item ON item.id = item WHERE kept")}
            albums = {row["title"]: row["path"] for row in db.execute("SELECT * FROM v_albums WHERE path IS NOT NULL")}
            links = {row[0] for row in db.execute("SELECT path FROM album_link")}
            left = {
                table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("step", "landing")
            }
            db.close()
        must(not any(left.values()), "a whole run leaves something announced:", left)
        must(paths == set(trees), "recorded or visible, but not both:", sorted(paths ^ set(trees)))
        for folder in ASIDE[1:]:
            must(not digests(self.root, [folder]), folder, "is not empty after a whole run")
        self.remembered(held)
        self.drive(held, trees)
        self.photos(held, trees)
        self.gone(held, kept if removing else None)
        self.albums(albums, links, trees, removing)

    def remembered(self, held):
        """The manifest tells of all that is held: of an index that is lost, this alone is left."""
        last = {}
        for line in (self.root / STATE / "manifest").read_bytes().split(b"\n"):
            if is_json(line):
                it = json.loads(line)
                last[it.get("source"), it.get("id")] = it
        for id, row in held.items():
            it = last.get((row["source"], id), {})
            if row["state"] in ("saved", "gone"):
                told = it.get("path"), it.get("sha256")
                must(told == (row["path"], row["sha256"]), row["path"], "is told by the manifest as", told)
            else:
                must("sha256" not in it, row["path"], "is told by the manifest and is", row["state"])

    def drive(self, held, trees):
        for id, file in self.account.live().items():
            above = self.account.path_of(file.parent)
            self.one(held, trees, id, ["drive", *above, file.name], file.sha256)

    def photos(self, held, trees):
        in_drive = {file.sha256 for file in self.account.live().values()}
        for id, photo in self.account.photos.items():
            year, month, _ = photo.day.split("-")
            path = held[id]["path"] if id in held else None
            if photo.sha256 in in_drive or (path and path.startswith("drive/")):
                must(path and trees.get(path) == photo.sha256, "photo", id, "is not held at", path)
            else:
                # Of several photos with one content, one gives the name.
                names = {it.name for it in self.account.photos.values() if it.sha256 == photo.sha256}
                months = {it.day[:7] for it in self.account.photos.values() if it.sha256 == photo.sha256}
                if len(names) == 1 and len(months) == 1:
                    self.one(held, trees, id, ["photos", year, month, photo.name], photo.sha256)
                else:
                    must(path and trees.get(path) == photo.sha256, "photo", id, "is not held at", path)

    def one(self, held, trees, id, wanted, sha256):
        must(id in held, id, "is not known:", wanted)
        row = held[id]
        must(row["state"] == "saved", row["path"], "is", row["state"], "and not saved")
        must(row["sha256"] == sha256 == trees.get(row["path"]), row["path"], "has not its newest bytes")
        plain = [NUMBER.sub("", part) for part in row["path"].split("/")]
        must(plain == [NUMBER.sub("", part) for part in wanted], row["path"], "should be", "/".join(wanted))
        self.looked += 1

    def gone(self, held, kept):
        """What is gone at Google is still held, or in the trash; removed by a run that removes."""
        alive = set(self.account.live()) | set(self.account.photos)
        for id, row in held.items():
            if id not in alive and row["state"] not in ("not_selected", "removed"):
                must(row["state"] == "gone", row["path"], "is gone at Google and", row["state"])
                must(kept is None or id in kept, row["path"], "is gone at Google and was not removed")

    def albums(self, folders, recorded, trees, removing):
        """Each album has a link for each of its photos, in its order. A link that a killed run made, for what the album
        did not want any more when the next one came, is known to nobody and stays; it is counted."""
        wanted = {album.title: album for album in self.account.albums.values() if album.photos}
        for title, album in wanted.items():
            must(title in folders, "album", title, "has no folder")
            folder = self.root / folders[title]
            names = sorted(name for name in os.listdir(folder) if re.match(r"\d{4,}_", name))
            links = [name for name in names if f"{folders[title]}/{name}" in recorded]
            self.stray |= {f"{folders[title]}/{name}" for name in set(names) - set(links)}
            must(len(links) == len(album.photos), folders[title], "has", links, "for", len(album.photos), "photos")
            for link, id in zip(links, album.photos):
                target = os.path.relpath(os.path.join(folder, os.readlink(folder / link)), self.root)
                sha256 = self.account.photos[id].sha256
                must(trees.get(target) == sha256, folders[title], link, "leads to", target)
                self.looked += 1
        if removing:
            must(set(folders) == set(wanted), "albums:", sorted(folders), "and not", sorted(wanted))


# Where the bytes of a file may be besides its path while a run works, as it had announced.
ANNOUNCED = f"""
SELECT to_path FROM step JOIN holding USING (item) WHERE holding.file = :file
UNION SELECT '{STATE}/moving/' || lifted FROM step JOIN holding USING (item)
       WHERE holding.file = :file AND lifted IS NOT NULL
UNION SELECT trash_path FROM landing JOIN holding USING (item) WHERE holding.file = :file AND trash_path IS NOT NULL"""

RETURNING = "SELECT path FROM landing JOIN trash_holding USING (item) WHERE trash = :trash"

IN_TRASH = """
SELECT id, trash_path, put_back, lower(hex(sha256)) AS sha256 FROM trash WHERE restored_at IS NULL AND purged_at IS NULL"""
