"""`desk terms lsp` and `desk terms edit`: the checker while somebody types."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from desk.cli.context import Run, verb
from desk.cli.telling import examples
from desk.cli.terms import DATED, FILE, LANGUAGE, TERMS, command, day, termbase
from desk.errors import UsageError

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
    keeping a finding with a reason.
    """
    if sys.stdin.isatty():
        raise UsageError(
            "An editor starts this command", "standard input is a terminal",
            "To read your own text: desk terms edit FILE; for editors see docs/terms.md",
        )  # fmt: skip
    from desk import __version__
    from desk.terms.lsp import Settings, build

    who = author or run.key or run.settings.person or "editor"
    settings = Settings(termbase(run, own), who, ignores.absolute(), day(dated), language)
    # Streams of its own: the server closes what it writes to, and nothing else may write there.
    with os.fdopen(os.dup(0), "rb") as given, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        build(settings, __version__).start_io(given, answers)
