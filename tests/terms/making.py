"""How the tests make entries and termbases without a file."""

from __future__ import annotations

from typing import Any

from desk.terms.check import check
from desk.terms.entry import Citation, Entry, Form, Source
from desk.terms.finding import Finding
from desk.terms.termbase import Termbase

SOURCE = Citation(Source("D", "Nghị định số 30/2020/NĐ-CP", "Phụ lục II"), "mục II")


def entry(name: str, standard: str | list[str], *wrong: str, **given: Any) -> Entry:
    """An entry: its id, what to write, what not to write."""
    rights = [standard] if isinstance(standard, str) else standard
    status = given.pop("status", "deprecated")
    forms = [Form(text, "admitted" if at else "preferred") for at, text in enumerate(rights)]
    forms += [Form(text, status) for text in wrong]
    given.setdefault("severity", "error")
    return Entry(
        id=name, language=given.pop("language", "vi"), forms=tuple(forms),
        rule=given.pop("rule", "Quy tắc viết."), source=SOURCE,
        concept=given.pop("concept", name), **given,
    )  # fmt: skip


def of(*entries: Entry) -> Termbase:
    """A termbase of these entries."""
    return Termbase(entries)


def found(text: str, *entries: Entry, **given: Any) -> list[str]:
    """The forms that are found in a text, in its order, without patterns."""
    return [one.found for one in findings(text, *entries, **given)]


def findings(text: str, *entries: Entry, **given: Any) -> tuple[Finding, ...]:
    """The findings in a text, without patterns."""
    given.setdefault("language", entries[0].language if entries else "vi")
    given.setdefault("patterns", False)
    return check(text, Termbase(entries), **given)
