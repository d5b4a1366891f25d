"""Figures without a source and legal texts without a link, as findings of the checker."""

from __future__ import annotations

import re
from collections.abc import Collection

from desk.items.body import parse
from desk.items.figures import uncovered
from desk.items.legal import uncovered_citations
from desk.terms.finding import Finding, Lines, Says
from desk.text import nfc

_FIGURE: Says = ("This figure names no source", "Số liệu này chưa có nguồn")
_LEGAL: Says = ("This legal text has no link", "Văn bản này chưa có liên kết")


def uncovered_findings(text: str, language: str, notes: Collection[str]) -> list[Finding]:
    """What `notes` (labels of footnotes: 2, l1) do not vouch for, in a Markdown body."""
    body, lines = parse(text), Lines(text)
    legal = [label for label in notes if label.startswith("l")]
    sources = [label for label in notes if not label.startswith("l")]
    spots = [
        *(("figure", one.start, one.end, _FIGURE) for one in uncovered(body, language, sources)),
        *(
            ("legal", one.start, one.end, _LEGAL)
            for one in uncovered_citations(body, language, legal)
        ),
    ]
    return [
        Finding(
            entry=f"pattern.{name}", language=language, severity="warning",
            start=start, end=end, line=lines.place(start)[0], column=lines.place(start)[1],
            found=nfc(text[start:end]), suggestions=(), message=says[0], message_vi=says[1],
            rule="Số liệu dẫn nguồn, văn bản pháp luật có liên kết.",
            source="Quy chế biên tập của Desk",
        )
        for name, start, end, says in spots
    ]  # fmt: skip


_NOTE = re.compile(r"^ {0,3}\[\^([A-Za-z0-9][A-Za-z0-9_-]{0,31})\]:", re.MULTILINE)


def labels(text: str) -> list[str]:
    """The labels of the footnotes that a Markdown text defines."""
    return _NOTE.findall(text)
