"""`desk alerts`: who is told about what, what stands now, and the process that tells it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import config, open_room
from desk.cli.output import Block, Table
from desk.cli.telling import examples
from desk.errors import DeskError, NotFound, Unavailable, UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import phrase
from desk.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.alerts.events import Event
    from desk.alerts.home import Home
    from desk.alerts.outbox import Delivery
    from desk.alerts.sending import Sender
    from desk.alerts.targets import Target

command = noun("alerts", "Tell people what waits and what goes wrong.")
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
_STATE = click.option(
    "--state", required=True, metavar="FOLDER", type=FOLDER,
    help="The alerts' own directory (0700): outbox and secrets.",
)  # fmt: skip
_STATUS = click.option(
    "--status", type=FILE, metavar="FILE",
    help="The publisher's status file; default: var/publisher.json of the newsroom.",
)  # fmt: skip
_CA = click.option(
    "--ca", type=FILE, metavar="FILE", help="Certificates that servers are checked by."
)


def _home(state: Path) -> Home:
    from desk.alerts.home import Home

    return Home(state.absolute())


def _status_file(run: Run, given: Path | None) -> Path:
    return given or run.folder / "var" / "publisher.json"


@verb(command, "run", examples("desk alerts run --state /var/lib/desk-alerts"))
@_STATE
@_STATUS
@_CA
def run_alerts(run: Run, state: Path, status: Path | None, ca: Path | None) -> None:
    """Run until SIGTERM: read the log and the publisher's status, tell what is new."""
    from desk.alerts import service
    from desk.newsroom.pins import PinFile

    home = _home(state)
    room = open_room(run, PinFile(home.path, run.folder))
    service.run(home, room, _status_file(run, status), ca=ca)


@verb(
    command,
    "credential",
    examples("desk alerts credential mail --state /var/lib/desk-alerts < password"),
)
@click.argument("name")
@_STATE
def credential(run: Run, name: str, state: Path) -> None:
    """Keep the mail server's password or a webhook's secret, read from standard input."""
    text = sys.stdin.read(5000)
    _home(state).keep_secret(person_id(name), text)
    run.out.emit({"credential": name, "state": str(state)},
                 lambda _view: phrase("Kept the credential {name}.", name=name))  # fmt: skip


@verb(command, "list", examples("desk alerts list", "desk alerts list --json"))
def list_alerts(run: Run) -> None:
    """List who is told about what, as calendar.yaml says."""
    from desk.alerts.targets import routes

    rows = [
        {
            "to": route.target.shown,
            "by": route.target.means,
            "when": sorted(route.kinds),
            "after_s": route.escalated,
        }
        for route in routes(config(run))
    ]
    run.out.emit(
        rows,
        lambda rows: Table(
            ["to", "means", "when", "after"],
            [[r["to"], word("means", str(r["by"])), r["when"],
              f"{r['after_s']} s" if r["after_s"] else ""] for r in rows],
        ),
    )  # fmt: skip


@verb(command, "pending", examples("desk alerts pending --state /var/lib/desk-alerts"))
@click.option("--state", metavar="FOLDER", type=FOLDER,
              help="The alerts' own directory, to see what was not delivered.")  # fmt: skip
@_STATUS
def pending(run: Run, state: Path | None, status: Path | None) -> None:
    """Show what needs somebody's attention now, and what could not be delivered."""
    from desk.alerts import bell, outbox
    from desk.alerts.events import Rules
    from desk.alerts.targets import targets
    from desk.clock import now

    found, room = config(run), open_room(run)
    events = bell.pending(room, _status_file(run, status), now(room.clock), Rules.of(found))
    shown = {name: target.shown for name, target in targets(found).items()}
    waiting = outbox.look(state / "outbox.db", "pending", "given-up") if state else []
    view = {
        "events": [event.as_json() for event in events],
        "deliveries": [_delivery(each, shown) for each in waiting],
    }
    run.out.emit(view, lambda view: _pending_blocks(run, events, view["deliveries"]))


def _delivery(delivery: Delivery, shown: dict[str, str]) -> dict[str, Any]:
    from datetime import UTC, datetime

    from desk.clock import written

    means, _address = delivery.target.split(" ", 1)
    gone = phrase("{means}, no longer in calendar.yaml", means=means)
    return {
        "kind": delivery.event.kind,
        "subject": delivery.event.subject,
        "to": shown.get(delivery.target, gone),
        "state": delivery.state,
        "tries": delivery.tries,
        "why": delivery.code,
        "made": written(datetime.fromtimestamp(delivery.made, UTC)),
        "next": written(datetime.fromtimestamp(delivery.due, UTC)),
    }


def _pending_blocks(
    run: Run, events: Iterable[Event], deliveries: list[dict[str, Any]]
) -> list[Block]:
    from desk.alerts.advice import advice
    from desk.alerts.bell import line
    from desk.alerts.events import base
    from desk.clock import SystemClock, now, written

    found, language, moment = list(events), run.language(), written(now(SystemClock()))
    told = [[event.time, word("alert", event.base), line(event, language)] for event in found]
    blocks: list[Block] = [Table(["time", "event", ""], told)]
    todo = dict.fromkeys(text for event in found if (text := advice(event, language, moment)))
    blocks += [f"→ {safe_text(text)}" for text in todo]
    if deliveries:
        rows = [
            [word("alert", base(d["kind"])), d["subject"], d["to"], word("delivery", d["state"]),
             d["tries"], d["why"], d["next"] if d["state"] == "pending" else ""]
            for d in deliveries
        ]  # fmt: skip
        heads = ["event", "about", "to", "state", "tries", "why", "tried again"]
        blocks.append(Table(heads, rows, title=_("Not delivered")))
    return blocks


@verb(command, "test", examples("desk alerts test --state /var/lib/desk-alerts"))
@_STATE
@click.option("--to", metavar="ADDRESS", help="Only this one of the targets in calendar.yaml.")
@_CA
def test(run: Run, state: Path, to: str | None, ca: Path | None) -> None:
    """Send a test to every target of calendar.yaml. Exit 5 when one cannot be reached."""
    from desk.alerts import service
    from desk.alerts.message import Voice
    from desk.alerts.targets import targets
    from desk.clock import SystemClock

    found = config(run)
    chosen = [
        target
        for target in targets(found).values()
        if to in (None, target.address, target.shown)
    ]  # fmt: skip
    if not chosen and to:
        raise NotFound("No such target", to, "See: desk alerts list")
    if not chosen:
        raise UsageError("Nobody is told anything", "", "Add alerts: to calendar.yaml")
    ways = service.senders(_home(state), SystemClock(), ca)(found)
    rows = asyncio.run(_try_all(run, chosen, Voice.of(found), ways))
    told = [
        [
            row["to"],
            word("means", row["by"]),
            _("sent") if row["result"] == "sent" else row["result"],
        ]
        for row in rows
    ]
    run.out.emit(rows, lambda _rows: Table(["to", "means", "result"], told))
    failed = [row["to"] for row in rows if row["result"] != "sent"]
    if failed:
        raise Unavailable("Not every target could be reached", ", ".join(failed),
                          "Look at mail:, the credentials and the addresses")  # fmt: skip


async def _try_all(run: Run, chosen: Iterable[Target], voice: Any, ways: dict[str, Sender]) -> Any:
    import os

    from desk.alerts.events import Event
    from desk.alerts.message import compose
    from desk.clock import SystemClock, now, written

    moment = written(now(SystemClock()))
    message = compose(voice, [Event("test", "test", moment, "test")], moment)
    rows = []
    for target in chosen:
        result = "sent"
        try:
            await ways[target.means].send(target, message, os.urandom(12).hex())
        except DeskError as error:
            result = error.message if error.code == "not_sent" else str(error)
        rows.append({"to": target.shown, "by": target.means, "result": result})
    return rows
