"""`desk release`, the guarding half: sign, hold, lift, recall, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Fields
from desk.cli.telling import agreed, examples, finish, taken_back, text_of, time_left, waits
from desk.errors import Conflict, NotFound, UsageError
from desk.locales import N_
from desk.locales.words import word
from desk.phrase import both, phrase

if TYPE_CHECKING:
    from desk.newsroom.room import View
    from desk.releases.sign import Signed

command = noun("release", "Plan, sign, hold and watch releases.")


@verb(
    command,
    "sign",
    examples(
        "desk release sign r-7h2kq0vbmx",
        "desk release sign r-7h2kq0vbmx --expect 3f9a01c27d --yes --json",
    ),
)
@click.argument("release")
@click.option(
    "--expect",
    default="",
    metavar="DIGEST",
    help="Only if the manifest has this digest (8 digits of it or more).",
)
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@click.option("--anew", is_flag=True,
              help="Sign newer revisions although it is signed; the others must, too.")  # fmt: skip
def sign(run: Run, release: str, expect: str, yes: bool, anew: bool) -> None:
    """Sign off a release: this instant, these channels, exactly these revisions.

    Shows the manifest first. All leads sign the same bytes: compare the digest by voice.
    """
    from desk.releases import clashes
    from desk.releases import sign as signing

    room = open_room(run)
    with room.reading(release) as view:
        fields = signing.to_sign(view, release, anew=anew)
        digest = signing.digest_to_sign(fields)
        for line in _manifest(view, fields, digest):
            run.out.say(line)
        for one in clashes.told_before(view, release):
            run.out.warn(both(one.text, one.text_vi))
    if expect and (len(expect) < 8 or not digest.startswith(expect.lower())):
        raise Conflict(
            "This is not what you looked at",
            phrase("the manifest is {digest}…", digest=digest[:16]),
            phrase("Read what changed: desk release show {release}", release=release),
        )
    agreed(run, "Sign this manifest?", yes)
    run.out.emit(signing.sign(room, actor(run), release, expect=digest, anew=anew), _signed)
    time_left(run, room, release)
    with room.reading(release) as view:
        if not anew and (newer := signing.newer_revisions(view, release)):
            run.out.say(
                phrase(
                    "Newer revisions are approved: {names}; they go out only once signed: "
                    "desk release sign {release} --anew",
                    names=", ".join(newer),
                    release=release,
                )
            )


def _manifest(view: View, fields: dict[str, Any], digest: str) -> list[str]:
    """What is about to be signed, line by line."""
    release = view.record.releases[fields["subject"]]
    lines = [
        f"{release.id}  {release.code}  {release.wall.replace('T', ' ')} {release.zone}",
        phrase("at {at}, not after {last}", at=fields["at"], last=fields["not_after"]),
        phrase("on {channels}", channels=", ".join(fields["channels"])),
    ]
    if by := fields.get("trigger"):
        only = "only when {script} says so, with the key {key}"
        lines.insert(2, phrase(only, script=by["script"], key=by["key"]))
    for entry in fields["items"]:
        item = view.record.items[entry["item"]]
        number = item.revisions[entry["revision"]].number
        name = f"{item.id} {item.code} ({entry['language']})"
        lines.append(
            phrase("  {name} rev {number}  {digest}…", name=name, number=number,
                   digest=entry["revision"][:16])
        )  # fmt: skip
    return [*lines, phrase("manifest {digest}", digest=digest)]


def _signed(view: Signed) -> str:
    return phrase(
        "{done}: {count} of {needed} leads ({names}); {release} is {state}. Manifest {manifest}",
        done=phrase("Signed already") if view.already else phrase("Signed"),
        count=len(view.signers),
        needed=view.needed,
        names=", ".join(view.signers),
        release=view.release,
        state=word("release", view.state),
        manifest=view.manifest,
    )


def _subject(release: str | None, everything: bool) -> str:
    from desk.trust.acts import EVERYTHING

    if (release is None) == (not everything):
        raise UsageError("Which release?", "", "Name one, or --all for everything")
    return release or EVERYTHING


@verb(
    command,
    "hold",
    examples("desk release hold r-7h2kq0vbmx --reason - < reason.txt", "desk release hold --all"),
)
@click.argument("release", required=False)
@click.option("--all", "everything", is_flag=True, help="Stop everything that goes out.")
@click.option("--reason", default="", metavar="TEXT", help="Why, sealed for the leads; - reads it.")
@waits
def hold(run: Run, release: str | None, everything: bool, reason: str, wait: float) -> None:
    """Stop a release, whatever its state. Anybody may; lifting takes two leads."""
    from desk.releases import hold as holding
    from desk.trust.acts import EVERYTHING

    subject = _subject(release, everything)
    room, me = open_room(run), actor(run)
    with room.reading(subject) as view:
        known = view.record.releases.get(subject)
        held = view.record.holds if subject == EVERYTHING else known.holds if known else {}
        mine = [h for h in held.values() if h.person == me.id and not h.lifts]
    if mine:
        run.out.say("You hold it already.")
        digest = mine[-1].digest
    else:
        digest = holding.hold(room, me, subject, reason=text_of(reason, "--reason")).digest
    data = {"subject": subject, "hold": digest, "already": bool(mine)}
    said = phrase("{name}: hold by {person}", name=_called(subject), person=me.id)
    finish(run, room, subject, digest, wait, data, lambda _: said)


@verb(command, "lift", examples("desk release lift r-7h2kq0vbmx", "desk release lift --all"))
@click.argument("release", required=False)
@click.option("--all", "everything", is_flag=True, help="Lift the holds over everything.")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def lift(run: Run, release: str | None, everything: bool, yes: bool, wait: float) -> None:
    """Lift the holds over a release, as one of two leads."""
    from desk.releases import hold as holding
    from desk.trust.acts import EVERYTHING

    subject = _subject(release, everything)
    room, me = open_room(run), actor(run)
    with room.reading(subject) as view:
        known = view.record.releases.get(subject)
        if subject != EVERYTHING and known is None:
            raise NotFound("No such release", subject, "List them: desk release list")
        every = view.record.holds if known is None else known.holds
        leads = view.roster.holders("lead")
        if every and all(h.lifted(2) for h in every.values()):
            run.out.say("Every hold is lifted already.")
            run.out.emit({"subject": subject, "acts": [], "left": 0, "already": True}, _lifted)
            return
    agreed(run, phrase("Lift the holds over {subject}?", subject=_called(subject)), yes)
    acts, left = holding.lift(room, me, subject)
    if not acts:
        run.out.say("You have lifted it already.")
    waiting = sorted(set(leads) - {p for h in left for p in h.lifts})
    data = {"subject": subject, "acts": [act.digest for act in acts], "left": len(left),
            "who": waiting if left else [], "already": not acts}  # fmt: skip
    if left or not acts:
        run.out.emit(data, _lifted)
    else:  # it may go out again once the publisher has heard the last of them
        finish(run, room, subject, acts[-1].digest, wait, data, _lifted)


def _called(subject: str) -> str:
    """A release, or everything."""
    from desk.trust.acts import EVERYTHING

    return phrase("Everything") if subject == EVERYTHING else subject


def _lifted(view: dict[str, Any]) -> str:
    subject = _called(view["subject"])
    if not view["left"]:
        return phrase("{subject}: no hold of its own is left", subject=subject)
    return phrase(
        "{subject}: {count} held until another lifts: {names}",
        subject=subject,
        count=view["left"],
        names=", ".join(view["who"]),
    )


@verb(command, "recall", examples("desk release recall r-7h2kq0vbmx"))
@click.argument("release")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def recall(run: Run, release: str, yes: bool, wait: float) -> None:
    """Take the sign-off back. The release can be changed and signed again."""
    from desk.releases.plan import find
    from desk.releases.plan import recall as recall_release

    room = open_room(run)
    with room.reading(release) as view:
        last = find(view, release).plan[-1]
    already = last.kind == "release.recall"
    if already:
        run.out.say(phrase("{person} has recalled it already.", person=last.person))
        digest = last.digest
    else:
        agreed(run, phrase("Take the sign-off of {release} back?", release=release), yes)
        digest = recall_release(room, actor(run), release).digest
    data = {"release": release, "already": already}
    time_left(run, room, release)
    said = phrase("{release}: the sign-off is recalled", release=release)
    finish(run, room, release, digest, wait, data, lambda _: said)


@verb(command, "withdraw", examples("desk release withdraw i-4f0zk2m9qx --note 'Đang rà soát'"))
@click.argument("item")
@taken_back
def withdraw(run: Run, item: str, note: str, mode: str, wait: float) -> None:  # fmt: skip
    """Take a public item back, on every channel."""
    withdraw_item(run, item, note, mode, wait)


def withdraw_item(run: Run, item: str, note: str, mode: str, wait: float) -> None:
    """What `desk item withdraw` and `desk release withdraw` both do."""
    from desk.releases.withdraw import withdraw as take_back

    room = open_room(run)
    done = take_back(room, actor(run), item, note=note, mode=mode)
    if done.already:
        run.out.say("It was withdrawn already.")
    for release in sorted(done.held):
        run.out.warn(
            phrase(
                "{release} is held: it is signed, and would bring a newer revision. "
                "Two people lift it: desk release lift {release}",
                release=release,
            )
        )
    if done.mode == "takedown":
        run.out.say(phrase("Two people put it back: desk item restore {item}", item=item))
    finish(
        run, room, item, done.act, wait, done.as_json(),
        lambda _: Fields([("item", item), ("revision", done.number),
                          ("mode", word("item", done.mode))]),
        late=N_("A newer revision of it went out meanwhile: give the same command again"),
    )  # fmt: skip
