"""Sending: what every way out has in common: protocol, error, whom it believes, its limits."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Protocol

from desk.alerts.message import Message
from desk.alerts.targets import Target
from desk.errors import Unavailable

TIMEOUT = 10.0  # seconds for each turn of an exchange
LONGEST = 30.0  # seconds for all of it


class Sender(Protocol):
    """What brings a message to a target."""

    async def send(self, target: Target, message: Message, name: str) -> None:
        """Bring it there, or raise DeskError. `name` is the same for every try of one batch."""
        ...


class NotSent(Unavailable):
    """A message did not get there. `message` is one word that says why, and nothing else."""

    code = "not_sent"


def tls_context(ca: Path | None) -> ssl.SSLContext:
    """How servers are checked: by these authorities (PEM), else by those that come with certifi.

    Not by SSL_CERT_FILE and the like: the environment may be a stranger's.
    """
    import certifi

    return ssl.create_default_context(cafile=str(ca) if ca else certifi.where())
