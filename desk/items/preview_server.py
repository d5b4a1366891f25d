"""Serving a preview to a browser on this machine: from memory, by an address that works once.

It listens on loopback alone. The address holds 256 random bits and opens once; it leaves a cookie
that the browser needs for everything else. All lies below a folder with a random name, and the
cookie is for that folder: browsers do not tell the ports of one address apart, and would else hand
it to whoever listens on another one. A request that names another host is refused (DNS rebinding),
nothing may be stored, framed or loaded from elsewhere, no script runs. Nothing is
written to a disk; it ends with the desk or the command that began it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

HOST = "127.0.0.1"
COOKIE = "desk-preview"
_OWN = re.compile(rb'(\s(?:href|src)=")(?=/(?!/))')  # links to pages and files of this preview
TIMEOUT = 10  # seconds that a connection may be silent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class File:
    """Bytes to serve, and their media type."""

    data: bytes
    media_type: str


class PreviewServer:
    """Serves files by their paths; `first` is the path to which the address leads."""

    def __init__(self, files: Mapping[str, File], first: str) -> None:
        self._folder = "/" + secrets.token_urlsafe(32)
        self._files = {path: _moved(file, self._folder) for path, file in files.items()}
        self._first = first
        self._token = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)
        self._opened = False
        self._lock = Lock()
        self._server = _Server((HOST, 0), _Handler)
        self._server.preview = self
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = Thread(target=serve, name="preview", daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        """Host and port that requests must name."""
        return f"{HOST}:{self._server.server_address[1]}"

    @property
    def address(self) -> str:
        """The address that works once."""
        return f"http://{self.host}/open/{self._token}"

    def stop(self) -> None:
        """Serve no more, and forget what was served."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._files.clear()

    def open(self, token: str) -> str | None:
        """The cookie for whoever comes with the token first; None for everybody else."""
        with self._lock:
            if self._opened or not secrets.compare_digest(token.encode(), self._token.encode()):
                return None
            self._opened = True
            return self._cookie

    def knows(self, cookie: str) -> bool:
        """Whether that is the cookie of the browser that opened it."""
        return self._opened and secrets.compare_digest(cookie.encode(), self._cookie.encode())

    def file(self, path: str) -> File | None:
        """What is served under that path, which begins with `folder`."""
        if not path.startswith(self._folder + "/"):
            return None
        return self._files.get(path.removeprefix(self._folder))

    @property
    def folder(self) -> str:
        """The folder below which all is served, without a final slash; a secret like the cookie."""
        return self._folder

    @property
    def first(self) -> str:
        """Where the address leads."""
        return self._folder + self._first


def _moved(file: File, folder: str) -> File:
    """A page whose links begin with that folder. In text a quotation mark is escaped."""
    if not file.media_type.startswith("text/html"):
        return file
    return File(_OWN.sub(rb"\g<1>" + folder.encode(), file.data), file.media_type)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    preview: PreviewServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "desk"
    sys_version = ""
    timeout = TIMEOUT

    def do_GET(self) -> None:
        """One file, for the browser that opened the preview."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The same without the bytes; the address is not used up by it."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        preview = self.server.preview
        if self.headers.get_all("Host") != [preview.host]:
            self._say(HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = urlsplit(self.path).path
        if path.startswith("/open/") and with_body:
            self._open(path.removeprefix("/open/"))
            return
        if not preview.knows(self._cookie()):
            self._say(HTTPStatus.FORBIDDEN)
            return
        found = preview.file(path)
        if found is None:
            self._say(HTTPStatus.NOT_FOUND)
            return
        self._send(HTTPStatus.OK, found, with_body=with_body)

    def _open(self, token: str) -> None:
        cookie = self.server.preview.open(token)
        if cookie is None:
            self._say(HTTPStatus.GONE)
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        preview = self.server.preview
        self.send_header("Location", preview.first)
        kept = f"HttpOnly; SameSite=Strict; Path={preview.folder}/"
        self.send_header("Set-Cookie", f"{COOKIE}={cookie}; {kept}")
        self._finish(0)

    def _cookie(self) -> str:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return ""
        return found.value if found else ""

    def _say(self, status: HTTPStatus) -> None:
        text = File(f"{status.value} {status.phrase}\n".encode(), "text/plain; charset=utf-8")
        self._send(status, text, with_body=self.command != "HEAD")

    def _send(self, status: HTTPStatus, file: File, *, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", file.media_type)
        self._finish(len(file.data))
        if with_body:
            self.wfile.write(file.data)

    def _finish(self, length: int) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses is said like everything else."""
        self.close_connection = True
        self._say(HTTPStatus(code))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: addresses are secrets here."""
