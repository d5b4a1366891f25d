"""`clock` of portal and publisher: a time that was written down, and the word that it was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desk.cli.context import Run
from desk.cli.output import Fields
from desk.cli.telling import agreed
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.kept_time import KeptTime

F = TypeVar("F", bound=Callable[..., object])


def believed(function: F) -> F:
    """The options of both commands."""
    agree = click.option("--yes", is_flag=True, help="Agree beforehand.")
    word = click.option(
        "--believe", is_flag=True,
        help="The clock is right now: forget the later time; then start it again.",
    )  # fmt: skip
    return word(agree(function))


def tell(
    run: Run, look: Callable[[], KeptTime], forget: Callable[[str], None], believe: bool, yes: bool
) -> None:
    """Show a kept time beside the clock; with `believe`, `forget` what was shown, once agreed."""
    view = look()
    done = believe and view.behind > 0
    if done:
        agreed(run, phrase("Is {now} right, by another clock too?", now=view.now), yes)
        forget(view.kept)
        view = look()
        run.out.say("Start it again: then it believes its clock.")
    elif believe:
        run.out.say("The clock is behind nothing: there is nothing to forget.")
    elif view.behind:
        run.out.warn("Nothing opens before that time. If the clock is right now: --believe")
    run.out.emit({**view.__dict__, "believed": done}, _fields)


def _fields(view: dict[str, Any]) -> Fields:
    behind = phrase("{seconds} s", seconds=view["behind"]) if view["behind"] else phrase("no")
    rows: list[tuple[str, object]] = [
        ("clock", view["now"]), ("written down", view["kept"] or "-"), ("behind", behind),
    ]  # fmt: skip
    return Fields(rows)
