"""`desk release`, at short notice: leave an item out, bring a release forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.telling import agreed, examples, finish, waits
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.cli.output import Block
    from desk.releases.short_notice import Changed

command = noun("release", "Plan, sign, hold and watch releases.")


@verb(command, "leave-out", examples("desk release leave-out r-7h2kq0vbmx i-4f0zk2m9qx"))
@click.argument("release")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option("--sign/--no-sign", default=True, show_default=True,
              help="Sign what is left, if you are a lead who may.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def leave_out(
    run: Run, release: str, items: tuple[str, ...], sign: bool, yes: bool, wait: float
) -> None:
    """Leave items out until 30 seconds before the instant, and sign the rest.

    The other signers have to sign what is left as well.
    """
    from desk.releases import short_notice
    from desk.releases.deadline import deadline

    room, me = open_room(run), actor(run)
    with room.reading(release) as view:
        for line in deadline(room, view, release).lines()[:2]:
            run.out.say(line)
    listed = ", ".join(items)
    agreed(run, phrase("Leave {items} out of {release}?", items=listed, release=release), yes)
    done = short_notice.leave_out(room, me, release, items, sign=sign)
    finish(run, room, release, done.act, wait, done.as_json(), lambda _: _changed(done))


def _changed(done: Changed) -> list[Block]:
    lines: list[Block] = list(done.deadline.lines())
    if done.signed is not None:
        lines.insert(0, phrase("You have signed manifest {digest}", digest=done.signed.manifest))
    if not done.deadline.ready:
        lines.append(phrase("The signers: desk release sign {release}", release=done.release))
    return lines


@verb(command, "now", examples("desk release now r-7h2kq0vbmx --note 'Công bố sớm'"))
@click.argument("release")
@click.option("--note", default="", help="Why, for the public; a confirmed release needs it.")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def now(run: Run, release: str, note: str, yes: bool, wait: float) -> None:
    """Set the instant twenty seconds ahead, confirm, and sign as yourself.

    The other signers have fifteen seconds: have them ready.
    """
    from desk.releases import short_notice

    room, me = open_room(run), actor(run)
    span = short_notice.AHEAD
    agreed(run, phrase("Release {release} in {count} seconds?", release=release, count=span), yes)
    done = short_notice.bring_forward(room, me, release, note=note)
    finish(run, room, release, done.act, wait, done.as_json(), lambda _: _changed(done))
