"""`desk item`, at short notice: quick fixes, urgent items, and what is put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.item_text import fields_given
from desk.cli.opened import actor, config, open_room
from desk.cli.output import Block, Fields
from desk.cli.telling import examples, finish, time_left, waits
from desk.errors import Conflict, UsageError
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.items.quick_fix import QuickFix
    from desk.releases.urgent import Urgent

command = noun("item", "Write, submit, approve and return items.")
_FILE = click.option("--file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
                     metavar="FILE", help="The text as it shall be; - reads it.")  # fmt: skip
_SET = click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE",
                    help="One field; =@FILE and =- read its value.")  # fmt: skip


@verb(
    command,
    "quick-fix",
    examples(
        "desk item quick-fix i-4f0zk2m9qx --set body=@ban-sua.md",
        "desk item quick-fix i-4f0zk2m9qx --file cong-bo.md --json",
    ),
)
@click.argument("item")
@_FILE
@_SET
def quick_fix(run: Run, item: str, file: Path | None, sets: tuple[str, ...]) -> None:
    """Mend a slip in an approved text: at most 40 characters, no figures, names or numbers.

    One approval of the chain's last step follows, then the release is signed anew.
    """
    from desk.items import quick_fix as fixing
    from desk.items import revisions

    room, me = open_room(run), actor(run)
    _, changes = fields_given(run, file, sets)
    with room.reading(item) as view:
        document = revisions.load(view, me, item)
    # A whole file may be given: only what differs from the approved text is a change.
    changes = {name: value for name, value in changes.items() if document.get(name) != value}
    done = fixing.mend(room, me, item, changes)
    run.out.emit(done, _mended)
    for line in done.diff:
        run.out.say(line)
    time_left(run, room, *done.releases)
    for release in done.releases:
        run.out.say(
            phrase("When it is approved: desk release sign {release} --anew", release=release)
        )


def _mended(done: QuickFix) -> str:
    return phrase(
        "{item} rev {number}: a quick fix. It needs {step} by one of {names}: "
        "desk item approve {item}",
        item=done.item,
        number=done.number,
        step=word("step", done.step),
        names=", ".join(done.who),
    )


@verb(
    command,
    "urgent",
    examples(
        "desk item urgent --agency thong-ke --language vi --file tin-khan.md --now",
        "desk item urgent --agency thong-ke --language vi --file - --at '2026-11-20 15:00' --json",
    ),
)
@click.option("--agency", required=True, help="The agency that it speaks for.")
@click.option("--language", required=True, metavar="CODE",
              help="The language it is written in.")  # fmt: skip
@click.option("--kind", default="", help="An urgent kind; default: the only one.")
@click.option("--code", default="", help="A code name that stands for the sealed headline.")
@click.option("--channel", "channels", multiple=True, metavar="ID",
              help="Default: every channel of that language.")  # fmt: skip
@click.option("--now", "at_once", is_flag=True, help="As soon as it is approved and signed.")
@click.option("--at", metavar="TIME", help="Wall time '2026-11-20 15:00', or an instant in Z.")
@click.option("--anyway", is_flag=True, help="Although it conflicts.")
@_FILE
@_SET
def urgent(run: Run, agency: str, language: str, kind: str, code: str, channels: tuple[str, ...],
           at_once: bool, at: str | None, anyway: bool, file: Path | None,
           sets: tuple[str, ...]) -> None:  # fmt: skip
    """Write, submit, plan and confirm an urgent item in one go, and say what is still needed.

    With --now it is planned five minutes ahead; a lead who has what is needed brings it forward:
    desk release now.
    """
    from desk.cli.release import free
    from desk.releases import urgent as urgently
    from desk.releases.placing import read_moment

    if at_once == (at is not None):
        raise UsageError("When?", "either --now or --at TIME")
    header, changes = fields_given(run, file, sets)
    room, me = open_room(run), actor(run)
    with room.reading() as view:
        chosen = urgently.kind_of(view, kind or header.get("kind", ""))
        where = list(channels) or urgently.channels_of(view, language)
        zone = str(view.policy.document["zone"])
    moment = read_moment(at, zone) if at else urgently.soon(room, zone)
    free(run, room, moment, where, [], anyway, config=config(run), kinds=[chosen])
    done = urgently.urgent(
        room, me, moment, kind=chosen, agency=agency, language=language, channels=where,
        code=code or header.get("code", ""), changes=changes,
    )  # fmt: skip
    run.out.emit(done, _urgent)


def _urgent(done: Urgent) -> list[Block]:
    lines: list[Block] = [
        phrase("{item} in {release}", item=done.item, release=done.release),
        *done.deadline.lines(),
    ]
    if not done.confirmed:
        text = "A lead confirms and signs at once with: desk release now {release}"
        lines.append(phrase(text, release=done.release))
    return lines


@verb(command, "restore", examples("desk item restore i-4f0zk2m9qx"))
@click.argument("item")
@waits
def restore(run: Run, item: str, wait: float) -> None:
    """Put back what was taken down for the time being, as one of two people."""
    from desk.releases.withdraw import restore as put_back

    room = open_room(run)
    done = put_back(room, actor(run), item)
    if done.already:
        run.out.say("It is put back already." if done.done else "You have signed it already.")
    if not done.done or not done.act:
        run.out.emit(done, lambda _: _waiting(done.as_json()))
        return
    finish(
        run, room, item, done.act, wait, done.as_json(),
        lambda _: Fields([("item", item), ("revision", done.number), ("by", done.by)]),
    )  # fmt: skip


def _waiting(view: dict[str, Any]) -> str:
    if view["done"]:
        return phrase("{item} is public again.", item=view["item"])
    return phrase(
        "{item} stays down until another signs: {names}",
        item=view["item"],
        names=", ".join(view["who"]),
    )


def approve_both(run: Run, item: str, step: str, expect: str, warnings: str = "") -> None:
    """`desk item approve --pair`: every language version of a message, or none."""
    from desk.approvals import decide
    from desk.items import revisions

    room, me = open_room(run), actor(run)
    wanted = expect.lower()
    if wanted:
        with room.reading(item) as view:
            if not revisions.find(view, item)[1].digest.startswith(wanted):
                raise Conflict(
                    "A newer revision came in between",
                    item,
                    phrase("Read it first: desk queue show {item}", item=item),
                )
    done = decide.approve_pair(room, me, item, step=step, digests={item: wanted}, warnings=warnings)
    run.out.emit(
        {"items": [one.as_json() for one in done]},
        lambda _: [
            phrase(
                "{item} rev {number}: {step} approved",
                item=one.item,
                number=one.number,
                step=word("step", one.step),
            )
            for one in done
        ],
    )
    time_left(run, room, *(one.item for one in done))
