"""Starts the sandbox, by itself with the demo world, as a process of its own, and signs in to it as a person would.

Standard library only. Used by the peers' scripts; as a program it signs in and prints what rclone wants to know:

    sandbox.py      prints one JSON line {"root", "client_secret", "id", "secret", "auth_uri", "token_uri", "token"},
                    where client_secret is the file of that name; hands the sandbox the lines that it reads,
                    prints the answers, and runs until its stdin is closed
"""

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

DRIVE = "https://www.googleapis.com/auth/drive.readonly"
PHOTOS = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata"
PICKER = "https://www.googleapis.com/auth/photospicker.mediaitems.readonly"


class Sandbox:
    """The running sandbox: its address and its OAuth client."""

    def __init__(self, world="demo"):
        command = [os.environ.get("GPHOTOS_SYNC", "target/debug/gphotos-sync"), "sandbox", "--world", world]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started = json.loads(self.process.stdout.readline())
        self.root = started["root"]
        self.client_secret, self.service_account = started["client_secret"], started["service_account"]
        self.client = self.client_secret["installed"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def ask(self, line):
        """What the sandbox answers a line such as `trash ID`."""
        self.process.stdin.write(line.rstrip("\n") + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def sign_in(self, *scopes):
        """Goes the whole way of a desktop app, with PKCE and state, and returns the token endpoint's answer."""
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        state, redirect = secrets.token_urlsafe(16), "http://127.0.0.1:9"
        asked = {
            "client_id": self.client["client_id"], "redirect_uri": redirect, "response_type": "code",
            "scope": " ".join(scopes), "state": state, "access_type": "offline", "prompt": "consent",
            "code_challenge": challenge, "code_challenge_method": "S256",
        }
        where = location(self.client["auth_uri"] + "?" + urllib.parse.urlencode(asked))
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        assert where.startswith(redirect) and answer["state"] == state, where
        return self.token(
            grant_type="authorization_code", code=answer["code"], redirect_uri=redirect, code_verifier=verifier
        )

    def token(self, **form):
        """What the token endpoint answers, for this client."""
        form |= {"client_id": self.client["client_id"], "client_secret": self.client["client_secret"]}
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(self.client["token_uri"], body) as answer:
            return json.load(answer)

    def get(self, path, token=None, method="GET", body=None):
        """Status, headers and body of a plain request; `path` may be a whole URL."""
        url = path if path.startswith("http") else self.root + path
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()


class Stay(urllib.request.HTTPRedirectHandler):
    """Does not go where it is sent."""

    def redirect_request(self, *_):
        return None


def location(url):
    """Where `url` redirects to."""
    try:
        with urllib.request.build_opener(Stay).open(url) as answer:
            raise AssertionError(f"{url} answered {answer.status} and no redirect")
    except urllib.error.HTTPError as error:
        return error.headers["Location"]


class Checks:
    """Counts what holds and what does not, and says what does not."""

    def __init__(self, peer):
        self.peer, self.passed, self.failed = peer, 0, 0

    def equal(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{self.peer}: {what}: {found!r} is not {wanted!r}", file=sys.stderr)

    def finish(self):
        print(f"{self.peer}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def main():
    with Sandbox() as google:
        token = google.sign_in(DRIVE)
        # An expiry in the past makes rclone refresh the token before it does anything else.
        known = {key: token[key] for key in ("access_token", "refresh_token", "token_type")}
        token = known | {"expiry": "2020-01-01T00:00:00Z"}
        facts = {"root": google.root, "client_secret": json.dumps(google.client_secret), "token": json.dumps(token)}
        facts |= {"id": google.client["client_id"], "secret": google.client["client_secret"]}
        facts |= {key: google.client[key] for key in ("auth_uri", "token_uri")}
        print(json.dumps(facts), flush=True)
        for line in sys.stdin:
            print(json.dumps(google.ask(line)), flush=True)


if __name__ == "__main__":
    main()
