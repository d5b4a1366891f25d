"""`desk terms lsp` and `desk terms edit`: the checker while somebody types."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, verb
from desk.cli.telling import examples
from desk.cli.terms import DATED, FILE, LANGUAGE, MARKUP, TERMS, command, day, termbase
from desk.errors import DeskError, UsageError

if TYPE_CHECKING:
    from desk.terms.markup import Markup

IGNORES = click.option(
    "--ignores", type=FILE, default=Path("terms-ignores.yaml"), show_default=True,
    metavar="FILE", help="Where ignores are kept.",
)  # fmt: skip


@verb(
    command,
    "lsp",
    examples(
        "desk terms lsp                              what an editor starts",
        "desk terms lsp --language vi --terms house.yaml",
    ),
)
@LANGUAGE
@TERMS
@DATED
@IGNORES
@click.option("--author", help="Who decides to keep a finding; --key or the settings else.")
def serve(run: Run, language: str | None, own: tuple[Path, ...], dated: str | None,
          ignores: Path, author: str | None) -> None:  # fmt: skip
    """Serve editors by the Language Server Protocol, over standard input and output.

    Findings while you type, the source when you point at one, quick fixes, all safe fixes, and
    keeping a finding with a reason. Ends with 0 after shutdown and exit, else with 1.
    """
    if sys.stdin.isatty():
        raise UsageError(
            "An editor starts this command", "standard input is a terminal",
            "To read your own text: desk terms edit FILE; for editors see docs/terms.md",
        )  # fmt: skip
    from desk import __version__, garbage
    from desk.terms.lsp import Settings, build

    who = author or run.key or run.settings.person or "editor"
    settings = Settings(termbase(run, own), who, ignores.absolute(), day(dated), language)
    garbage.staying()
    # Streams of its own: the server closes what it writes to, and nothing else may write there.
    with os.fdopen(os.dup(0), "rb") as given, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        ended = build(settings, __version__).serve(given, answers)
    if not ended:
        raise DeskError(
            "The editor left without asking for the shutdown", "exit came before shutdown, or "
            "the input ended",
        )  # fmt: skip


@verb(
    command,
    "edit",
    examples("desk terms edit article.md", "desk terms edit notes.txt --language en"),
)
@click.argument("path", metavar="FILE")
@LANGUAGE
@MARKUP
@TERMS
@DATED
@IGNORES
@click.option("--author", help="Who decides to keep a finding; --key or the settings else.")
def edit(run: Run, path: str, language: str | None, markup: Markup | None, own: tuple[Path, ...],
         dated: str | None, ignores: Path, author: str | None) -> None:  # fmt: skip
    """Edit a text with its findings underlined while you type; save it whole or not at all.

    Lines that you leave alone keep every byte, newlines and composition as they were.
    """
    from desk.cli.app import require_terminal
    from desk.terms.edited import EditedText
    from desk.terms.files import language_of, read_file, write_file
    from desk.terms.ignores import Ignore
    from desk.terms.kept import read_ignores, text_of
    from desk.terms.live import Live
    from desk.terms.overlay import put

    file = read_file(path)
    if file.problem:
        where = f"{path}:{file.problem.line}:{file.problem.column}"
        raise UsageError(file.problem.what, where, file.problem.hint)
    require_terminal(run)
    known = list(read_ignores(ignores)) if ignores.exists() else []

    def keep(one: Ignore) -> None:
        before = read_ignores(ignores) if ignores.exists() else ()
        put(ignores, text_of(dict.fromkeys([*before, one])))

    from desk.locales import set_language
    from screens.terms_edit import Editing
    from screens.terms_edit import edit as show

    set_language(run.language())
    live = Live(termbase(run, own), language=language or language_of(file.text, path),
                markup=markup or file.markup, dated=day(dated))  # fmt: skip
    who = author or run.key or run.settings.person or "editor"
    editing = Editing(path, EditedText(file.text), live, who,
                      lambda text: write_file(path, text), keep, known)  # fmt: skip
    show(editing, run.settings.theme)
