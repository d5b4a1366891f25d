"""Pages of the handbook: the newsroom's own, and behind them those that Desk ships.

A page is a Markdown file named after what it is about, `lost-portal.md`. The newsroom keeps its
own in `handbook/` beside calendar.yaml, either there or in a folder of a language
(`handbook/vi/`); a page of the same name takes the place of a shipped one. Text of a page is
data: whoever shows it makes it safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from desk.errors import NotFound
from desk.phrase import phrase
from desk.text import nfc, one_line

SHIPPED = Path(__file__).parent / "pages"
FOLDER = "handbook"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LARGEST = 512 * 1024  # bytes of one page
_HEADING = re.compile(r"^(#{1,3})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")

ORDER = (
    "working-schedule", "rules-of-information", "shared-documents", "guide-editor", "guide-lead",
    "guide-spokesperson", "duty-and-spares", "typo-before-release", "wrong-release", "attack",
    "impersonation", "account-takeover", "lost-portal", "leader-hangs", "lost-publisher",
    "log-alarm", "staff-missing", "restore",
)  # fmt: skip
"""The order of the shipped pages: the day's work, then the bad days. Others follow by name."""


@dataclass(frozen=True)
class Page:
    """One page in one language. `own` says that the newsroom wrote it."""

    name: str
    language: str
    own: bool
    path: Path
    text: str

    @cached_property
    def title(self) -> str:
        """Its first heading, or its name."""
        return next((text for _line, _depth, text in headings(self.text)), self.name)


@dataclass(frozen=True)
class Unreadable:
    """A file of the newsroom's folder that is no page, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Handbook:
    """The handbook of one newsroom, for readers of one language.

    `root` is the newsroom's folder; None shows the shipped pages alone. Files are read when they
    are asked for, so that a page saved a moment ago is the one that is shown.
    """

    root: Path | None
    language: str = "vi"

    def pages(self) -> tuple[Page, ...]:
        """Every page, the newsroom's before a shipped one of the same name, in reading order."""
        found = {page.name: page for page in self._shipped()}
        found |= {page.name: page for page in self._own() if isinstance(page, Page)}
        return tuple(sorted(found.values(), key=_place))

    def unreadable(self) -> tuple[Unreadable, ...]:
        """What lies in the newsroom's folder and cannot be shown."""
        return tuple(page for page in self._own() if isinstance(page, Unreadable))

    def page(self, name: str) -> Page:
        """One page by its name. Raises NotFound, which names the nearest pages."""
        wanted = name.strip().casefold().removesuffix(".md")
        pages = self.pages()
        for page in pages:
            if page.name == wanted:
                return page
        from difflib import get_close_matches

        near = get_close_matches(wanted, [page.name for page in pages], 3, 0.5)
        raise NotFound(
            "The handbook has no such page",
            one_line(name)[:80],
            phrase("Near: {names}", names=", ".join(near))
            if near
            else "All pages: desk handbook list",
        )

    def _shipped(self) -> Iterator[Page]:
        for path in sorted((SHIPPED / self._shipped_language).glob("*.md")):
            yield Page(path.stem, self._shipped_language, False, path, path.read_text("utf-8"))

    @property
    def _shipped_language(self) -> str:
        return self.language if (SHIPPED / self.language).is_dir() else "en"

    def _own(self) -> Iterator[Page | Unreadable]:
        """Pages for every language first, then those of this one, which win."""
        if self.root is None:
            return
        for folder in (self.root / FOLDER, self.root / FOLDER / self.language):
            for path in sorted(folder.glob("*.md")):
                yield _read(path, self.language)


def _read(path: Path, language: str) -> Page | Unreadable:
    if not NAME.fullmatch(path.stem):
        return Unreadable(path, "a page's name has small letters, digits and hyphens")
    try:
        if not path.is_file() or path.is_symlink():
            return Unreadable(path, "not a file of its own")
        if path.stat().st_size > LARGEST:
            return Unreadable(path, f"larger than {LARGEST // 1024} KB")
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return Unreadable(path, f"no UTF-8 at byte {error.start}")
    except OSError as error:
        return Unreadable(path, error.strerror or "unreadable")
    return Page(path.stem, language, True, path, nfc(text.removeprefix("\ufeff")))


def _place(page: Page) -> tuple[int, str]:
    known = page.name in ORDER
    return (ORDER.index(page.name) if known else len(ORDER), page.name)


def headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Line number (from 0), depth (1 to 3) and words of each heading outside code."""
    fenced = ""
    for number, line in enumerate(text.splitlines()):
        if mark := _FENCE.match(line):
            if not fenced:
                fenced = mark[1]
            elif mark[1] == fenced:
                fenced = ""
            continue
        if not fenced and (found := _HEADING.match(line)):
            yield number, len(found[1]), found[2]


def names(pages: Sequence[Page]) -> list[str]:
    """The pages' names in order."""
    return [page.name for page in pages]
