"""The way by which rclone comes to the sandbox: a proxy (benches/detour.rs) that ends TLS for Google's own name, with
certificates of an authority that is made for this run alone."""

import subprocess

HOST = "www.googleapis.com"


class Detour:
    """A running proxy. `env` and `root` bring any program by it that honours the usual variables."""

    root = f"https://{HOST}"

    def __init__(self, bench, google):
        self.folder = bench.fresh("detour")
        self.certificates()
        self.process = subprocess.Popen(
            [bench.detour, f"{HOST}:443", google.root.removeprefix("http://"), "google.pem", "google.key"],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()
        self.authority = str(self.folder / "ca.pem")
        self.env = {"HTTPS_PROXY": self.address, "NO_PROXY": "127.0.0.1", "SSL_CERT_FILE": self.authority}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def certificates(self):
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self.openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=Authority of one run",
                     "-keyout", "ca.key", "-out", "ca.pem")
        self.openssl("req", *curve, "-subj", f"/CN={HOST}", "-keyout", "google.key", "-out", "google.csr")
        (self.folder / "names").write_text(f"subjectAltName=DNS:{HOST}\n")
        self.openssl("x509", "-req", "-days", "2", "-in", "google.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-extfile", "names", "-out", "google.pem")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
