"""`desk item`, the deciding half: approve, return, read the reason, look back, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.item_short import approve_both
from desk.cli.opened import actor, open_room
from desk.cli.output import Table
from desk.cli.telling import (
    examples,
    finish,
    reason_of,
    taken_back,
    text_of,
    time_left,
    waits,
)
from desk.errors import Conflict
from desk.locales import N_
from desk.locales.words import word, words
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.approvals.decide import Decision
    from desk.trust.state import RevisionState

command = noun("item", "Write, submit, approve and return items.")


@verb(
    command,
    "approve",
    examples(
        "desk item approve i-4f0zk2m9qx --step review --expect 3f9a01c2", "desk queue show i-…"
    ),
)
@click.argument("item")
@click.option("--step", default="", help="The step of the chain; default: the open one.")
@click.option(
    "--expect",
    default="",
    metavar="DIGEST",
    help="Only if the newest revision still has this digest (its beginning will do).",
)
@click.option("--pair", is_flag=True, help="Every language version with it, all or none.")
@click.option("--warnings", default="", metavar="TEXT",
              help="Why warnings stay that no author has answered; - reads it.")  # fmt: skip
def approve(run: Run, item: str, step: str, expect: str, pair: bool, warnings: str) -> None:
    """Approve the newest revision at a step of its chain. Of a quick fix, shows the difference."""
    from desk.approvals import decide
    from desk.items import quick_fix, revisions

    if pair:
        approve_both(run, item, step, expect, text_of(warnings, "--warnings"))
        return
    room, me = open_room(run), actor(run)
    for line in quick_fix.difference(room, me, item, expect.lower()):
        run.out.say(line)
    if expect:
        with room.reading(item) as view:
            if not revisions.find(view, item)[1].digest.startswith(expect.lower()):
                raise Conflict(
                    "A newer revision came in between",
                    item,
                    phrase("Read it first: desk queue show {item}", item=item),
                )
    why = text_of(warnings, "--warnings")
    done = decide.approve(room, me, item, step=step, digest=expect.lower(), warnings=why)
    run.out.emit(done, _approved)
    time_left(run, room, item)


def _approved(view: Decision) -> str:
    template = (
        N_("{item} rev {number}: {step} approved already; {then}")
        if view.already
        else N_("{item} rev {number}: {step} approved; {then}")
    )
    then = (
        phrase("next: {steps}", steps=words("step", view.open_steps))
        if view.open_steps
        else phrase("every step is done")
    )
    step = word("step", view.step)
    return phrase(template, item=view.item, number=view.number, step=step, then=then)


@verb(command, "return", examples("desk item return i-4f0zk2m9qx --reason - < reason.txt"))
@click.argument("item")
@click.option("--reason", metavar="TEXT", help="What to mend, sealed for its authors; - reads it.")
@waits
def give_back(run: Run, item: str, reason: str | None, wait: float) -> None:
    """Send the newest revision back to its authors."""
    from desk.approvals import decide
    from desk.items import revisions

    room = open_room(run)
    with room.reading(item) as view:
        _, current = revisions.find(view, item)
    data = {"item": item, "number": current.number, "already": current.returned is not None}
    if current.returned is not None:
        run.out.say(phrase("{person} has returned it already.", person=current.returned.person))
        digest = current.returned.digest
    else:
        text = reason_of(reason)
        digest = decide.give_back(room, actor(run), item, text, digest=current.digest).digest
    said = phrase("{item} rev {number}: returned", item=item, number=current.number)
    finish(run, room, item, digest, wait, data, lambda _: said)


@verb(command, "reason", examples("desk item reason i-4f0zk2m9qx"))
@click.argument("item")
def reason(run: Run, item: str) -> None:
    """Read why the newest revision was returned."""
    from desk.approvals import decide

    text = decide.reason_of(open_room(run), actor(run), item)
    run.out.emit({"item": item, "reason": text}, lambda _: text or phrase("It was not returned."))


@verb(command, "history", examples("desk item history i-4f0zk2m9qx --json"))
@click.argument("item")
def history(run: Run, item: str) -> None:
    """Show who submitted, approved, returned and withdrew what, from the signed acts."""
    from desk.items import revisions
    from desk.store.projections import revision_state

    with open_room(run).reading(item) as view:
        state, _ = revisions.find(view, item)
        rows: list[dict[str, object]] = []
        for found in state.revisions.values():
            now = revision_state(view.record, state, found)
            rows.append(_event(found, "submitted", found.author, found.time, now))
            rows += [_event(found, f"approved {a.step}", a.person, a.time) for a in found.approvals]
            if found.returned:
                rows.append(_event(found, "returned", found.returned.person, found.returned.time))
            if found.withdrawn:
                rows.append(_event(found, found.withdrawn, "", ""))
    names = ["number", "what", "person", "time", "state"]
    run.out.emit(rows, lambda _: Table(names, [
        [row["number"], _happened(str(row["what"])), row["person"], row["time"],
         word("item", str(row["state"]))] for row in rows]))  # fmt: skip


def _happened(what: str) -> str:
    """What befell a revision, as the reader calls it: `approved review` names its step."""
    done, _, step = what.partition(" ")
    return f"{word('event', done)} {word('step', step)}".rstrip()


def _event(
    revision: RevisionState, what: str, person: str, time: str, state: str = ""
) -> dict[str, object]:
    return {"number": revision.number, "digest": revision.digest, "what": what, "person": person,
            "time": time, "state": state}  # fmt: skip


@verb(command, "withdraw", examples("desk item withdraw i-4f0zk2m9qx --note 'Đang rà soát'"))
@click.argument("item")
@taken_back
def withdraw(run: Run, item: str, note: str, mode: str, wait: float) -> None:  # fmt: skip
    """Take a public item back, on every channel."""
    from desk.cli.release_signoff import withdraw_item

    withdraw_item(run, item, note, mode, wait)
