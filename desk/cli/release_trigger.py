"""`desk release`, opened by a script: grant it to one, fire it, let programs fire it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, person_id, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples, finish, waits
from desk.errors import Reason, Refused, Unavailable, UsageError
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Room
    from desk.releases.trigger import Triggered

command = noun("release", "Plan, sign, hold and watch releases.")
_FILE = click.Path(path_type=Path, dir_okay=False)
_KEY = click.option("--key-file", type=_FILE, metavar="FILE",
                    help="The script's key: desk key script-new.")  # fmt: skip


def _key_of(path: Path) -> Any:
    """The keys in a script's key file. Raises NotFound, TrustError, Unavailable."""
    from desk.trust.keyfile import SCRIPT, clear, load_service_seed
    from desk.trust.keys import Identity

    seed = load_service_seed(path.absolute(), SCRIPT)
    try:
        return Identity.from_seed(seed)
    finally:
        clear(seed)


def _public(key_file: Path | None, public: str | None) -> str:
    from desk.trust.acts import SIGN_KEY

    if (key_file is None) == (public is None):
        raise UsageError("Whose key?", "either --public HEX or --key-file FILE")
    key = public.strip().lower() if public else _key_of(key_file or Path()).sign_public
    if not SIGN_KEY(key):
        raise UsageError("Not a key", key[:64], "64 hex digits: desk key script-show FILE")
    return str(key)


@verb(
    command,
    "grant",
    examples(
        "desk release grant r-7h2kq0vbmx --script gdp --public 3f9a… --until '2026-11-20 17:00'",
        "desk release grant r-7h2kq0vbmx --script gdp --public 3f9a… --from '2026-11-20 15:00' "
        "--until '2026-11-20 17:00' --note 'Chờ số liệu'",
    ),
)
@click.argument("release")
@click.option("--script", required=True, metavar="ID", help="What people call the script.")
@click.option("--public", metavar="HEX", help="The script's public key: desk key script-show.")
@_KEY
@click.option("--from", "start", default="", metavar="TIME",
              help="The window's start, wall time or …Z; default: as planned.")  # fmt: skip
@click.option("--until", required=True, metavar="TIME", help="The window's end.")
@click.option("--note", default="", help="Why, for the public; a confirmed release that moves.")
@click.option("--yes", is_flag=True, help="Agree beforehand.")
@waits
def grant(run: Run, release: str, script: str, public: str | None, key_file: Path | None,
          start: str, until: str, note: str, yes: bool, wait: float) -> None:  # fmt: skip
    """Let a script open a release, once, inside a window; then it does not go out by itself.

    Leads sign it afterwards, window and key with it. A move, a recall or a postponement ends it.
    """
    from desk.releases import plan
    from desk.releases.placing import read_moment
    from desk.trust.keys import fingerprint

    room, key, name = open_room(run), _public(key_file, public), person_id(script)
    with room.reading(release) as view:
        known = plan.find(view, release)
        zone = known.zone
    moment = read_moment(start, zone) if start else plan.Moment(known.at, zone, known.wall)
    last = read_moment(until, zone).at
    now = known.grant
    data = {"release": release, "script": name, "key": key, "at": moment.at, "until": last}
    if now and not now.ended and not now.used and known.at == moment.at and (
        now.script, now.key, now.until) == (name, key, last):  # fmt: skip
        run.out.say("It is granted like that already.")
        finish(run, room, release, now.digest, wait, {**data, "already": True}, _granted)
        return
    run.out.say(phrase("{name}, key {fingerprint}", name=name, fingerprint=fingerprint(key)))
    question = phrase(
        "May {name} open {release} between {first} and {last}?",
        name=name,
        release=release,
        first=moment.at,
        last=last,
    )
    agreed(run, question, yes)
    act = plan.grant(room, actor(run), release, moment, last, script=name, key=key, note=note)
    run.out.say(phrase("Leads sign it now: desk release sign {release}", release=release))
    finish(run, room, release, act.digest, wait, {**data, "already": False}, _granted)


def _granted(view: dict[str, Any]) -> str:
    return phrase(
        "{release} opens when {script} says so, {first} to {last}",
        release=view["release"],
        script=view["script"],
        first=view["at"],
        last=view["until"],
    )


@verb(
    command,
    "trigger",
    examples(
        "desk release trigger r-7h2kq0vbmx --key-file /etc/gdp-feed/script.key --wait 30",
        "desk release trigger r-7h2kq0vbmx --key-file script.key --json",
    ),
)
@click.argument("release")
@_KEY
@click.option("--wait", type=click.FloatRange(0, 86_400), default=30.0, show_default=True,
              metavar="SECONDS", help="How long to wait for the channels' receipts.")  # fmt: skip
def trigger(run: Run, release: str, key_file: Path | None, wait: float) -> None:
    """Open a granted release with the script's key, and wait for receipts.

    Exit 0: published, or released already; 3: refused, with the rule; 4: no such release; 5: no
    receipt in time; 6: trust failure.
    """
    from desk.releases import trigger as triggering

    if key_file is None:
        raise UsageError("Whose key?", "", "Say it: --key-file FILE")
    room = open_room(run)
    fired = triggering.fire(room, _key_of(key_file), release)
    told = "Released already." if fired.published else "Triggered already."
    run.out.say(told if fired.already else phrase("Triggered at {fired}.", fired=fired.fired))
    report(run, room, triggering.wait(room, fired, wait), wait)


def report(run: Run, room: Room, after: Triggered, waited: float) -> None:
    """Print how it stands. Raises Refused when it was missed, Unavailable without receipts."""
    run.out.emit(after, blocks)
    if after.published:
        return
    after.require()
    if after.state == "missed":
        text = phrase("nothing went out until {until}", until=after.until)
        raise Refused(
            "It was missed",
            [Reason("missed", text)],
            phrase("desk release show {release}", release=after.release),
        )
    failed = [one.channel for one in after.receipts if one.state == "failed"]
    raise Unavailable(
        "Not published",
        phrase("refused on {names}", names=", ".join(failed))
        if failed
        else phrase("no receipt in {waited:g} s", waited=waited),
        phrase(
            "It may still go out. Look: desk release show {release}; desk publisher status",
            release=after.release,
        ),
    )


def blocks(view: Triggered) -> list[Block]:
    """A granted release and its receipts, for people."""
    facts = [
        ("release", f"{view.release}, {word('release', view.state)}"),
        ("script", f"{view.script} ({view.key[:16]}…)"),
        ("window", phrase("{first} to {last}", first=view.at, last=view.until)),
        ("trigger", waiting(view)),
    ]
    rows = [
        [one.channel, word("channel", "required" if one.required else "optional"),
         word("channel", one.state),
         _opened(one.opened_ms), one.receipt[:16]]
        for one in view.receipts
    ]  # fmt: skip
    return [Fields(facts), Table(["channel", "", "state", "opened", "receipt"], rows)]


def _opened(ms: int) -> str:
    """When a channel opened it, to the millisecond: `2026-11-20T08:00:00.004Z`."""
    if not ms:
        return ""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def waiting(view: Triggered) -> str:
    """Whether the script has said so, or until when that is waited for."""
    from desk.trust.granting import ending

    if view.refused:
        return phrase("at {time}, before its window: refused for good", time=view.fired)
    if view.trigger:
        return phrase("at {time}", time=view.fired)
    if view.ended:
        return phrase("the grant ended with {act}", act=ending(view.ended))
    if not view.waits:
        return phrase("never came")
    return phrase("waits for its trigger until {until}", until=view.until)


@verb(command, "listen", examples("desk release listen --port 8611 --token-file ~/desk-token"))
@click.option("--port", default=8611, show_default=True, type=click.IntRange(0, 65535),
              help="Port on loopback; 0 takes a free one.")  # fmt: skip
@click.option("--token-file", required=True, type=_FILE, metavar="FILE",
              help="The bearer token that programs send; made when it is not there.")  # fmt: skip
def listen(run: Run, port: int, token_file: Path) -> None:
    """Take triggers from programs on this machine over HTTP, until SIGTERM.

    A program signs the trigger itself; the token alone opens nothing.
    """
    from desk.releases import listener

    room = open_room(run)
    token, made = listener.token_in(token_file)
    if made:
        run.out.say(phrase("Made a token: {token_file}", token_file=token_file))

    def ready(url: str) -> None:
        run.out.emit({"url": url}, lambda view: view["url"])

    listener.serve(room, token, port, ready=ready)
