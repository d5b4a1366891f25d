"""The difference of two termbases: entries that came, went, or changed, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desk.terms.entry import Entry
from desk.terms.plain import plain
from desk.terms.termbase import Termbase


@dataclass(frozen=True)
class Difference:
    """One entry: `kind` is added, removed or changed; `fields`: (name, before, after) as text."""

    kind: str
    language: str
    id: str
    severity: str
    fields: tuple[tuple[str, str, str], ...]

    def lines(self) -> list[str]:
        """The difference as people read it, `+`, `-` or `~` before the entry."""
        mark = {"added": "+", "removed": "-", "changed": "~"}[self.kind]
        lines = [f"{mark} {self.language} {self.id} ({self.severity})"]
        for name, before, after in self.fields:
            lines += [f"    {name}:"]
            lines += [f"      - {before}"] if before else []
            lines += [f"      + {after}"] if after else []
        return lines


def difference(old: Termbase, new: Termbase) -> tuple[Difference, ...]:
    """What lies between two termbases, by language and id. The same termbase gives nothing."""
    before, after = old.by_id, new.by_id
    found = []
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        kind = "added" if one is None else "removed" if other is None else "changed"
        known = other or one
        assert known is not None
        severity = known.severity
        if one and other and one.severity != other.severity:
            severity = f"{one.severity} -> {other.severity}"  # type: ignore[assignment]
        found.append(Difference(kind, *key, severity, tuple(_fields(one, other))))
    return tuple(found)


def _fields(one: Entry | None, other: Entry | None) -> Iterable[tuple[str, str, str]]:
    old, new = (plain(entry) if entry else {} for entry in (one, other))
    for name in dict.fromkeys((*old, *new)):
        if name in ("id", "language") or old.get(name) == new.get(name):
            continue
        if (one is None or other is None) and name not in ("forms", "rule"):
            continue
        yield name, _shown(old.get(name)), _shown(new.get(name))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        if set(value) == {"text", "status"}:
            return f"{value['text']} ({value['status']})"
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    return str(value)
