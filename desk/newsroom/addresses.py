"""Addresses in calendar.yaml: of the web, of servers, of mail, of telephones.

As in `desk.newsroom.values`, each `parse_*` takes what stood in the file and returns it as it is
kept, or raises `BadValue`.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from desk.newsroom.values import BadValue, closest, shown, text_value
from desk.phrase import phrase
from desk.trust.press import PHONE

_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
                   r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*")  # fmt: skip
MAIL_SECURITY = ("starttls", "tls", "none")


def parse_url(value: object) -> str:
    """An absolute http or https address without user, query and fragment; no trailing slash."""
    text = text_value(value, phrase("an address"))
    if len(text) > 2000 or not text.isascii() or re.search(r"[\s\x00-\x20\x7f\\]", text):
        raise BadValue(
            phrase("{found} is not an address", found=shown(text)),
            "Use ASCII without blanks; IDNs as xn--…",
        )
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadValue(phrase("{found} is not an address", found=shown(text)), str(error)) from None
    if parts.scheme not in {"http", "https"}:
        raise BadValue(
            phrase("{found} is not an http address", found=shown(text)), "Start it with https://"
        )
    if "@" in parts.netloc:
        # The value is not shown: it holds a user name and perhaps a password.
        raise BadValue(
            "the address holds a user name",
            "Take it out; name a secret with 'credential' and keep it in the key store",
        )
    if not host:
        raise BadValue(
            phrase("{found} names no host", found=shown(text)), "Write https://portal.example.org"
        )
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise BadValue(
            phrase("{found} has a query or fragment", found=shown(text)),
            "Give the base address only",
        )
    if ".." in parts.path.split("/"):
        raise BadValue(phrase("{found} climbs with '..'", found=shown(text)), "Write the path out")
    return text.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether an address that `parse_url` accepted stays on this machine."""
    return is_loopback_host(urlsplit(url).hostname or "")


def is_loopback_host(host: str) -> bool:
    """The same for the name or address of a server."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def parse_host(value: object) -> str:
    """The name or address of a server, without port or scheme: smtp.example.org, 127.0.0.1, ::1."""
    text = text_value(value, phrase("the name of a server"))
    try:
        return ip_address(text).compressed
    except ValueError:
        pass
    if len(text) > 253 or not _HOST.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a server", found=shown(text)),
            "Write its name alone: smtp.example.org",
        )
    return text.lower()


def parse_email(value: object) -> str:
    """A mail address, ASCII."""
    text = text_value(value, phrase("a mail address"))
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a mail address", found=shown(text)),
            "Write for example desk@example.org",
        )
    return text


def parse_phone(value: object) -> str:
    """A public telephone number: digits with blanks, brackets, dots, hyphens, a leading plus."""
    text = text_value(value, phrase("a telephone number"))
    if not PHONE.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a telephone number", found=shown(text)),
            'Write for example "+84 24 555 0101", in quotes',
        )
    return text


def parse_mail_security(value: object) -> str:
    """How the line to the mail server is secured: one of MAIL_SECURITY."""
    text = text_value(value, phrase("a word"))
    if text not in MAIL_SECURITY:
        raise BadValue(
            phrase("unknown security {found}", found=shown(text)), closest(text, MAIL_SECURITY)
        )
    return text
