#!/usr/bin/env python3
"""A proxy that ends TLS and hands what is meant for www.googleapis.com to the sandbox. For rclone, which cannot
be told another address for Drive's API. Standard library only; any other host is refused, and told on stderr.

    detour.py ROOT CERTIFICATE KEY      prints its address and runs until its stdin is closed
"""

import http.client
import ssl
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "www.googleapis.com"
OWN = {"connection", "transfer-encoding", "keep-alive", "host", "proxy-connection"}


class Detour(BaseHTTPRequestHandler):
    """A connection: first CONNECT in plain text, then requests within TLS."""

    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):
        if self.path != f"{HOST}:443":
            print(f"detour: refused {self.path}", file=sys.stderr)
            self.send_error(502)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def forward(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
        google = http.client.HTTPConnection(self.server.google)
        google.request(self.command, self.path, body, headers)
        answer = google.getresponse()
        content = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OWN | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        google.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward

    def log_message(self, *_):
        """Says nothing: the sandbox keeps the log."""


def main():
    root, certificate, key = sys.argv[1:]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Detour)
    server.google = urllib.parse.urlsplit(root).netloc
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate, key)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
