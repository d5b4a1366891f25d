"""The difference of two termbases: entries that came, went, or changed, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desk.locales import N_, _
from desk.terms.entry import Entry
from desk.terms.plain import plain
from desk.terms.termbase import Termbase

STATUSES: Mapping[str, str] = {
    "preferred": N_("preferred"),
    "admitted": N_("admitted"),
    "deprecated": N_("deprecated"),
    "superseded": N_("superseded"),
    "forbidden": N_("forbidden"),
}
"""What TBX (ISO 30042) calls the standing of a form, for people."""
FIELDS: Mapping[str, str] = {
    "forms": N_("forms"),
    "rule": N_("rule"),
    "source": N_("source"),
    "severity": N_("severity"),
    "match": N_("must find"),
    "clean": N_("must not find"),
    "concept": N_("concept"),
    "case": N_("capitals"),
    "scope": N_("where it holds"),
    "unless": N_("not beside"),
    "from": N_("holds from"),
    "until": N_("holds until"),
    "historical": N_("the past is exempt"),
    "exceptions": N_("exceptions"),
    "examples": N_("examples"),
    "owner": N_("owner"),
}
"""What the fields of an entry are called; others by their name in the file."""
_BESIDE = frozenset({"severity", "concept", "owner", "examples"})
"""What is not told of a whole entry: its heading says it, or it decides of no text."""


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
        lines = [f"{mark} {self.language} {self.id} ({_(self.severity)})"]
        for name, before, after in self.fields:
            lines += [f"    {_(FIELDS.get(name, name))}:"]
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
        if (one is None or other is None) and name in _BESIDE:
            continue
        yield name, _field(name, old.get(name)), _field(name, new.get(name))


def _field(name: str, value: Any) -> str:
    """A field as people read it; of a source its title and the place in it."""
    if name == "source" and value:
        places = (value.get("title", ""), value.get("where") or value.get("place", ""))
        return ", ".join(filter(None, places))
    return _shown(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if value is True:
        return _("yes")
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        if set(value) == {"text", "status"}:
            return f"{value['text']} ({_(STATUSES.get(value['status'], value['status']))})"
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    return str(value)
