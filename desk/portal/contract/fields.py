"""Strict reading of one JSON object: every member has a type, nothing is extra, nothing is null.

Used for whatever arrives over the wire. A wrong member raises `Malformed`, which names it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any

from desk.clock import parse_instant
from desk.errors import UsageError

HEX64 = re.compile(r"[0-9a-f]{64}")
NEWSROOM = re.compile(r"[a-z0-9][a-z0-9-]{0,63}@[0-9a-f]{32}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
RELEASE = re.compile(r"r-[0-9a-hjkmnp-tv-z]{10}")
ITEM = re.compile(r"i-[0-9a-hjkmnp-tv-z]{10}")
ASSET = re.compile(r"a-[0-9a-hjkmnp-tv-z]{10}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")


class Malformed(UsageError):
    """A message of the contract is not what the contract says; the portal answers 400."""

    code = "malformed"


class Fields:
    """One JSON object being read. `done()` refuses members that nobody asked for."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, Mapping):
            raise Malformed("Malformed message", f"{where} is no object")
        self._value = value
        self._where = where
        self._asked: set[str] = set()

    def _bad(self, name: str, what: str) -> Malformed:
        return Malformed("Malformed message", f"{self._where}.{name} {what}")

    def _get(self, name: str) -> Any:
        self._asked.add(name)
        if name not in self._value:
            raise self._bad(name, "is missing")
        return self._value[name]

    def has(self, name: str) -> bool:
        """Whether the optional member is there."""
        self._asked.add(name)
        return name in self._value

    def done(self) -> None:
        """Refuse unknown members."""
        extra = sorted(set(self._value) - self._asked)
        if extra:
            raise self._bad(extra[0][:40], "is not part of the contract")

    def _matching(self, name: str, pattern: re.Pattern[str], what: str) -> str:
        value = self._get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self._bad(name, f"is no {what}")
        return value

    def text(self, name: str, limit: int = 10_000) -> str:
        """A string of at most `limit` characters."""
        value = self._get(name)
        if not isinstance(value, str) or len(value) > limit:
            raise self._bad(name, f"is no text of at most {limit} characters")
        return value

    def hex64(self, name: str) -> str:
        """A SHA-256 digest or a raw 32-byte key as 64 lower hex digits."""
        return self._matching(name, HEX64, "64 lower hex digits")

    def newsroom(self, name: str = "newsroom") -> str:
        """A newsroom's uid: its id, `@`, 32 hex digits of its root's fingerprint."""
        return self._matching(name, NEWSROOM, "newsroom uid")

    def name(self, name: str) -> str:
        """A short lower-case name: channel, publisher, kind, agency."""
        return self._matching(name, _NAME, "name")

    def release(self, name: str = "release") -> str:
        """A release id."""
        return self._matching(name, RELEASE, "release id")

    def item(self, name: str = "item") -> str:
        """An item id."""
        return self._matching(name, ITEM, "item id")

    def asset(self, name: str = "id") -> str:
        """An asset id."""
        return self._matching(name, ASSET, "asset id")

    def language(self, name: str = "language") -> str:
        """A BCP 47 language tag of the simple sort."""
        return self._matching(name, _LANGUAGE, "language")

    def media_type(self, name: str = "media_type") -> str:
        """A media type without parameters."""
        return self._matching(name, _MEDIA_TYPE, "media type")

    def instant(self, name: str) -> str:
        """A written instant, `YYYY-MM-DDTHH:MM:SSZ`."""
        value = self.text(name, 20)
        try:
            parse_instant(value)
        except UsageError:
            raise self._bad(name, "is no instant") from None
        return value

    def count(self, name: str, largest: int = 2**53 - 1) -> int:
        """A whole number from 0."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
            raise self._bad(name, "is no whole number in range")
        return value

    def one_of(self, name: str, words: Iterable[str]) -> str:
        """One of a few words."""
        value = self._get(name)
        if not isinstance(value, str) or value not in words:
            raise self._bad(name, "is none of the words allowed")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._get(name)
        if not isinstance(value, bool):
            raise self._bad(name, "is neither true nor false")
        return value

    def base64(self, name: str, limit: int) -> bytes:
        """Bytes in standard base64, at most `limit` of them."""
        value = self._get(name)
        if not isinstance(value, str) or len(value) > limit * 4 // 3 + 4:
            raise self._bad(name, f"is no base64 of at most {limit} bytes")
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise self._bad(name, "is no base64") from None

    def object(self, name: str) -> dict[str, Any]:
        """A JSON object, as it is."""
        value = self._get(name)
        if not isinstance(value, dict):
            raise self._bad(name, "is no object")
        return value

    def array(self, name: str, limit: int) -> list[Any]:
        """A JSON array of at most `limit` entries."""
        value = self._get(name)
        if not isinstance(value, list) or len(value) > limit:
            raise self._bad(name, f"is no list of at most {limit}")
        return value

    def each(self, name: str, limit: int) -> list[Fields]:
        """The objects of an array, each to be read strictly."""
        return [
            Fields(entry, f"{self._where}.{name}[{index}]")
            for index, entry in enumerate(self.array(name, limit))
        ]
