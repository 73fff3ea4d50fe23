"""What all rows share: the programs, the folder to work in, how often and how large."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from google import Google
from table import Table

HERE = pathlib.Path(__file__).parent
# Variables that would lead a program elsewhere than the benchmark wants it.
ASTRAY = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "dbus_session_bus_address", "ssl_cert_file")


class Bench:
    """One call of the benchmark. `options` are those of the command line."""

    def __init__(self, options):
        self.options = options
        self.program = pathlib.Path(options.program).resolve()
        self.rclone = pathlib.Path(options.rclone).resolve()
        self.detour = pathlib.Path(options.detour).resolve()
        self.runs, self.warm_ups = options.runs, 0 if options.smoke else 1
        self.table = Table(judge_time=not options.smoke)
        for name in [name for name in os.environ if name.lower() in ASTRAY]:
            del os.environ[name]
        os.environ["NO_PROXY"] = "127.0.0.1"
        os.environ["GPHOTOS_SYNC"] = str(pathlib.Path(options.sandbox).resolve())
        self.env = dict(os.environ)
        pathlib.Path(options.work).mkdir(parents=True, exist_ok=True)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="peers-", dir=options.work)).resolve()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.work, ignore_errors=True)

    def fresh(self, name):
        """A new, empty folder."""
        return pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.work))

    def google(self, world, listed=True):
        """A sandbox with that world. Unless told otherwise its Drive is listed once, so that the checksums, which it
        makes when they are first asked for, are there."""
        google = Google(world)
        if listed:
            subprocess.run(self.pages(google, "drive"), check=True)
        return google

    def pages(self, google, *whats):
        """The command that asks for one page after the other."""
        return [sys.executable, str(HERE / "pages.py"), google.root, google.access_token(), *whats]

    def floor(self, folder, count, length, how):
        """The command that only writes and syncs."""
        return [sys.executable, str(HERE / "floor.py"), str(folder), str(count), str(length), how]
