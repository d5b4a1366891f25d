"""`desk release`: plan, confirm, move, change; list and show. Sign-off and stops: `signoff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from desk.cli import release_list, release_short, release_signoff, release_trigger
from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, config, open_room
from desk.cli.output import Fields, Table
from desk.cli.telling import agreed, examples, finish, waits
from desk.errors import Conflict, Reason, Refused, UsageError
from desk.locales import _, told
from desk.locales.words import word
from desk.phrase import Phrase, both, joined, phrase

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig
    from desk.newsroom.room import Room
    from desk.newsroom.schedule import ScheduleConflict
    from desk.people.availability import Speakers
    from desk.releases.plan import Moment
    from desk.releases.views import ReleaseDetail

command = noun("release", "Plan, sign, hold and watch releases.")
_AT = click.option("--at", metavar="TIME",
                   help="Wall time '2026-11-20 15:00', or an instant ending in Z.")  # fmt: skip
_FOLD = click.option("--fold", type=click.Choice(["earlier", "later"]),
                     help="Which of two, when clocks are put back.")  # fmt: skip
_ANYWAY = click.option("--anyway", is_flag=True, help="Although it conflicts.")
_NOTE = click.option("--note", required=True, help="Why, for the public.")


def _moment_json(moment: Moment) -> dict[str, Any]:
    return {"at": moment.at, "zone": moment.zone, "wall": moment.wall}


def free(
    run: Run, room: Room, moment: Moment, channels: Sequence[str], items: Sequence[str],
    anyway: bool, release: str = "", *, config: NewsroomConfig, slot: str = "",
    kinds: Sequence[str] = (),
) -> list[ScheduleConflict]:  # fmt: skip
    """Show what a release there collides with, before anything is signed. Raises Conflict.

    `kinds`: those of items that are still to be made.
    """
    from desk.releases.clashes import before

    found = before(room, config, moment, channels, items, slot=slot, release=release, kinds=kinds)
    as_json = [{"code": one.code, "text": both(one.text, one.text_vi)} for one in found]
    reasons = [_why(one) for one in found]
    for why in reasons:
        run.out.warn(why)
    if found and not anyway:
        raise Conflict(
            "That time is not free",
            joined("; ", reasons),
            "Choose another time, or insist with --anyway",
            {"conflicts": as_json},
        )
    return found


def _why(one: ScheduleConflict) -> Phrase:
    return phrase("{text} [{rule}]", text=both(one.text, one.text_vi), rule=one.code)


@verb(
    command,
    "plan",
    examples(
        "desk release plan --at '2026-11-20 15:00' --item i-4f0zk2m9qx --channel portal --code SAO",
        "desk release plan --slot spokesperson --item i-4f0zk2m9qx --code SAO-MAI",
    ),
)
@_AT
@click.option("--slot", default="", metavar="ID", help="The next free time of this slot.")
@_FOLD
@click.option("--item", "items", multiple=True, required=True, metavar="ITEM")
@click.option("--channel", "channels", multiple=True, metavar="ID", help="Default: the slot's.")
@click.option("--code", required=True, help="A code name that stands for the sealed headlines.")
@_ANYWAY
def plan(run: Run, at: str | None, slot: str, fold: Any, items: tuple[str, ...],
         channels: tuple[str, ...], code: str, anyway: bool) -> None:  # fmt: skip
    """Put a provisional release into the calendar."""
    from desk.releases import placing
    from desk.releases.clashes import left_as_they_are
    from desk.releases.plan import Moment
    from desk.releases.plan import plan as plan_release

    if (at is None) == (not slot):
        raise UsageError("When?", "either --at TIME or --slot ID")
    room = open_room(run)
    zone, kinds = release_list.zone_of(room), placing.kinds_of(room, items)
    if at is None:
        found = placing.next_in_slot(room, config(run), slot, kinds)
        moment, channels = Moment.of_instant(found.at, zone), channels or found.channels
    else:
        moment = placing.read_moment(at, zone, fold)
    if not channels:
        raise UsageError("Where?", "no channel is named", "Add --channel ID, once for each")
    clashes = free(run, room, moment, channels, items, anyway, config=config(run), slot=slot)
    act = plan_release(
        room, actor(run), moment, items=items, channels=channels, code=code, slot=slot
    )
    with room.reading(act.subject) as view:
        for one in left_as_they_are(view, act.subject):
            run.out.warn(both(one.text, one.text_vi))
    data = {
        "release": act.subject, "act": act.digest, "code": code, **_moment_json(moment),
        "slot": slot, "items": list(items), "channels": sorted(set(channels)),
        "conflicts": [one.code for one in clashes],
    }  # fmt: skip
    run.out.emit(data, lambda _: f"{act.subject}  {moment.wall} {moment.zone} ({moment.at})")


@verb(command, "confirm", examples("desk release confirm r-7h2kq0vbmx"))
@click.argument("release")
def confirm(run: Run, release: str) -> None:
    """Announce the date: a provisional release becomes confirmed. Needs no approval."""
    from desk.releases.plan import confirm as confirm_release

    act = confirm_release(open_room(run), actor(run), release)
    if act is None:
        run.out.say("It was confirmed already.")
    run.out.emit({"release": release, "act": act.digest if act else "", "already": act is None},
                 lambda _: phrase("{release} is confirmed.", release=release))  # fmt: skip


@verb(
    command, "move", examples("desk release move r-7h2kq0vbmx --at '2026-11-20 16:00' --note 'Lùi'")
)
@click.argument("release")
@_AT
@_FOLD
@click.option("--note", default="", help="Why, for the public; a confirmed release needs it.")
@_ANYWAY
@waits
def move(run: Run, release: str, at: str | None, fold: Any, note: str, anyway: bool,
         wait: float) -> None:  # fmt: skip
    """Move to another instant. The sign-off is void then, the approvals are not."""
    from desk.releases.placing import read_moment
    from desk.releases.plan import find
    from desk.releases.plan import move as move_release

    if at is None:
        raise UsageError("Where to?", "", "Say it: --at '2026-11-20 16:00'")
    room = open_room(run)
    moment = read_moment(at, release_list.zone_of(room), fold)
    with room.reading(release) as view:
        known = find(view, release)
    data = {"release": release, **_moment_json(moment), "already": known.at == moment.at}
    if known.at == moment.at and known.status == "planned":
        run.out.say("It is planned for that instant already.")
        digest = next((s.digest for s in reversed(known.plan) if s.kind == "release.move"), "")
        if not digest:
            run.out.emit(data, _moved)
            return
    else:
        if known.confirmed and not note:
            raise Refused(
                "Moving a confirmed release needs a public note",
                [Reason("note", "the date was announced")],
                "Say why: --note TEXT",
            )
        free(run, room, moment, known.channels, known.items, anyway, release, config=config(run))
        digest = move_release(room, actor(run), release, moment, note=note).digest
    finish(run, room, release, digest, wait, data, _moved)


def _moved(view: dict[str, Any]) -> str:
    return f"{view['release']}  {view['wall']} {view['zone']} ({view['at']})"


@verb(
    command,
    "edit",
    examples("desk release edit r-7h2kq0vbmx --add i-4f0zk2m9qx --drop-channel press"),
)
@click.argument("release")
@click.option("--add", multiple=True, metavar="ITEM", help="An item more.")
@click.option("--drop", multiple=True, metavar="ITEM", help="Without this item.")
@click.option("--add-channel", multiple=True, metavar="ID", help="A channel more.")
@click.option("--drop-channel", multiple=True, metavar="ID", help="Without this channel.")
@click.option("--code", default="", help="Another code name.")
@waits
def edit(
    run: Run,
    release: str,
    add: tuple[str, ...],
    drop: tuple[str, ...],
    add_channel: tuple[str, ...],
    drop_channel: tuple[str, ...],
    code: str,
    wait: float,
) -> None:
    """Change items or channels. A sign-off is void afterwards."""
    from desk.releases.plan import edit as edit_release
    from desk.releases.plan import find

    room = open_room(run)
    with room.reading(release) as view:
        known = find(view, release)
    items = _changed(known.items, add, drop)
    channels = sorted(_changed(known.channels, add_channel, drop_channel))
    same = items == list(known.items) and channels == sorted(known.channels)
    data: dict[str, Any] = {"release": release, "items": items, "channels": channels}
    data["already"] = same and code in ("", known.code)
    if data["already"]:
        run.out.say("It says so already.")
        digest = next((s.digest for s in reversed(known.plan) if s.kind == "release.edit"), "")
        if not digest:
            run.out.emit({**data, "act": known.basis}, _edited)
            return
    else:
        act = edit_release(room, actor(run), release, items=items, channels=channels, code=code)
        digest = act.digest
    finish(run, room, release, digest, wait, data, _edited)


def _changed(now: Sequence[str], add: Sequence[str], drop: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys([*now, *add]) if one not in drop]


def _edited(view: dict[str, Any]) -> str:
    return phrase(
        "{release}: {count} items on {channels}",
        release=view["release"],
        count=len(view["items"]),
        channels=", ".join(view["channels"]),
    )


@verb(command, "postpone", examples("desk release postpone r-7h2kq0vbmx --note 'Chờ số liệu'"))
@click.argument("release")
@_NOTE
@waits
def postpone(run: Run, release: str, note: str, wait: float) -> None:
    """Take the date away until there is a new one (desk release move)."""
    from desk.releases.plan import postpone as postpone_release

    _strike(run, release, "postponed", wait, lambda room: postpone_release(
        room, actor(run), release, note=note))  # fmt: skip


@verb(command, "cancel", examples("desk release cancel r-7h2kq0vbmx --note 'Không công bố'"))
@click.argument("release")
@_NOTE
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def cancel(run: Run, release: str, note: str, yes: bool, wait: float) -> None:
    """Cancel a release for good."""
    from desk.releases.plan import cancel as cancel_release

    def act(room: Room) -> Any:
        agreed(run, phrase("Cancel {release} for good?", release=release), yes)
        return cancel_release(room, actor(run), release, note=note)

    _strike(run, release, "cancelled", wait, act)


def _strike(run: Run, release: str, status: str, wait: float, act: Any) -> None:
    from desk.releases.plan import find

    room = open_room(run)
    with room.reading(release) as view:
        known = find(view, release)
    already = known.status == status
    if already:
        run.out.say(phrase("It is {status} already.", status=word("release", status)))
        digest = known.plan[-1].digest
    else:
        digest = act(room).digest
    data = {"release": release, "state": status, "already": already}
    said = phrase("{release} is {status}.", release=release, status=word("release", status))
    finish(run, room, release, digest, wait, data, lambda _: said)


@verb(command, "show", examples("desk release show r-7h2kq0vbmx", "desk release show r-… --json"))
@click.argument("release")
def show(run: Run, release: str) -> None:
    """Show a release: items and steps, channels, holds, what speaks against it, who could act."""
    from desk.cli.output import plain
    from desk.people import availability
    from desk.releases import views

    room = open_room(run)
    found, speakers = views.detail(room, release), availability.speakers(room, release)
    if speakers.warn and found.state not in views.OVER:
        text = "Nobody has said that they can speak on it: desk contacts ack {release}"
        run.out.warn(phrase(text, release=release))
    data = {**plain(found), "speakers": speakers}
    run.out.emit(data, lambda _: [*shown(found), *_speaks(speakers, run.language())])


def _speaks(speakers: Speakers, language: str) -> list[str]:
    """Who can speak to a release, and who said so."""
    said = [f"{one.called(language)} ({one.by})" for one in speakers.words if one.counts]
    return [phrase("Can speak on it: {names}", names=", ".join(said))] if said else []


def _signatures(view: ReleaseDetail) -> str:
    """Who has signed, of how many, and who else could."""
    said = phrase(
        "{count} of {needed}: {names}",
        count=len(view.signed),
        needed=view.signers,
        names=", ".join(view.signed) or phrase("nobody"),
    )
    if not view.signers_left:
        return said
    left = phrase("could sign: {names}", names=", ".join(view.signers_left))
    return joined("; ", [said, left])


def shown(view: ReleaseDetail) -> list[Any]:
    """A release in full, for people."""
    from desk.audit.words import kind_word

    facts = [
        ("release", f"{view.id}  {view.code}"),
        ("time", f"{view.wall.replace('T', ' ')} {view.zone} ({view.at})"),
        ("state", (word("release", "held") + ", " if view.held else "")
         + word("release", view.state)),
        *([("opens", joined(": ", [view.trigger.script, release_trigger.waiting(view.trigger)]))]
          if view.trigger else []),
        ("manifest", view.manifest),
        ("signed", _signatures(view)),
    ]  # fmt: skip
    items = [
        [i.item, i.code, i.language, i.kind, i.number, i.digest[:12], word("item", i.state),
         ", ".join(f"{word('step', s.step)} {s.by or '–'}" for s in i.steps),
         ", ".join(f"{word('gate', gate)} {word('gate says', said)}"
                   for gate, said in i.gates.items() if said != "pass")
         or word("gate says", "pass")]
        for i in view.items
    ]  # fmt: skip
    channels = [
        [c.channel, word("channel", "required" if c.required else "optional"),
         word("channel", c.state),
         phrase("{count} ms after", count=c.late_ms) if c.late_ms is not None else c.code]
        for c in view.channels
    ]  # fmt: skip
    blocks: list[Any] = [
        Fields(facts),
        Table(["item", "code", "language", "kind", "rev", "digest", "state", "steps", "gates"],
              items),
        Table(["channel", "", "state", ""], channels),
    ]  # fmt: skip
    for hold in view.holds:
        blocks.append(
            phrase(
                "Held by {person} since {time} ({subject}).",
                person=hold.person,
                time=hold.time,
                subject=hold.subject,
            )
        )
    for reason in view.reasons:
        could = _("could act:")
        who = f" — {could} {', '.join(reason.who)}" if reason.who else ""
        blocks.append(f"✖ {told(reason.sentence)}{who}")
    notes = [
        f"{step.time}  {kind_word(step.kind)}  {step.person}  {step.note}".rstrip()
        for step in view.plan
    ]
    return [*blocks, "\n".join(notes)]


command.commands.update(release_list.command.commands)
command.commands.update(release_signoff.command.commands)
command.commands.update(release_short.command.commands)
command.commands.update(release_trigger.command.commands)
