"""`desk backup` after a restore: what portals know, what is supplied, how publishing resumes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples
from desk.errors import NotFound, Reason, Refused, Unavailable, UsageError
from desk.kept_phrase import revived
from desk.locales import _, told
from desk.phrase import joined, phrase

command = noun("backup", "Save the newsroom, restore it, resume after a restore.")
FILE = click.Path(path_type=Path, dir_okay=False)
SILENT = 15
"""Seconds without a new status after which a publisher counts as gone."""
_STATUS = click.option("--status", "status_file", type=FILE, metavar="FILE",
                       help="The status file that the publisher writes.")  # fmt: skip


def _report(run: Run, status_file: Path | None) -> dict[str, Any]:
    """What the publisher says of the quarantine; {} when nothing was restored here.

    Raises Unavailable when it has not said anything lately.
    """
    from desk.backup.resume import age_seconds
    from desk.clock import SystemClock

    path = status_file or run.folder / "var" / "publisher.json"
    if age_seconds(path, SystemClock()) > SILENT:
        raise Unavailable("The publisher does not run", phrase("nothing new in {path}", path=path),
                          "Start it: desk publisher run --state FOLDER")  # fmt: skip
    try:
        said = revived(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise Unavailable("Cannot read the status", f"{path}: {type(error).__name__}") from None
    found = said.get("quarantine") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def _findings(report: dict[str, Any]) -> list[Block]:
    state = (
        phrase("in quarantine")
        if report["active"]
        else phrase("resumed at entry {seq}", seq=report["resumed"])
    )
    blocks: list[Block] = [Fields([("restored from", report["taken"]), ("state", state)])]
    rows = [
        ["✖ " + _("bars resume") if one["blocking"] else "! " + _("lost"),
         one["channel"], told(one["text"])]
        for one in report["findings"]
    ]  # fmt: skip
    if rows:
        blocks.append(Table(["", "channel", "what it knows"], rows))
    if report["sign_again"]:
        names = ", ".join(report["sign_again"])
        blocks.append(phrase("To be recalled and signed again: {names}", names=names))
    return blocks


@verb(command, "show", examples("desk backup show", "desk backup show --json"))
@_STATUS
def show(run: Run, status_file: Path | None) -> None:
    """Show what the portals know that the restored log does not, and what bars a resume."""
    report = _report(run, status_file)
    if not report:
        raise NotFound("Nothing was restored here", "this newsroom is in no quarantine")
    run.out.emit(report, _findings)
    if report["active"] and not any(one["blocking"] for one in report["findings"]):
        run.out.say("Nothing bars a resume. Administrators sign it: desk backup resume --out FILE")


@verb(
    command,
    "supply",
    examples("desk backup supply roster-7.json", "desk backup supply export.jsonl --json"),
)
@click.argument("file", type=FILE)
@_STATUS
def supply(run: Run, file: Path, status_file: Path | None) -> None:
    """Give a log in quarantine acts that it has lost: a proposal, or an export of the log.

    Each is verified; what does not follow here is passed over.
    """
    from desk.backup import resume

    _require_quarantine(run, status_file, without_publisher=True)
    acts = resume.supply(open_room(run), file)
    data = {"file": str(file), "acts": [{"kind": a.kind.name, "subject": a.subject,
                                         "digest": a.digest} for a in acts]}  # fmt: skip
    run.out.emit(data, lambda _: phrase("Took in {count} acts.", count=len(acts)))


def _require_quarantine(
    run: Run, status_file: Path | None, *, without_publisher: bool = False
) -> dict[str, Any]:
    """The publisher's report of a quarantine, {} while none can run yet. Raises Refused."""
    from desk.publisher.marker import read_marker

    try:
        report = _report(run, status_file)
    except Unavailable:
        if without_publisher and read_marker(run.folder / "var") is not None:
            return {}
        raise
    if not report or not report["active"]:
        why = Reason("quarantine", "acts that were lost come back only before resume")
        raise Refused("This newsroom is in no quarantine", [why])
    return report


@verb(
    command,
    "resume",
    examples(
        "desk backup resume --key admin-1",
        "desk backup resume --key admin-1 --out resume.json",
        "desk backup resume --key admin-2 --from resume.json",
    ),
)
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@click.option("--out", type=FILE, metavar="FILE",
              help="Where it goes while signatures are missing.")  # fmt: skip
@click.option("--from", "source", type=FILE, metavar="FILE", help="Sign what another has begun.")
@click.option("--wait", type=click.FloatRange(0, 3600), default=10.0, show_default=True,
              metavar="SECONDS", help="How long to wait for the publisher.")  # fmt: skip
@_STATUS
def resume_publishing(
    run: Run, yes: bool, out: Path | None, source: Path | None, wait: float,
    status_file: Path | None,
) -> None:  # fmt: skip
    """Accept the head of a restored log, signed by the administrators; the roster is renewed.

    Refused while a channel could not be asked, or has a newer roster or policy than this log: a
    key that was revoked after the backup must not act again. Releases signed before the restore
    have to be recalled and signed again, since nobody knows whether they were held.
    """
    from desk.backup import resume

    report = _report(run, status_file)
    if report and not report["active"]:
        run.out.say("It was resumed already.")
        run.out.emit({"already": True, "resumed": report["resumed"]})
        return
    report = _require_quarantine(run, status_file)
    bars = resume.blocking(report)
    if bars:
        raise Refused("Not while the portals know better", bars,
                      "Supply what is lost: desk backup supply FILE")  # fmt: skip
    room, since = open_room(run), int(report["since"])
    with room.reading() as view:
        asked = (resume.read_file(view, source) if source
                 else resume.propose(view, room.instant(), since))  # fmt: skip
    if not report["findings"]:
        run.out.say("The portals know nothing that this log has lost.")
    else:
        run.out.say("What the portals know and this log has lost for good:")
    for one in report["findings"]:
        run.out.say(joined("", ["  ", one["text"]]))
    run.out.say(
        phrase(
            "You accept entry {seq}, head {head}",
            seq=asked.act.fields["seq"],
            head=asked.act.fields["head"],
        )
    )
    agreed(run, "Resume publishing from there?", yes)
    with room.reading() as view:
        asked = resume.countersign(view, asked, actor(run), since)
    if not asked.complete:
        to = source or out
        if to is None:
            raise UsageError(
                "More signatures are needed",
                phrase(
                    "{signed} of {needed} administrators",
                    signed=asked.signed,
                    needed=asked.needed,
                ),
                "Write the proposal to a file and hand it on: --out FILE",
            )
        resume.write_file(to, asked, replace=source is not None)
        run.out.say(phrase("Next, another administrator: desk backup resume --from {to}", to=to))
        run.out.emit({"proposal": str(to), "signed": asked.signed, "needed": asked.needed})
        return
    act = resume.enact(room, asked)
    _wait_for_the_end(run, status_file, wait)
    run.out.emit(
        {"already": False, "act": act.digest, "seq": act.fields["seq"]},
        lambda _: phrase("Resumed. Leads recall and sign again what had not gone out."),
    )


def _wait_for_the_end(run: Run, status_file: Path | None, seconds: float) -> None:
    """Until the publisher has left the quarantine. Raises Unavailable: signed, not in force."""
    import time

    deadline = time.monotonic() + seconds
    while (report := _report(run, status_file)).get("active"):
        if time.monotonic() >= deadline:
            text = joined("; ", (one["text"] for one in report["findings"] if one["blocking"]))
            raise Unavailable("Signed, but the publisher has not resumed", text,
                              "Look: desk backup show")  # fmt: skip
        time.sleep(0.1)
