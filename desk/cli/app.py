"""`desk app`, and plain `desk` in a terminal: open the desk for the person whose key is here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from desk.cli.context import HELP, Run, VerbCommand, shared_options
from desk.errors import NotFound, Refused, UsageError, because
from desk.locales import N_, _

if TYPE_CHECKING:
    from desk.newsroom.room import Actor, Room
    from desk.trust.keys import Identity
    from screens.source import Source

ROOMS = (
    "calendar",
    "queue",
    "monitor",
    "items",
    "contacts",
    "terms",
    "handbook",
    "log",
    "search",
    "reports",
)


@click.command(
    "app",
    cls=VerbCommand,
    context_settings=HELP,
    help=N_("Open the desk in the terminal: every room, one digit each."),
    epilog="Example: desk app --room monitor",
)
@click.option("--room", type=click.Choice(ROOMS), default="calendar", show_default=True,
              help=N_("The room to begin in."))  # fmt: skip
@click.option("--locked", is_flag=True,
              help=N_("Begin closed, and ask for the passphrase inside."))  # fmt: skip
@click.make_pass_decorator(Run)
def command(run: Run, room: str, locked: bool) -> None:
    """Open the desk."""
    if not (locked and in_browser()):
        require_terminal(run)
    sitting = Sitting(run)
    if locked:
        sitting.open_locked(room)
        return
    identity = sitting.unlock()
    known = sitting.known_newsroom()

    def opening() -> Source:
        return sitting.source(known or sitting.open_room(), identity)

    open_with(run, opening, room=room, language=run.language())


def require_terminal(run: Run) -> None:
    """Refuse to draw where nobody sees it: the app reads stdin and draws on stderr."""
    streams = (sys.stdin, sys.stderr)
    if run.out.json or not all(one is not None and one.isatty() for one in streams):
        raise UsageError(
            _("The desk needs a terminal"),
            "",
            _("Every action has a command with --json: desk --help"),
        )


def in_browser() -> bool:
    """Whether what the app draws goes to a browser (`desk serve`), not to a terminal."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def open_with(
    run: Run,
    opening: Callable[[], Source],
    *,
    language: str,
    room: str = "calendar",
    banner: str = "",
    started: Callable[[Callable[[], None]], object] | None = None,
    unlock: Callable[[str], object] | None = None,
) -> None:
    """Run the app with this user's settings on the source that `opening` gives."""
    import gc

    from desk.locales import set_language

    gc.disable()  # nothing that is imported now is garbage; `screens.warming` lets it go on
    try:
        from screens.opening import open_desk

        set_language(language)
        settings = run.settings
        open_desk(
            opening,
            theme=settings.theme,
            keys=settings.keys,
            input_method=settings.input_method,
            idle_minutes=settings.idle_minutes,
            room=room,
            banner=banner,
            started=started,
            unlock=unlock,
        )
    finally:
        gc.enable()


class Sitting:
    """One person at one desk: where the newsroom is, and how their key is unlocked.

    Everything cheap is looked at before a passphrase is asked for, so that nobody types one into
    a desk that cannot open. Raises NotFound, UsageError, Unavailable, TrustError.
    """

    def __init__(self, run: Run) -> None:
        from desk.cli.opened import database

        self.run = run
        self.newsroom = run.newsroom_id
        place = database(run)
        if not isinstance(place, str) and not place.exists():
            hint = _("Create it: desk newsroom init. To look around first: desk demo")
            raise NotFound(_("The newsroom has no database yet"), str(place), hint)
        self.person = self._person()
        self.in_file = self._in_file()

    def _person(self) -> str:
        try:
            return self.run.person
        except UsageError as error:
            if self.run.key or self.run.settings.person or self.run.keys.list(self.newsroom):
                raise
            hint = _("Make one: desk key new --person ID. To look around first: desk demo")
            raise NotFound(_("No key of yours is here"), error.message, hint) from None

    def _in_file(self) -> bool:
        """Whether the key lies in a file under a passphrase, not in the system's keyring."""
        from desk.trust.keystore import key_files

        settings = self.run.settings
        if settings.key_store == "keyring":
            return False
        return settings.key_store == "file" or self.person in key_files(settings).list(
            self.newsroom
        )

    def unlock(self) -> Identity:
        """Unlock the key for the sitting. What the app needs is imported while a person types."""
        if self.in_file and self.run.passphrase_fd is None:
            Thread(target=get_ready, name="ready", daemon=True).start()
        return self.run.identity()

    def open_locked(self, room: str) -> None:
        """Open a desk that is locked, until its passphrase is typed into it."""
        if not self.in_file:
            raise no_passphrase()
        self.known_newsroom()
        unlocked: list[Actor] = []

        def opening() -> Source:
            return self.source(self.open_room(), unlocked[0].identity)

        def unlock(passphrase: str) -> None:
            unlocked.append(self.unlock_again(passphrase))

        open_with(self.run, opening, room=room, language=self.run.language(), unlock=unlock)

    def locked_command(self) -> tuple[str, ...]:
        """The command line of a process that opens this desk, locked. It holds no secret."""
        return (
            sys.executable, "-m", "desk", "--newsroom", str(self.run.folder),
            "--key", self.person, "--lang", self.run.language(), "app", "--locked",
        )  # fmt: skip

    def known_newsroom(self) -> Room | None:
        """The newsroom, opened now when this machine has never seen it, to show its fingerprint."""
        from desk.cli.opened import open_room, pins

        return open_room(self.run) if pins(self.run).load() is None else None

    def open_room(self) -> Room:
        """The newsroom that is known here."""
        from desk.cli.opened import open_room

        return open_room(self.run)

    def source(self, room: Room, identity: Identity) -> Source:
        """What the app shows."""
        from desk.newsroom.room import Actor

        actor = Actor(self.person, identity)
        status = self.run.folder / "var" / "publisher.json"
        return newsroom_source(
            room, actor, self.run.calendar, status, self.unlock_again, asks=self.in_file
        )

    def unlock_again(self, passphrase: str) -> Actor:
        """The actor for one act. Raises TrustError for a wrong passphrase."""
        from desk.newsroom.room import Actor
        from desk.trust.keys import Identity
        from desk.trust.keystore import clear, key_files
        from desk.trust.passphrase import checked

        if self.in_file:
            store = key_files(self.run.settings, lambda _what, _new: checked(passphrase, False))
            seed = store.load(self.newsroom, self.person)
        else:
            seed = self.run.keys.load(self.newsroom, self.person)
        try:
            return Actor(self.person, Identity.from_seed(seed))
        finally:
            clear(seed)


def newsroom_source(
    room: Room,
    actor: Actor,
    calendar: Path,
    status: Path,
    unlock: Callable[[str], Actor],
    *,
    asks: bool,
) -> Source:
    """The app's source over an open newsroom."""
    from screens.newsroom.house import House
    from screens.newsroom.source import NewsroomSource

    return NewsroomSource(House(room, actor, unlock, calendar, status, asks_passphrase=asks))


def no_passphrase() -> Refused:
    """A key in the system's keyring opens without a question, so a desk cannot begin locked."""
    return Refused(
        "This key has no passphrase to ask for",
        [because("locked", "the system's keyring opens it without asking")],
        "Keep the key in a file under a passphrase: desk key new --file",
    )


def check_key(keys: Mapping[str, str], action: str, key: str) -> None:
    """Raise UsageError when the desk could not have that key for that action."""
    from screens.actions import check_keymap
    from screens.opening import whole_keymap

    check_keymap(whole_keymap({**keys, action: key}))


def key_rows() -> list[tuple[str, str, str, str, str]]:
    """Every action in English: its room, its id, its keys, what it does, its command line."""
    from screens import actions

    return [
        (
            one.place,
            one.id,
            " ".join(f"`{actions.shown(key)}`" for key in actions.keys_of(one, {})),
            one.tooltip,
            one.twin,
        )
        for one in actions.ACTIONS
    ]


def get_ready() -> None:
    """Import what will be needed, while nobody waits for it."""
    import screens.app
    import screens.newsroom.source  # noqa: F401


command.params += shared_options()
