"""A real mail server and a real web server on loopback, for alerts to go to."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "mật khẩu".encode().hex()


class Post:
    """A mail server. `answer` may give another reply than 250 to DATA, for each mail anew.

    `security`: none, starttls (demanded before anything else) or tls.
    """

    def __init__(
        self, *, security: str = "none", context: ssl.SSLContext | None = None,
        password: str = "",
    ) -> None:  # fmt: skip
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.logins: list[tuple[str, str]] = []
        self.refused = 0
        self.greeted = 0
        self.answer: Callable[[], str] = lambda: "250 taken"
        self._password = password
        more: dict[str, Any] = {"ssl_context": context} if security == "tls" else {}
        if security == "starttls":
            more |= {"tls_context": context, "require_starttls": True}
        if password:
            # aiosmtpd counts only STARTTLS as TLS here.
            more |= {"authenticator": self._login, "auth_required": True,
                     "auth_require_tls": security == "starttls"}  # fmt: skip
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, **more)
        self._controller.start()

    @property
    def port(self) -> int:
        server = self._controller.server
        assert server is not None
        return int(server.sockets[0].getsockname()[1])

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password.decode() == self._password, handled=False)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]
        self.greeted += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]
        said = self.answer()
        if not said.startswith("250"):
            self.refused += 1
            return said
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.raw.append(envelope.content)
        self.mails.append(found)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return said

    def stop(self) -> None:
        self._controller.stop()


class _Controller(Controller):
    """On a port that the system chooses: aiosmtpd asks itself for a first connection there."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Hook:
    """A web server that notes what is posted to it. `status` and `location` are its answer."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self.came = threading.Event()
        self.answers: list[int] = []
        self.location = ""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                hook.connections += 1
                super().setup()

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                status = hook.answers.pop(0) if hook.answers else 204
                hook.requests.append((self.path, dict(self.headers), body))
                hook.came.set()
                self.send_response(status)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}/alerts"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)
        self._thread.start()

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.requests]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def stopping(server: Post | Hook) -> Iterator[Post | Hook]:
    """A server that is stopped whatever happens."""
    try:
        yield server
    finally:
        server.stop()
