"""rclone, as it is measured: its pacer off, since Google's quota is not what is compared here."""

import json


class Rclone:
    """rclone with the sandbox's account as its remote, by the detour."""

    def __init__(self, bench, google, detour):
        self.program, self.detour = str(bench.rclone), detour
        self.config = bench.fresh("rclone") / "rclone.conf"
        client = google.client
        # A token that never expires costs it no request.
        token = {"access_token": google.access_token(), "token_type": "Bearer", "expiry": "2099-01-01T00:00:00Z"}
        lines = {
            "type": "drive",
            "scope": "drive.readonly",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
            "auth_url": client["auth_uri"],
            "token_url": client["token_uri"],
            "token": json.dumps(token),
        }
        self.config.write_text("[google]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items()))
        self.env = detour.env

    def command(self, *words):
        return [
            self.program,
            *words,
            *("--config", str(self.config), "--ca-cert", self.detour.authority),
            *("--drive-pacer-min-sleep", "0", "--drive-pacer-burst", "100000"),
        ]
