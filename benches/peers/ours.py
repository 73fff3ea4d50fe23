"""This program, as it is measured: signed in, with a home of its own."""

import json
import shutil
import subprocess
import urllib.request


class Ours:
    """The program and an account at the sandbox that it may read: as a service account Drive alone, which is quickest
    to set up, or as a `person` Drive and Photos."""

    def __init__(self, bench, google, person=False):
        self.program = str(bench.program)
        self.bench, self.google = bench, google
        self.home = bench.fresh("home")
        self.config = self.home / "gphotos-sync"
        self.config.mkdir()
        self.env = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "GPHOTOS_SYNC_API_ROOT": google.root}
        if person:
            self.identity = self.as_person()
        else:
            key = self.config / "key.json"
            key.write_text(json.dumps(google.service_account))
            self.identity = ["--service-account", str(key)]

    def as_person(self):
        """As people do: the address that `auth login` prints is opened, and the answer comes back to it."""
        secret = self.config / "client_secret.json"
        secret.write_text(json.dumps(self.google.client_secret))
        identity = ["--secret", str(secret), "--token-store", "file"]
        login = subprocess.Popen(
            [self.program, "auth", "login", "--no-browser", *identity],
            env=self.bench.env | self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        address = next(line for line in login.stdout if line.startswith("http"))
        urllib.request.urlopen(address.strip()).read()
        rest = login.stdout.read()
        if login.wait() != 0:
            raise RuntimeError(f"signing in failed:\n{rest}")
        return identity

    def command(self, target, *options):
        return [self.program, str(target), *self.identity, "--all-files", "--progress", "none", *options]

    def takeout(self, target, *paths):
        """Takes in what lies at `paths`. Google is not asked."""
        return [self.program, "takeout", str(target), "--include-trashed", "--progress", "none", *map(str, paths)]

    def by(self, detour):
        """The environment in which it reaches Google by the same detour as rclone."""
        return self.env | detour.env | {"GPHOTOS_SYNC_API_ROOT": detour.root}


def index_bytes(target):
    """How large the index is."""
    parts = (target / name for name in ("index.db", "index.db-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def without(*folders):
    """Takes folders away, for the run that makes them."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
