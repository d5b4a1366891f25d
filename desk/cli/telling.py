"""What several nouns tell alike: examples, questions, and whether a stop is in force yet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desk.cli.context import Run
from desk.cli.output import Human, is_terminal
from desk.errors import Refused, Unavailable, UsageError, because
from desk.locales import N_, _, told
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Room

F = TypeVar("F", bound=Callable[..., object])
LARGEST_TEXT = 2 * 1024 * 1024
YES, NO = frozenset({"y", "yes", "c", "co"}), frozenset({"n", "no", "k", "khong"})
"""Answers to a question, folded: Vietnamese says có and không."""


def examples(*lines: str) -> str:
    """The end of a verb's help: commands as one would type them."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def waits(function: F) -> F:
    """The option of verbs that stop or take something back."""
    return click.option(
        "--wait", type=click.FloatRange(0, 3600), default=3.0, show_default=True,
        metavar="SECONDS", help="How long to wait for the publisher's acknowledgement.",
    )(function)  # fmt: skip


def taken_back(function: F) -> F:
    """The options of both commands that take a public item back: why, how, how long to wait."""
    for option in (
        waits,
        click.option(
            "--mode", type=click.Choice(["withdraw", "takedown", "kill"]), default="withdraw",
            show_default=True,
            help="For good, for the time being (desk item restore), or never to be used.",
        ),
        click.option("--note", required=True, help="Why, for the public."),
    ):  # fmt: skip
        function = option(function)
    return function


def agreed(run: Run, question: str, yes: bool) -> None:
    """Go on only if the person agrees. Raises UsageError when nobody can be asked."""
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise UsageError("Nobody is there to ask", question, "Add --yes to agree beforehand")
    if not confirmed(told(question)):
        raise click.Abort


def confirmed(question: str, usual: bool = False) -> bool:
    """Ask for yes or no, in English or Vietnamese; Enter alone is `usual`. Raises click.Abort."""
    from desk.text import folded, nfc

    marks = _("[Y/n]") if usual else _("[y/N]")
    while True:
        typed = click.prompt(
            f"{question} {marks}", default="", show_default=False, err=True, prompt_suffix=": "
        )
        answer = folded(nfc(str(typed))).strip()
        if not answer:
            return usual
        if answer in YES or answer in NO:
            return answer in YES
        click.echo(_("Answer y for yes or n for no."), err=True)


def text_of(given: str | None, option: str) -> str:
    """A text: as given, or standard input for `-`, so that it need not stand in the arguments,
    which everybody on the machine can read.
    """
    if given != "-":
        return given or ""
    from desk.text import nfc

    raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
    if len(raw) > LARGEST_TEXT:
        raise UsageError(
            "That text is too long",
            phrase("{option}: over {most} bytes", option=option, most=LARGEST_TEXT),
        )
    try:
        return nfc(raw.decode("utf-8")).strip()
    except UnicodeDecodeError as error:
        raise UsageError(
            "Not UTF-8", phrase("{option}, byte {start}", option=option, start=error.start)
        ) from None


def reason_of(given: str | None, option: str = "--reason") -> str:
    """A reason: as given, from standard input (`-`), or asked for on the terminal."""
    if given is None and is_terminal(sys.stdin):
        return str(click.prompt(_("Reason"), err=True))
    if given is None:
        raise UsageError(
            "A reason is needed",
            "",
            phrase("Say it: {option} TEXT, or {option} - to read", option=option),
        )
    return text_of(given, option)


def time_left(run: Run, room: Room, *subjects: str) -> None:
    """Say how long these releases, or those that hold these items, can still be changed and
    signed, what is missing, and who can act."""
    from desk.releases.deadline import deadline, near_releases

    with room.reading(*subjects) as view:
        names = [s for s in subjects if s.startswith("r-")]
        for item in (s for s in subjects if s.startswith("i-")):
            names += near_releases(view, item)
    for name in dict.fromkeys(names):
        with room.reading(name) as view:
            for line in deadline(room, view, name).lines():
                run.out.say(line)


def finish(
    run: Run,
    room: Room,
    subject: str,
    act: str,
    wait: float,
    data: Mapping[str, Any],
    human: Human[Any],
    *,
    late: str = N_("Withdraw what is public: desk item withdraw ITEM --note TEXT"),
) -> None:
    """Wait for the publisher's word on an act that stops or takes back, and print the result.

    `act` is its digest, `late` what to do when it came too late. The data goes out in any case,
    with `confirmed` and `confirmation` (in-force, too-late, requested, or no-publisher when the
    roster names none). Raises Unavailable when no word came in `wait` seconds, Refused when it
    was too late.
    """
    with room.reading() as view:
        watched = bool(view.roster.publishers)
    outcome = room.acknowledged(subject, act, wait) if watched else "no-publisher"
    outcome = outcome or "requested"
    shown = {**data, "act": act, "confirmed": outcome == "in-force", "confirmation": outcome}
    run.out.emit(shown, human)
    if outcome == "in-force":
        run.out.say("In force: the publisher has acknowledged it.")
    elif outcome == "no-publisher":
        run.out.say("The roster names no publisher yet, so nobody has to acknowledge it.")
    elif outcome == "too-late":
        raise Refused(
            "Too late: it was going out already",
            [because("too-late", "{subject} was past its last stop", subject=subject)],
            late,
        )
    else:
        raise Unavailable(
            "Requested, not confirmed",
            phrase(
                "no word from the publisher in {wait:g} s; it counts once the publisher has "
                "read it",
                wait=wait,
            ),
            "Look whether it runs (desk publisher status), then repeat the command",
        )
