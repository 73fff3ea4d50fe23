"""An account at the sandbox, of which everything is known here as well: every name, every byte, each by its SHA-256.

Standard library only. The sandbox is a process of its own; what happens to the account is drawn from a seed and told to
it line by line (see `sandbox` in src/cli/sandbox/edits.rs). What the archive should hold is then read from here, and
nothing of the program under test is asked.
"""

import hashlib
import json
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = "root"
DAYS = ["2019-07-14", "2019-08-02", "2020-12-24", "2021-01-01", "2023-05-05"]


@dataclass
class File:
    """A file of Drive."""

    name: str
    parent: str
    sha256: str
    trashed: bool = False


@dataclass
class Photo:
    """An item of Google Photos."""

    name: str
    day: str
    sha256: str


@dataclass
class Album:
    """An album of Google Photos."""

    title: str
    photos: list[str] = field(default_factory=list)


@dataclass
class Measure:
    """How large an account is."""

    folders: int = 8
    files: int = 60
    photos: int = 24
    albums: int = 4
    bytes: tuple[int, int] = (200, 40_000)
    # One in so many files is this large.
    big_one_in: int = 20
    big_bytes: int = 1_500_000


class Account:
    """A running sandbox, and what is in it."""

    def __init__(self, program, work, rng, measure):
        self.rng, self.measure = rng, measure
        self.bytes_of = work / "bytes"
        self.bytes_of.mkdir(parents=True)
        self.folders, self.files, self.photos, self.albums = {}, {}, {}, {}
        # Whatever was ever there: the ids that had these bytes, and the names that an id had.
        self.ids_of, self.names_of, self.sizes = {}, {}, {}
        self.number = 0
        self.process = subprocess.Popen(
            [program, "sandbox", "--world", "empty"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = json.loads(self.process.stdout.readline())
        self.root, self.client_secret = told["root"], told["client_secret"]

    def close(self):
        """Ends the sandbox."""
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def tell(self, *words):
        """Has the sandbox do it as well."""
        answer = self.ask(json.dumps(words))
        assert "done" in answer, answer

    def ask(self, line):
        """What the sandbox answers."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def fetches(self):
        """Of which content bytes were asked for since this was last asked, as pairs of an id and a SHA-256, and
        how many."""
        asked = {}
        for id, first in self.ask("fetches")["fetches"]:
            it = self.files.get(id) or self.photos.get(id)
            if it:
                key = id, it.sha256
                asked[key] = asked.get(key, 0) + self.sizes[it.sha256] - first
        return asked

    # What is there.

    def path_of(self, parent):
        """A folder's names, from the top; None if it is gone."""
        names = []
        while parent != ROOT:
            if parent not in self.folders:
                return None
            name, parent = self.folders[parent]
            names.insert(0, name)
        return names

    def live(self):
        """The files that are not in Drive's trash."""
        return {id: file for id, file in self.files.items() if not file.trashed}

    def taken(self, parent):
        """The names that are in use in a folder."""
        names = {file.name for file in self.live().values() if file.parent == parent}
        return names | {name for name, above in self.folders.values() if above == parent}

    # What happens.

    def fill(self):
        """Makes the account what it begins as."""
        for _ in range(self.measure.folders):
            self.add_folder()
        for _ in range(self.measure.files):
            self.add_file()
        for _ in range(self.measure.photos):
            self.add_photo()
        for _ in range(self.measure.albums):
            self.add_album()

    def change(self, count):
        """Lets so many things happen, of every kind."""
        kinds = {
            self.add_file: 5, self.edit: 5, self.rename: 3, self.move: 3, self.swap: 3, self.rotate: 2,
            self.rename_folder: 1, self.move_folder: 1, self.swap_folders: 1, self.trash: 3, self.untrash: 2,
            self.delete: 2, self.replace: 2, self.edit_and_move: 2, self.add_folder: 1, self.delete_folder: 0.3,
            self.add_photo: 3, self.rename_photo: 1, self.date_photo: 1, self.delete_photo: 1,
            self.add_album: 0.5, self.arrange_album: 2, self.rename_album: 0.5, self.delete_album: 0.3,
        }
        for act in self.rng.choices(list(kinds), list(kinds.values()), k=count):
            act()

    def new_id(self, kind):
        self.number += 1
        # As long as Google's.
        return f"{kind}{self.number:028}"

    def new_name(self, parent, ending=".jpg"):
        """A name that is free, often one that another had before."""
        taken = self.taken(parent)
        while True:
            name = f"{self.rng.choice(['IMG', 'Día', 'a b', 'x'])} {self.rng.randrange(300)}{ending}"
            if name not in taken:
                return name

    def new_bytes(self, id):
        """Makes bytes that nothing else has; returns the file that has them and their SHA-256."""
        size = self.rng.randint(*self.measure.bytes)
        if self.rng.randrange(self.measure.big_one_in) == 0:
            size = self.measure.big_bytes + size
        content = self.rng.randbytes(size)
        sha256 = hashlib.sha256(content).hexdigest()
        file = self.bytes_of / sha256
        file.write_bytes(content)
        self.sizes[sha256] = size
        self.ids_of.setdefault(sha256, set()).add(id)
        return str(file), sha256

    def named(self, id, name):
        self.names_of.setdefault(id, set()).add(name)
        return name

    def some_file(self):
        return self.rng.choice(sorted(self.live()))

    def some_parent(self):
        return self.rng.choice([ROOT, *sorted(self.folders)])

    def add_folder(self):
        id, parent = self.new_id("1folder"), self.some_parent()
        name = self.new_name(parent, ending="")
        self.folders[id] = (name, parent)
        self.tell("folder", id, name, parent)

    def add_file(self):
        self.put_file(self.some_parent(), None)

    def put_file(self, parent, name):
        id = self.new_id("1file")
        name = self.named(id, name or self.new_name(parent))
        file, sha256 = self.new_bytes(id)
        self.files[id] = File(name, parent, sha256)
        self.tell("file", id, name, parent, file)

    def edit(self):
        self.edit_one(self.some_file())

    def edit_one(self, id):
        file, self.files[id].sha256 = self.new_bytes(id)
        self.tell("edit", id, file)

    def rename(self):
        id = self.some_file()
        self.rename_one(id, self.new_name(self.files[id].parent))

    def rename_one(self, id, name):
        self.files[id].name = self.named(id, name)
        self.tell("rename", id, name)

    def move(self):
        id, parent = self.some_file(), self.some_parent()
        if self.files[id].name not in self.taken(parent):
            self.files[id].parent = parent
            self.tell("move", id, parent)

    def edit_and_move(self):
        id, parent = self.some_file(), self.some_parent()
        if parent != self.files[id].parent:
            self.edit_one(id)
            self.rename_one(id, self.new_name(parent))
            self.files[id].parent = parent
            self.tell("move", id, parent)

    def swap(self):
        one = self.some_file()
        others = [id for id, file in self.live().items() if file.parent == self.files[one].parent and id != one]
        if others:
            other = self.rng.choice(sorted(others))
            names = self.files[one].name, self.files[other].name
            self.files[other].name, self.files[one].name = self.named(other, names[0]), self.named(one, names[1])
            self.tell("swap", one, other)

    def rotate(self):
        """Three files of three folders change places."""
        ids = self.rng.sample(sorted(self.live()), 3)
        places = [(self.files[id].name, self.files[id].parent) for id in ids]
        for id, (name, parent) in zip(ids, places[1:] + places[:1]):
            self.rename_one(id, name)
            self.files[id].parent = parent
            self.tell("move", id, parent)

    def rename_folder(self):
        id = self.rng.choice(sorted(self.folders))
        name = self.new_name(self.folders[id][1], ending="")
        self.folders[id] = (name, self.folders[id][1])
        self.tell("rename", id, name)

    def swap_folders(self):
        one, other = self.rng.sample(sorted(self.folders), 2)
        (one_name, one_parent), (other_name, other_parent) = self.folders[one], self.folders[other]
        if one_parent == other_parent:
            self.folders[one], self.folders[other] = (other_name, one_parent), (one_name, other_parent)
            self.tell("swap", one, other)

    def move_folder(self):
        id, parent = self.rng.choice(sorted(self.folders)), self.some_parent()
        above = parent
        while above != ROOT:
            if above == id:
                return
            above = self.folders[above][1]
        if self.folders[id][0] not in self.taken(parent):
            self.folders[id] = (self.folders[id][0], parent)
            self.tell("move", id, parent)

    def delete_folder(self):
        """Deletes a folder in which no other is."""
        parents = {parent for _, parent in self.folders.values()}
        leaves = sorted(set(self.folders) - parents)
        if len(self.folders) > 3 and leaves:
            id = self.rng.choice(leaves)
            del self.folders[id]
            self.files = {key: file for key, file in self.files.items() if file.parent != id}
            self.tell("delete", id)

    def trash(self):
        id = self.some_file()
        if len(self.live()) > 20:
            self.files[id].trashed = True
            self.tell("trash", id)

    def untrash(self):
        trashed = sorted(set(self.files) - set(self.live()))
        if trashed:
            id = self.rng.choice(trashed)
            file = self.files[id]
            if file.name in self.taken(file.parent):
                self.rename_one(id, self.new_name(file.parent))
            file.trashed = False
            self.tell("untrash", id)

    def delete(self):
        if len(self.live()) > 20:
            id = self.some_file()
            del self.files[id]
            self.tell("delete", id)

    def replace(self):
        """A file is deleted, and another of its name is uploaded."""
        id = self.some_file()
        gone = self.files.pop(id)
        self.tell("delete", id)
        self.put_file(gone.parent, gone.name)

    def add_photo(self):
        id = self.new_id("AGphoto")
        name = self.named(id, f"PXL {self.number}.jpg")
        shared = self.rng.randrange(5) == 0 and self.live()
        if shared:
            # Drive has the very bytes.
            sha256 = self.files[self.some_file()].sha256
            file = str(self.bytes_of / sha256)
            self.ids_of[sha256].add(id)
        else:
            file, sha256 = self.new_bytes(id)
        day = self.rng.choice(DAYS)
        self.photos[id] = Photo(name, day, sha256)
        self.tell("photo", id, name, f"{day}T12:00:00Z", file)

    def some_photo(self):
        return self.rng.choice(sorted(self.photos))

    def rename_photo(self):
        id = self.some_photo()
        self.photos[id].name = self.named(id, f"PXL {self.rng.randrange(10_000, 20_000)}.jpg")
        self.tell("rename-photo", id, self.photos[id].name)

    def date_photo(self):
        id = self.some_photo()
        self.photos[id].day = self.rng.choice(DAYS)
        self.tell("date-photo", id, f"{self.photos[id].day}T12:00:00Z")

    def delete_photo(self):
        if len(self.photos) > 8:
            id = self.some_photo()
            del self.photos[id]
            for album in self.albums.values():
                album.photos = [photo for photo in album.photos if photo != id]
            self.tell("delete-photo", id)

    def add_album(self):
        id = self.new_id("AGalbum")
        photos = self.rng.sample(sorted(self.photos), self.rng.randint(1, min(8, len(self.photos))))
        self.albums[id] = Album(f"Album {self.number}", photos)
        self.tell("album", id, self.albums[id].title, *photos)

    def arrange_album(self):
        if self.albums:
            id = self.rng.choice(sorted(self.albums))
            self.albums[id].photos = self.rng.sample(
                sorted(self.photos), self.rng.randint(1, min(8, len(self.photos)))
            )
            self.tell("album-items", id, *self.albums[id].photos)

    def rename_album(self):
        if self.albums:
            id = self.rng.choice(sorted(self.albums))
            self.number += 1
            self.albums[id].title = f"Album {self.number}"
            self.tell("rename-album", id, self.albums[id].title)

    def delete_album(self):
        if len(self.albums) > 1:
            id = self.rng.choice(sorted(self.albums))
            del self.albums[id]
            self.tell("delete-album", id)


def sign_in(program, account, work):
    """Signs the program in as a person does; returns its environment and its options."""
    config = work / "config" / "gphotos-sync"
    config.mkdir(parents=True, exist_ok=True)
    secret = config / "client_secret.json"
    secret.write_text(json.dumps(account.client_secret))
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(work), "XDG_CONFIG_HOME": str(work / "config"),
        "GPHOTOS_SYNC_API_ROOT": account.root,
    }
    options = ["--secret", str(secret), "--token-store", "file"]
    login = subprocess.Popen(
        [program, "auth", "login", "--no-browser", *options], env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )
    address = next(line for line in login.stdout if line.startswith("http"))
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address.strip()).read()
    said = login.stdout.read()
    assert login.wait() == 0, said
    return environment, options
