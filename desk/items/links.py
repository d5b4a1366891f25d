"""Links: which addresses a published text may point to (RFC 3986, an allow-list of schemes)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from desk.text import safe_text

LONGEST = 2048
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")


def refuse_link(url: str) -> tuple[str, str] | None:
    """Why an address may not be linked, in English and Vietnamese; None when it may.

    Allowed: http and https with a host and without user name or password, and mailto to one
    plain address without header fields. Nothing relative: a text appears on several channels.
    """
    if len(url) > LONGEST:
        return f"longer than {LONGEST} characters", f"dài hơn {LONGEST} ký tự"
    # Decoded once more, so that %0A and %E2%80%AE count as what they are.
    if "\\" in url or any(ch.isspace() for ch in url) or safe_text(unquote(url)) != unquote(url):
        return "holds a control, space or backslash", "có ký tự điều khiển, dấu cách hoặc \\"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is malformed", "sai cú pháp"
    if parts.scheme == "mailto":
        if parts.query or not _MAIL.fullmatch(parts.path):
            return "is not one plain mail address", "không phải một địa chỉ thư điện tử"
        return None
    if parts.scheme not in ("http", "https"):
        return "is neither http, https nor mailto", "không phải http, https hoặc mailto"
    if "@" in parts.netloc:
        return "carries a user name", "chứa tên người dùng"
    if not host or port == 0 or not (_plain_host(host) or ":" in host):
        return "names no valid host", "không có tên miền hợp lệ"
    return None


def _plain_host(host: str) -> bool:
    try:
        return bool(_HOST.fullmatch(host.encode("idna").decode("ascii")))
    except UnicodeError:
        return False


def foreign_host(url: str) -> str | None:
    """The host when it is written in letters beyond ASCII (also as xn--), which can imitate."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    labels = host.split(".")
    return host if not host.isascii() or any(x.startswith("xn--") for x in labels) else None
