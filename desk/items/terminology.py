"""The terminology of one item: its texts, the termbase in force, and what is kept as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from desk.items.kept import Kept
from desk.terms.check import check
from desk.terms.finding import LOWERED, Finding, in_order
from desk.terms.ignores import judge
from desk.terms.unread import unread_findings
from desk.trust.acts import TERMS

if TYPE_CHECKING:
    from desk.newsroom.room import View
    from desk.terms.entry import Scope
    from desk.terms.markup import Markup
    from desk.terms.termbase import Termbase


@dataclass(frozen=True)
class Terms:
    """What an item is judged by: a termbase and its version, a day, and the decisions about it.

    `problems` tell what is wrong with the termbase itself; a gate does not pass while any stands.
    """

    termbase: Termbase
    version: str
    day: date
    kept: tuple[Kept, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """What of it a gate looks at; decisions enter by their digests, which are salted."""
        return {
            "termbase": self.termbase.digest,
            "day": self.day.isoformat(),
            "kept": sorted(one.digest for one in self.kept),
            "sound": not self.problems,
        }


@dataclass(frozen=True)
class Piece:
    """One text of an item. `key` names it in decisions, `field` is where people see it."""

    key: str
    field: str
    text: str
    markup: Markup = "plain"
    scope: Scope = "body"
    sourced: bool = False
    """Whether it is the name that a source gives itself, where an error is a warning."""


@dataclass(frozen=True)
class Found:
    """A finding in a piece, and the decision to keep it, if there is one."""

    piece: Piece
    finding: Finding
    kept: Kept | None = None

    @property
    def open(self) -> bool:
        """Whether somebody must still answer it: mend it, or say why it stays."""
        return self.kept is None and self.finding.severity != "info"


def in_force(view: View, kept: tuple[Kept, ...] = ()) -> Terms:
    """The termbase that counts in the newsroom of that view, today. Raises ConfigError."""
    from desk.terms.proposals import standing_in
    from desk.terms.termbase import shipped

    day = date.fromisoformat(view.time[:10])
    if view.root is None:
        return Terms(shipped(), "v0", day, kept, ("the termbase of the newsroom was not opened",))
    found = standing_in(view.root, view.with_subjects(TERMS))
    return Terms(found.termbase, str(found.version), day, kept, found.problems)


def pieces(document: Mapping[str, Any]) -> Iterator[Piece]:
    """The texts of a content document that the public reads."""
    for name, markup, scope in _FIELDS:
        if text := str(document.get(name) or ""):
            yield Piece(name, name, text, markup, scope)
    for asset in document.get("assets") or ():
        for name in ("alt", "caption"):
            if text := str(asset.get(name) or ""):
                yield Piece(f"assets:{asset.get('id', '')}:{name}", "assets", text, "plain",
                            "caption")  # fmt: skip
        if text := str(asset.get("name") or ""):
            yield Piece(f"assets:{asset.get('id', '')}:name", "assets", text, sourced=True)
    for field in ("sources", "legal"):
        for row in document.get(field) or ():
            if text := str(row.get("title") or ""):
                yield Piece(f"{field}:{row.get('id', '')}:title", field, text, "plain",
                            sourced=field == "sources")  # fmt: skip
    for field in ("places", "subjects"):
        for at, text in enumerate(document.get(field) or ()):
            yield Piece(f"{field}:{at}", field, str(text))


_FIELDS: tuple[tuple[str, Markup, Scope], ...] = (
    ("headline", "plain", "headline"),
    ("summary", "plain", "body"),
    ("body", "markdown", "body"),
    ("edit_note", "plain", "body"),
    ("section", "plain", "body"),
)


def findings(document: Mapping[str, Any], terms: Terms) -> tuple[Found, ...]:
    """Every finding in the texts of an item, kept ones with the decision; by field and place."""
    found: list[Found] = []
    for piece in pieces(document):
        told = _told(piece, terms, str(document.get("language", "vi")))
        decided = {id(one.ignore): one for one in terms.kept if one.field == piece.key}
        judged = judge(told, piece.text, [one.ignore for one in decided.values()], terms.day)
        kept = {id(finding): decided[id(ignore)] for finding, ignore in judged.ignored}
        found += [Found(piece, one, kept.get(id(one))) for one in told]
    return tuple(found)


def _told(piece: Piece, terms: Terms, language: str) -> tuple[Finding, ...]:
    """What is told of one text, also of what a check of the prose leaves unread."""
    told = check(piece.text, terms.termbase, language=language, markup=piece.markup,
                 scope=piece.scope, dated=terms.day)  # fmt: skip
    more = unread_findings(piece.text, terms.termbase, told, language=language,
                           markup=piece.markup, scope=piece.scope, dated=terms.day)  # fmt: skip
    told = in_order([*told, *more]) if more else told
    if not piece.sourced:
        return told
    entries = terms.termbase.by_id
    return tuple(
        one._replace(severity=LOWERED[one.severity], where="source", safe=False)
        for one in told
        if (entry := entries.get((language, one.entry))) is None or "quote" in entry.scope
    )


def in_use(document: Mapping[str, Any], terms: Terms) -> tuple[Kept, ...]:
    """The decisions that still hold: others are void, since the text there is another."""
    return tuple(one.kept for one in findings(document, terms) if one.kept is not None)
