"""Mail: one message to one address by SMTP (RFC 5321), over TLS wherever it leaves the machine.

The line to the server is checked before anything is said on it: the certificate by the authorities
that come with Desk or are named, never by the environment; with STARTTLS (RFC 3207) neither the
password nor a word of the alert goes out before the line is secure. A server that hangs or drips
is cut off. Its answers are not repeated anywhere, only their number.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import threading
from collections.abc import Callable
from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from desk.alerts.message import Message
from desk.alerts.sending import LONGEST, TIMEOUT, NotSent, tls_context
from desk.alerts.targets import Target
from desk.clock import Clock, now
from desk.errors import DeskError
from desk.newsroom.addresses import is_loopback_host
from desk.newsroom.config import Mail

_TEXT = Charset("utf-8")
_TEXT.body_encoding = QP
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailSender:
    """Sends by one server. `secret` gives the password by its name when it is needed."""

    def __init__(
        self, settings: Mail | None, secret: Callable[[str], str], clock: Clock, *,
        ca: Path | None = None, timeout: float = TIMEOUT, longest: float = LONGEST,
    ) -> None:  # fmt: skip
        self._mail, self._secret, self._clock = settings, secret, clock
        self._ca, self._timeout, self._longest = ca, timeout, longest
        self._open: set[_Limit] = set()

    async def send(self, target: Target, message: Message, name: str) -> None:
        """Send one mail. Raises NotSent, NotFound for a password that is not there."""
        if self._mail is None:
            raise NotSent("There is no mail server", "no-server", "Add mail: to calendar.yaml")
        mail = self.compose(self._mail, target, message, name)
        await asyncio.to_thread(self._deliver, self._mail, mail, target.address)

    def cut(self) -> None:
        """Break off what is under way: the process is to end."""
        for limit in list(self._open):
            limit.cut()

    def compose(self, settings: Mail, target: Target, message: Message, name: str) -> MIMEText:
        """The mail as it goes out: plain text, every header in ASCII (RFC 2047)."""
        # Not by EmailMessage: in Python 3.11 it loses the blank between two encoded words.
        mail = MIMEText(message.text, "plain", _TEXT)  # type: ignore[arg-type] # a Charset is fine
        mail["From"] = settings.sender
        mail["To"] = target.address
        mail["Subject"] = Header(message.subject, "utf-8", header_name="Subject").encode()
        mail["Date"] = format_datetime(now(self._clock))
        mail["Message-ID"] = f"<{name}@{settings.sender.partition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
        return mail

    def _deliver(self, settings: Mail, mail: MIMEText, to: str) -> None:
        password = self._secret(settings.credential) if settings.credential else ""
        if settings.security == "none" and not is_loopback_host(settings.server):
            raise NotSent("That mail server is spoken to with TLS", "no-tls")
        limit = _Limit(self._longest)
        self._open.add(limit)
        try:
            with limit:
                self._exchange(limit, settings, password, mail, to)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise _not_sent(error) from None
        finally:
            self._open.discard(limit)

    def _exchange(
        self, limit: _Limit, settings: Mail, password: str, mail: MIMEText, to: str
    ) -> None:
        context = tls_context(self._ca)
        port = settings.port or PORTS[settings.security]
        # Our name in the greeting is the sender's domain, so that none is looked up.
        ours = settings.sender.partition("@")[2]
        line: _Line
        to_server = (limit, settings.server, port, ours, self._timeout)
        if settings.security == "tls":
            line = _SecureLine(*to_server, context=context)
        else:
            line = _Line(*to_server)
        line.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            status, _ = line.starttls(context=context)
            if status != 220:
                raise smtplib.SMTPNotSupportedError
            line.ehlo_or_helo_if_needed()
        if settings.user:
            line.login(settings.user, password)
        line.send_message(mail, settings.sender, [to])
        with contextlib.suppress(OSError, smtplib.SMTPException):
            line.quit()  # it has the mail: how it says goodbye does not matter


class _Limit:
    """So long may one exchange take: then its connection ends under its feet."""

    def __init__(self, seconds: float) -> None:
        self._line: smtplib.SMTP | None = None
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True
        self.over = False

    def watch(self, line: smtplib.SMTP) -> None:
        """This is the line to end."""
        self._line = line

    def cut(self) -> None:
        """End it now."""
        self.over = True
        found = getattr(self._line, "sock", None)
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._line is not None:
            self._line.close()


class _Line(smtplib.SMTP):
    """A line that its limit knows before anything is said on it."""

    def __init__(
        self, limit: _Limit, host: str, port: int, ours: str, timeout: float, **more: Any
    ) -> None:
        self._limit = limit
        super().__init__(host, port, local_hostname=ours, timeout=timeout, **more)

    def connect(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """As smtplib does."""
        self._limit.watch(self)
        return super().connect(*args, **more)

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib does, unless the time is over."""
        if self._limit.over:
            raise TimeoutError
        return super().getreply()


class _SecureLine(_Line, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


def _not_sent(error: Exception) -> DeskError:
    """One word for it: the sort of error, and the server's number. Never the server's words."""
    if isinstance(error, DeskError):
        return error
    number = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        number = next((code for code, _ in error.recipients.values()), None)
    word = type(error).__name__ + (f"-{number}" if isinstance(number, int) else "")
    return NotSent("The mail was not delivered", word)
