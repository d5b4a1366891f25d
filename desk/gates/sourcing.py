"""Gates on what the text rests on: a source for every figure, a link for every legal text."""

from __future__ import annotations

from collections.abc import Iterator

from desk.gates.registry import Finding, GateInput, finding, from_problem, gate
from desk.items.body import reference_problems
from desk.items.figures import uncovered
from desk.items.legal import uncovered_citations
from desk.items.links import refuse_link
from desk.text import one_line


@gate("sources", version=1)
def sources(given: GateInput) -> Iterator[Finding]:
    """Every figure has a footnote to a source in its sentence; every footnote leads somewhere."""
    for problem in reference_problems(given.body, given.ids("sources"), given.ids("legal")):
        yield from_problem(problem)
    yield from _entries(given, "sources")
    for figure in uncovered(given.body, given.language, given.ids("sources")):
        says = (
            f"The figure {figure.text} has no source",
            f"Số liệu {figure.text} chưa có nguồn",
        )
        yield finding(
            "error",
            "body",
            says,
            hint="Put the footnote of its source, such as [^1], into the same sentence",
            at=(figure.start, figure.end),
            body=given.body,
        )


@gate("legal", version=1)
def legal(given: GateInput) -> Iterator[Finding]:
    """Every legal text cited is linked, and every link leads to an entry with an address."""
    yield from _entries(given, "legal")
    for entry in given.entries("legal"):
        if not entry.get("url"):
            name = one_line(str(entry.get("title", entry.get("id", ""))), 60)
            says = (f"{name} has no address", f"{name} chưa có đường dẫn")
            yield finding("error", "legal", says, hint="Add the address of the official text")
    for cited in uncovered_citations(given.body, given.language, given.ids("legal")):
        name = one_line(cited.text, 60)
        yield finding(
            "error",
            "body",
            (f"{name} is cited without a link", f"{name} được dẫn nhưng chưa có đường dẫn"),
            hint="Add it to the legal texts and put its mark, such as [^l1], into the sentence",
            at=(cited.start, cited.end),
            body=given.body,
        )


def _entries(given: GateInput, field: str) -> Iterator[Finding]:
    """Ids are given once, titles are there, addresses may be linked."""
    seen: set[str] = set()
    for entry in given.entries(field):
        name = str(entry.get("id", ""))
        shown = one_line(name, 40)
        if not name or name in seen:
            says = (f"The mark {shown} is given twice", f"Ký hiệu {shown} bị trùng")
            yield finding("error", field, says)
        seen.add(name)
        if not str(entry.get("title", "")).strip():
            says = (f"Entry {shown} has no title", f"Mục {shown} chưa có tên")
            yield finding("error", field, says)
        url = str(entry.get("url", ""))
        refused = refuse_link(url) if url else None
        if refused:
            says = (
                f"The address of {shown} {refused[0]}",
                f"Đường dẫn của mục {shown} {refused[1]}",
            )
            yield finding("error", field, says)
