"""A change of a newsroom's termbase: entries put, taken out, switched off or on, and why.

It is a document with a digest, so that two people can sign the same change and everybody can read
later what they signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from desk.errors import NotFound, UsageError
from desk.terms.entry import Entry
from desk.terms.overlay import Key, Off, Overlay
from desk.terms.plain import entries_of, plain
from desk.terms.termbase import Termbase

LARGEST: Final = 32_000_000


@dataclass(frozen=True)
class Change:
    """`put`: entries set; `drop`: own entries taken out; `off`, `on`: entries switched."""

    put: tuple[Entry, ...] = ()
    drop: tuple[Key, ...] = ()
    off: tuple[Off, ...] = ()
    on: tuple[Key, ...] = ()
    reason: str = ""

    @cached_property
    def document(self) -> dict[str, Any]:
        """The change as plain values with a canonical form; empty lists are left out."""
        given: dict[str, Any] = {
            "format": 1,
            "put": [plain(entry) for entry in self.put],
            "drop": [{"language": language, "id": name} for language, name in self.drop],
            "off": [{"language": o.language, "id": o.id, "reason": o.reason} for o in self.off],
            "on": [{"language": language, "id": name} for language, name in self.on],
            "reason": self.reason,
        }
        return {key: value for key, value in given.items() if value}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form of the document."""
        from desk.trust.canonical import digest

        return digest(self.document)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every entry that it is about, each once."""
        put = [(entry.language, entry.id) for entry in self.put]
        return tuple(dict.fromkeys([*put, *self.drop, *(one.key for one in self.off), *self.on]))

    def __bool__(self) -> bool:
        return bool(self.keys)

    def applied(self, overlay: Overlay, base: Termbase) -> Overlay:
        """The overlay after it. Raises NotFound for an entry that is not there to take out."""
        entries = {(entry.language, entry.id): entry for entry in overlay.entries}
        off = {one.key: one for one in overlay.off}
        entries |= {(entry.language, entry.id): entry for entry in self.put}
        for key in self.drop:
            if entries.pop(key, None) is None:
                raise NotFound("The newsroom has no such entry of its own", " ".join(key),
                               "A shipped entry is switched off: desk terms off")  # fmt: skip
        for one in self.off:
            if one.key not in base.by_id and one.key not in entries:
                raise NotFound("There is no such entry", " ".join(one.key), "See: desk terms list")
            off[one.key] = one
        for key in self.on:
            if off.pop(key, None) is None:
                raise NotFound("That entry is not switched off", " ".join(key))
        return Overlay(tuple(entries.values()), tuple(off.values()))

    def errors(self, before: Termbase, after: Termbase) -> tuple[Key, ...]:
        """The entries among its own that are errors before or after it, and are not the same."""
        return tuple(
            key
            for key in self.keys
            if before.by_id.get(key) != after.by_id.get(key)
            and any(
                found.severity == "error"
                for found in (before.by_id.get(key), after.by_id.get(key))
                if found is not None
            )
        )

    def text(self) -> str:
        """The document as JSON that people can read."""
        return json.dumps(self.document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def between(before: Overlay, after: Overlay, reason: str) -> Change:
    """The change that leads from one overlay to the other."""
    old = {(entry.language, entry.id): entry for entry in before.entries}
    new = {(entry.language, entry.id): entry for entry in after.entries}
    was, now = {one.key: one for one in before.off}, {one.key: one for one in after.off}
    return Change(
        put=tuple(entry for key, entry in new.items() if old.get(key) != entry),
        drop=tuple(key for key in old if key not in new),
        off=tuple(one for key, one in now.items() if was.get(key) != one),
        on=tuple(key for key in was if key not in now),
        reason=reason,
    )


def read_change(raw: bytes, name: str) -> Change:
    """The change that `text` wrote. Raises UsageError when it is not one, ConfigError."""
    try:
        value = json.loads(raw[: LARGEST + 1])
        if not isinstance(value, dict) or value.get("format") != 1:
            raise ValueError("format")
        return Change(
            put=entries_of(value.get("put", []), name),
            drop=_keys(value.get("drop", [])),
            off=tuple(
                Off(str(o["language"]), str(o["id"]), str(o["reason"]))
                for o in value.get("off", [])
            ),
            on=_keys(value.get("on", [])),
            reason=str(value.get("reason", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError("This is not a change of a termbase", name) from None


def _keys(listed: Iterable[Any]) -> tuple[Key, ...]:
    return tuple((str(one["language"]), str(one["id"])) for one in listed)
