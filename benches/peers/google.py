"""The sandbox that all are measured against: a process of its own, asked by lines on its stdin."""

import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "../../tests/peers"))
import sandbox  # noqa: E402 -- the path has to be there first

DRIVE, PHOTOS = sandbox.DRIVE, sandbox.PHOTOS
# What belongs to signing in is no request that any goal counts.
SIGN_IN = ("token", "consent", "revoke")


class Google(sandbox.Sandbox):
    """A sandbox with `world`, whose answers come `latency_ms` later once it is told so."""

    def __init__(self, world):
        super().__init__(world)
        self.world = world
        self.sent = 0

    def set_latency(self, latency_ms):
        self.must(f"latency {latency_ms}")

    def set_faults(self, on):
        self.must(f"faults {'on' if on else 'off'}")

    def change(self, count):
        self.must(f"change {count}")

    def must(self, line):
        answer = self.ask(line)
        assert "error" not in answer, answer

    def begin(self):
        """Starts counting anew."""
        self.ask("requests")
        self.sent = self.ask("sent")["sent"]

    def counted(self):
        """Requests by kind and bytes sent since `begin`."""
        requests = {kind: count for kind, count in self.ask("requests").items() if kind not in SIGN_IN}
        return requests, self.ask("sent")["sent"] - self.sent

    def access_token(self):
        """A token for all that there is; the sandbox lets none expire by itself."""
        return self.sign_in(DRIVE, PHOTOS)["access_token"]


def world(**parts):
    """The word for a world of many: `items:5,folders:1`."""
    return ",".join(f"{name}:{value}" for name, value in parts.items())
