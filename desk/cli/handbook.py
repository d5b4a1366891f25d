"""`desk handbook`: the newsroom's own pages and the shipped runbooks, to read and to search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.output import Table
from desk.cli.telling import examples
from desk.errors import NotFound

if TYPE_CHECKING:
    from desk.handbook.pages import Handbook

command = noun("handbook", "Read the newsroom's pages and runbooks, search them.")


def _handbook(run: Run) -> Handbook:
    """The pages of the newsroom that is found, or the shipped ones where there is none."""
    from desk.handbook.pages import Handbook

    try:
        root: Path | None = run.folder
    except NotFound:
        root = None
    return Handbook(root, run.language())


def _table(titles: tuple[str, ...], rows: Sequence[Mapping[str, object]]) -> Table:
    return Table(titles, [tuple(row.values()) for row in rows])


@verb(command, "list", examples("desk handbook list", "desk handbook list --json"))
def list_pages(run: Run) -> None:
    """List the pages in reading order; the newsroom's own are marked."""
    book = _handbook(run)
    for bad in book.unreadable():
        run.out.warn(f"{bad.path}: {bad.why}")
    rows = [
        {"page": page.name, "title": page.title, "from": "newsroom" if page.own else "desk"}
        for page in book.pages()
    ]
    run.out.emit(
        rows, lambda _rows: Table(("Page", "Title", "From"), [tuple(row.values()) for row in rows])
    )


@verb(command, "show", examples("desk handbook show lost-portal"))
@click.argument("page")
def show(run: Run, page: str) -> None:
    """Print one page as it is written (Markdown)."""
    found = _handbook(run).page(page)
    view = {
        "page": found.name, "title": found.title, "language": found.language,
        "from": "newsroom" if found.own else "desk", "text": found.text,
    }  # fmt: skip
    run.out.emit(view, lambda _view: found.text.rstrip("\n"))


@verb(
    command,
    "search",
    examples("desk handbook search mat khoa", 'desk handbook search "lost key"'),
)
@click.argument("words", nargs=-1, required=True)
def search(run: Run, words: tuple[str, ...]) -> None:
    """Find pages with all these words, with or without accents; "a phrase" stands together."""
    from desk.handbook.search import search as find

    query = " ".join(f'"{word}"' if " " in word else word for word in words)
    hits = find(_handbook(run).pages(), query)
    rows = [
        {"page": hit.page.name, "heading": hit.heading, "line": hit.line, "text": hit.snippet}
        for hit in hits
    ]
    run.out.emit(
        rows,
        lambda _rows: Table(
            ("Page", "Heading", "Line", "Text"), [tuple(row.values()) for row in rows]
        ),
    )


@verb(command, "where", examples("desk handbook where", "desk handbook where restore"))
@click.argument("page", required=False)
def where(run: Run, page: str | None) -> None:
    """Say where the newsroom's own pages lie, or where one page comes from."""
    from desk.handbook.pages import FOLDER

    if page:
        found = _handbook(run).page(page)
        run.out.emit({"page": found.name, "path": str(found.path)}, lambda _view: str(found.path))
        return
    path = run.folder / FOLDER
    run.out.emit({"path": str(path), "exists": path.is_dir()}, lambda _view: str(path))
