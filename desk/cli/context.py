"""One run of the command line: the options every command takes, and what they lead to.

A noun file makes its group and its verbs with the two functions here:

    command = noun("release", "Plan, sign and watch releases.")

    @verb(command, "list")
    @click.option("--held", is_flag=True, help="Only those on hold.")
    def list_releases(run: Run, held: bool) -> None:
        \"\"\"List the releases of the calendar.\"\"\"
        run.out.emit(views, lambda views: Table(...))

The verb receives the `Run` first. `--newsroom`, `--key`, `--lang`, `--json`, `--passphrase-fd` and
`--quiet` stand before the noun or after the verb; the later one counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from desk.cli.calendar_head import newsroom_field, newsroom_id
from desk.cli.helping import Helpful, record
from desk.cli.output import Output
from desk.errors import DeskError, UsageError
from desk.locales import N_, _
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.find import NewsroomPaths
    from desk.newsroom.room import Actor
    from desk.settings import Settings
    from desk.trust.keys import Identity
    from desk.trust.keystore import KeyStore
    from desk.trust.passphrase import Passphrase

HELP_NAMES = ("-h", "--help")
HELP = {"help_option_names": list(HELP_NAMES), "max_content_width": 100}


class Run:
    """What one command was told, and the things that follow from it, made when first asked for."""

    def __init__(self, out: Output | None = None) -> None:
        self.out = out or Output()
        self.newsroom: str | None = None
        self.key: str | None = None
        self.lang: str | None = None
        self.passphrase_fd: int | None = None

    @cached_property
    def settings(self) -> Settings:
        """This user's settings. Raises ConfigError."""
        from desk.settings import load

        return load()

    @cached_property
    def paths(self) -> NewsroomPaths:
        """Where the newsroom lies: --newsroom, else DESK_NEWSROOM, else upwards from here.

        Raises NotFound, and Refused for one met by chance that a stranger could have put there.
        """
        from desk.newsroom.find import find_newsroom

        return find_newsroom(self.newsroom)

    @property
    def folder(self) -> Path:
        """The newsroom's folder."""
        return self.paths.root

    @property
    def calendar(self) -> Path:
        """The newsroom's calendar.yaml."""
        return self.paths.calendar

    @cached_property
    def newsroom_id(self) -> str:
        """The newsroom's id as its calendar.yaml says. Raises UsageError."""
        return newsroom_id(self.calendar)

    @cached_property
    def zone(self) -> str:
        """The newsroom's zone as its calendar.yaml says, for times in errors; "" without one."""
        try:
            return newsroom_field(self.calendar, "zone")
        except DeskError:  # the command itself says what is wrong with the newsroom
            return ""

    @cached_property
    def passphrase(self) -> Passphrase:
        """Where passphrases come from: --passphrase-fd, else the terminal."""
        from desk.trust.passphrase import from_descriptor, from_terminal

        if self.passphrase_fd is not None:
            return from_descriptor(self.passphrase_fd)
        return from_terminal

    @cached_property
    def keys(self) -> KeyStore:
        """This user's key store."""
        from desk.trust.keystore import open_store

        return open_store(self.settings, self.passphrase)

    @cached_property
    def person(self) -> str:
        """Who acts: --key, else the settings, else the only person with a key in this newsroom.

        The login name of the machine is never asked: whose key signs is who acts.
        Raises UsageError when that does not give one person.
        """
        named = self.key or self.settings.person
        if named:
            return person_id(named)
        people = self.keys.list(self.newsroom_id)
        if len(people) == 1:
            return people[0]
        told = (
            phrase("there are keys of {names}", names=", ".join(people))
            if people
            else "no key is stored here"
        )
        hint = "Choose one with --key PERSON" if people else "Make one: desk key new --person ID"
        raise UsageError("Whose key?", told, hint)

    def identity(self) -> Identity:
        """Unlock the acting person's keys; asks each time.

        Raises NotFound, Unavailable, TrustError.
        """
        from desk.trust.keys import Identity
        from desk.trust.keystore import clear

        seed = self.keys.load(self.newsroom_id, self.person)
        try:
            return Identity.from_seed(seed)
        finally:
            clear(seed)

    def actor(self) -> Actor:
        """The acting person with their keys unlocked, as the newsroom's verbs take it."""
        from desk.newsroom.room import Actor

        return Actor(self.person, self.identity())

    def language(self) -> str:
        """The interface's language: --lang, else the settings, else the locale's."""
        return self.lang or self.settings.language or self.language_of_locale()

    @staticmethod
    def language_of_locale() -> str:
        """Vietnamese where the locale is (LC_ALL, LC_MESSAGES, LANG), else English."""
        for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
            if os.environ.get(variable):
                return "vi" if os.environ[variable].lower().startswith("vi") else "en"
        return "en"


def person_id(text: str) -> str:
    """A person's id as it may stand in a roster. Raises UsageError for anything else."""
    from desk.settings import PERSON

    if not PERSON.fullmatch(text):
        raise UsageError(
            "Not the id of a person",
            text[:40],
            "Ids have lower-case letters, digits and hyphens, such as editor-tk",
        )
    return text


class Spoken(Helpful):
    """A command whose help goes out through the one output module."""

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """-h and --help in every context, also one that was made to look at the command only.

        click keeps the option that it makes for the first context it is asked with.
        """
        taken = {name for param in self.params for name in (*param.opts, *param.secondary_opts)}
        return [name for name in HELP_NAMES if name not in taken]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, saying what it says through `Run.out`."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option


def _show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        ctx.ensure_object(Run).out.emit({"help": ctx.get_help()}, lambda view: view["help"])
        ctx.exit()


class NounGroup(Spoken, click.Group):
    """A noun: `desk NOUN VERB`. Lists its verbs, and suggests one for a mistyped one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but naming what a mistyped name could mean."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            unknown(ctx, error.command_name, self.list_commands(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs first, then the options."""
        self.format_commands(ctx, formatter)
        VerbCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every verb with its first sentence."""
        verbs = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, made.first_sentence()) for name, made in verbs if isinstance(made, Helpful)]
        if rows:
            with formatter.section(_("Commands")):
                formatter.write_dl(rows)


class VerbCommand(Spoken):
    """A verb: its own options first, then those that every command takes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb, unless the settings have a mistake: that is told whatever the verb."""
        ctx.ensure_object(Run).settings  # noqa: B018 - read them
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the two lists of options."""
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for param in self.get_params(ctx):
            written = record(param, ctx)
            if written is not None:
                (shared if isinstance(param, Shared) else own).append(written)
        for title, records in ((_("Options"), own), (_("Options of every command"), shared)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Shared(click.Option):
    """An option that every command takes; it sets a field of the `Run`."""

    def __init__(self, *names: str, help: str, **settings: Any) -> None:
        super().__init__(list(names), expose_value=False, callback=_keep, help=help, **settings)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    run = ctx.find_object(Run)
    if run is None or value is None or value is False or param.name is None:
        return
    if param.name in ("json", "quiet"):
        setattr(run.out, param.name, True)
    else:
        setattr(run, param.name, value)
        if param.name == "lang":
            from desk.locales import set_language

            set_language(value)


def shared_options() -> list[click.Parameter]:
    """Fresh copies of the options every command takes."""
    return [
        Shared("--newsroom", metavar="PATH",
               help=N_("Folder of the newsroom.")),
        Shared("--key", metavar="PERSON", help=N_("Act with this person's key.")),
        Shared("--lang", type=click.Choice(["vi", "en"]), is_eager=True,
               help=N_("Language of the interface.")),
        Shared("--json", is_flag=True, help=N_("Print one JSON document on stdout.")),
        Shared("--passphrase-fd", type=click.IntRange(0), metavar="N",
               help=N_("Read the passphrase from this file descriptor.")),
        Shared("--quiet", is_flag=True,
               help=N_("No narration on stderr, only warnings and errors.")),
    ]  # fmt: skip


def noun(name: str, help: str, epilog: str | None = None) -> NounGroup:
    """The click group of one noun. `help` is one sentence; `epilog` may hold examples."""
    return NounGroup(
        name,
        help=help,
        epilog=epilog,
        context_settings=HELP,
        subcommand_metavar="VERB [ARGS]...",
    )


def verb(
    group: click.Group, name: str, epilog: str | None = None
) -> Callable[[Callable[..., object]], click.Command]:
    """Make the function below a verb of that noun. It receives the `Run`, then its parameters."""

    def decorate(function: Callable[..., object]) -> click.Command:
        made = group.command(name, cls=VerbCommand, epilog=epilog, context_settings=HELP)(
            click.make_pass_decorator(Run)(function)
        )
        made.params += shared_options()
        return made

    return decorate


def _elsewhere(ctx: click.Context, name: str) -> list[str]:
    """Commands of other nouns with this verb: who types `approve` behind `queue` means an item."""
    top = ctx.find_root()
    if ctx is top or not isinstance(top.command, click.Group):
        return []
    nouns = [(noun, top.command.get_command(top, noun)) for noun in top.command.list_commands(top)]
    return [
        f"desk {noun} {name}"
        for noun, group in nouns
        if isinstance(group, click.Group) and name in group.list_commands(ctx)
    ]


def unknown(ctx: click.Context, name: str, known: list[str]) -> NoReturn:
    """Refuse a mistyped noun or verb, with what it could mean."""
    from difflib import get_close_matches

    near = [*_elsewhere(ctx, name)[:3], *get_close_matches(name, known, 3, 0.5)]
    what = phrase("{command_path} has no “{name}”", command_path=ctx.command_path, name=name[:40])
    hint = (
        phrase("Did you mean {names}?", names=", ".join(f"“{each}”" for each in near))
        if near
        else ""
    )
    raise UsageError(
        "No such command",
        what,
        hint or phrase("See: {command_path} --help", command_path=ctx.command_path),
    )
