"""`desk newsroom`: the rules. Check calendar.yaml, found the newsroom, adopt, show, rebuild."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import actor, config, open_room, open_store
from desk.cli.output import Fields
from desk.cli.telling import agreed, examples, finish, waits
from desk.errors import ConfigError, UsageError
from desk.locales import _, told
from desk.phrase import as_phrase, joined, phrase

if TYPE_CHECKING:
    from desk.errors import Problem
    from desk.newsroom.load import CheckReport

command = noun("newsroom", "Check, make and adopt the newsroom's rules.")
FILE = click.Path(path_type=Path, dir_okay=False)


@verb(command, "check", examples("desk newsroom check", "desk newsroom check --roster --json"))
@click.option("--roster", is_flag=True, help="Also whether the roster's people fill every chain.")
def check(run: Run, roster: bool) -> None:
    """Check calendar.yaml: every mistake with its line, column and hint."""
    from desk.newsroom.load import check as check_file

    people = None
    if roster:
        with open_room(run).reading() as view:
            people = view.roster.document
    report = check_file(run.calendar, people)
    run.out.emit(report, _report)
    if not report.ok:
        count = len(report.problems)
        raise UsageError(phrase("{file} has mistakes: {count}", file="calendar.yaml", count=count))


def _report(report: CheckReport) -> str:
    lines = []
    for one in report.problems:
        lines += _placed(one, told(one.what))
    for one in report.warnings:
        lines += _placed(one, told(phrase("warning: {what}", what=as_phrase(one.what))))
    return "\n".join([*lines, _("calendar.yaml can be used.")] if report.ok else lines)


def _placed(one: Problem, what: str) -> list[str]:
    """A finding in the form that editors find their way by, and its hint below."""
    said = [f"calendar.yaml:{one.line}:{one.column}: {what}"]
    return [*said, f"    → {told(one.hint)}"] if one.hint else said


@verb(
    command,
    "init",
    examples(
        "desk newsroom init --admin quan-tri --recovery-out /media/usb/recovery.seed",
        "desk newsroom init --admin qt-1 --root-key qt-2=SIGN:READ --threshold 2 \\",
        "    --recovery HEX --out first-roster.json",
        "desk newsroom init --from first-roster.json",
    ),
)
@click.option("--admin", metavar="ID", help="The administrator at this desk; the same as --key.")
@click.option(
    "--threshold",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many administrators sign a roster or a policy.",
)
@click.option(
    "--root-key",
    "root_keys",
    multiple=True,
    metavar="ID=SIGN:READ",
    help="Another administrator's public keys (desk key show).",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="ID=NAME",
    help="The display name of an administrator.",
)
@click.option("--recovery", metavar="HEX", help="The reading key of the recovery key, kept away.")
@click.option(
    "--recovery-out",
    type=FILE,
    metavar="FILE",
    help="Make a recovery key and write its seed there (0600). Keep it away from here.",
)
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Where the first roster goes while signatures are missing.",
)
@click.option("--from", "source", type=FILE, metavar="FILE",
              help="Found the newsroom with a first roster that all have signed.")  # fmt: skip
def init(
    run: Run,
    admin: str | None,
    threshold: int,
    root_keys: tuple[str, ...],
    names: tuple[str, ...],
    recovery: str | None,
    recovery_out: Path | None,
    out: Path | None,
    source: Path | None,
) -> None:
    """Found the newsroom: its root, its first roster, its database.

    With several administrators the first roster goes round as a file: each runs
    desk roster sign FILE, then one of them founds the newsroom with --from FILE.
    """
    from desk.cli import founding

    if source is not None:
        founding.from_file(run, source)
        return
    run.key = person_id(admin or run.person)
    asked = founding.Asked(threshold, root_keys, names, recovery, recovery_out, out)
    founding.found(run, asked)


@verb(
    command,
    "adopt",
    examples(
        "desk newsroom adopt",
        "desk newsroom adopt --yes --json",
        "desk newsroom adopt --out policy.json       (then: desk roster sign policy.json)",
        "desk newsroom adopt --from policy.json",
    ),
)
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@click.option("--out", type=FILE, metavar="FILE",
              help="Where it goes while signatures are missing.")  # fmt: skip
@click.option("--from", "source", type=FILE, metavar="FILE", help="A proposal that all signed.")
@waits
def adopt(run: Run, yes: bool, out: Path | None, source: Path | None, wait: float) -> None:
    """Put the rules of calendar.yaml into force, signed by the administrators.

    Shows what changes before asking. Running releases keep what they were signed under, unless
    it concerns them.
    """
    from desk.cli import proposals
    from desk.newsroom import administer
    from desk.newsroom.policy import not_adoptable, policy_document

    room = open_room(run)
    if source is not None:
        from desk.cli.roster import enact_file

        enact_file(run, room, source, "policy", wait)
        return
    found = config(run)
    problems = not_adoptable(found)
    if problems:
        refused = ConfigError(str(run.calendar), problems)
        refused.hint = problems[0].hint
        raise refused
    document = policy_document(found)
    with room.reading() as view:
        before = view.record.policy
        envelope = administer.propose_policy(view, document, room.instant())
        lines = proposals.changes(view, administer.state_of(view, envelope).act)
        people = view.roster.document["people"]
    if before is not None and not lines:
        run.out.say("Adopted already: calendar.yaml and the policy in force say the same.")
        data = {"version": before.version, "changes": [], "already": True}
        finish(run, room, "policy", before.digest, wait, data, _adopted)
        return
    proposals.tell_changes(run, lines)
    from desk.cli.roster import warn_gaps

    warn_gaps(run, people)
    agreed(run, "Adopt this?", yes)
    with room.reading() as view:
        proposal = administer.countersign(view, envelope, actor(run))
    if not proposal.complete:
        proposals.hand_on(run, proposal.act.envelope, proposal.signed, proposal.needed, out)
        run.out.emit({"proposal": str(out), "signed": proposal.signed, "needed": proposal.needed,
                      "changes": proposals.in_english(lines)})  # fmt: skip
        return
    act = administer.enact(room, proposal.act.envelope)
    data = {
        "version": act.fields["version"],
        "changes": proposals.in_english(lines),
        "already": False,
    }
    finish(run, room, "policy", act.digest, wait, data, _adopted)


def _adopted(view: dict[str, Any]) -> str:
    return phrase("Policy v{version} is in force.", version=view["version"])


@verb(command, "show", examples("desk newsroom show", "desk newsroom show --json"))
def show(run: Run) -> None:
    """Show the root to read aloud, what is in force, and whether calendar.yaml differs."""
    from desk.errors import DeskError
    from desk.newsroom.policy import policy_diff, policy_document
    from desk.store import log
    from desk.trust.keys import fingerprint

    room = open_room(run)
    with room.reading() as view:
        roster, policy, head = view.roster, view.record.policy, log.head(view.connection)
    try:
        differs = policy_diff(policy.document if policy else None, policy_document(config(run)))
    except DeskError as error:
        differs = [joined("", ("! ", error.title))]
    data = {
        "newsroom": roster.document["newsroom"],
        "uid": roster.newsroom,
        "fingerprint": roster.fingerprint,
        "spoken": fingerprint(roster.fingerprint),
        "administrators": sorted(roster.root_keys),
        "threshold": roster.root_threshold,
        "roster": {"version": roster.version, "digest": roster.digest},
        "policy": {"version": policy.version, "digest": policy.digest} if policy else None,
        "differs": list(map(str, differs)),
        "head": {"seq": head.seq, "hash": head.hash},
        "database": str(room.store.engine.url.render_as_string(hide_password=True)),
    }
    run.out.emit(data, lambda view: _shown(view, differs))


def _shown(data: dict[str, Any], differs: list[str]) -> Fields:
    policy, head = data["policy"], data["head"]
    names = ", ".join(data["administrators"])
    waits = phrase("differs; it takes effect with desk newsroom adopt")
    return Fields([
        (_("newsroom"), data["newsroom"]),
        (_("root"), data["spoken"]),
        (_("administrators"),
         phrase("{names} ({count} sign)", names=names, count=data["threshold"])),
        (_("roster"), f"v{data['roster']['version']}"),
        (_("policy"), f"v{policy['version']}" if policy else phrase("none adopted")),
        ("calendar.yaml", joined("\n", (waits, *differs)) if differs else phrase("says the same")),
        (_("log"), phrase("{count} acts, head {head}", count=head["seq"],
                          head=f"{head['hash'][:16]}…")),
    ])  # fmt: skip


@verb(command, "rebuild", examples("desk newsroom rebuild --json"))
def rebuild(run: Run) -> None:
    """Make every table again from the log, and say how many rows were not what it says."""
    from desk.newsroom import administer

    counts = administer.rebuild(open_room(run))
    wrong = sum(counts.values())
    run.out.emit(
        {"tables": counts, "mended": wrong},
        lambda view: phrase("Every table says what the log says.") if not wrong
        else phrase("Rows mended: {count} ({tables})", count=wrong, tables=", ".join(
            f"{name} {count}" for name, count in counts.items() if count)),
    )  # fmt: skip


@verb(command, "migrate", examples("desk newsroom migrate"))
def migrate(run: Run) -> None:
    """Bring the database to this Desk's schema, and every table to what the log says.

    Sealed bytes and the log stay as they are.
    """
    from desk.newsroom import administer
    from desk.store.migrations import current, upgrade

    store = open_store(run)
    before = current(store.engine)
    upgrade(store.engine)
    after = current(store.engine)
    mended = sum(administer.rebuild(open_room(run)).values()) if before != after else 0
    run.out.emit(
        {"before": before, "after": after, "already": before == after, "mended": mended},
        lambda view: (
            phrase("It was at {version} already.", version=after)
            if before == after
            else phrase("Now at {version}; rows mended: {count}.", version=after, count=mended)
        ),
    )
