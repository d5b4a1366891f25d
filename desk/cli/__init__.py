"""The command line: `desk NOUN VERB`. Only what is used gets imported.

A noun is a module named in `NOUNS` that holds a click command called `command`; it is imported
when somebody types it, which keeps `desk --help` fast. `main` turns every error into words on
stderr and an exit code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from desk import garbage
from desk.cli.context import HELP, NounGroup, Run, shared_options
from desk.cli.helping import of_click
from desk.cli.output import Output, ReaderGone
from desk.errors import DeskError, UsageError
from desk.locales import N_, _
from desk.locales.placeholders import placeholders
from desk.phrase import phrase


class Noun(NamedTuple):
    """One noun: the module that holds it, the sentence that `desk --help` shows, its section."""

    module: str
    help: str
    section: str


_DAY, _OUT, _RULES, _SELF = N_("The day's work"), N_("Going public"), N_("Rules"), N_("Yourself")

NOUNS: dict[str, Noun] = {
    "app": Noun("desk.cli.app", N_("Open the desk (so does plain `desk`)."), _DAY),
    "item": Noun("desk.cli.item", N_("Write, submit, approve and return items."), _DAY),
    "queue": Noun("desk.cli.queue", N_("See what waits for your approval."), _DAY),
    "release": Noun("desk.cli.release", N_("Plan, sign, hold and watch releases."), _DAY),
    "contacts": Noun(
        "desk.cli.contacts", N_("Keep the board of spokespersons and their duty."), _DAY
    ),
    "enquiry": Noun("desk.cli.enquiry", N_("Note and answer journalists' questions."), _DAY),
    "calendar": Noun("desk.cli.agenda", N_("Show and export the release calendar."), _DAY),
    "terms": Noun("desk.cli.terms", N_("Check standard terms, in newsrooms and without."), _DAY),
    "handbook": Noun(
        "desk.cli.handbook", N_("Read the newsroom's pages and runbooks, search them."), _DAY
    ),
    "search": Noun("desk.cli.search", N_("Find anything that you may read."), _DAY),
    "reports": Noun(
        "desk.cli.reports", N_("Count how punctual releases were and how long work took."), _DAY
    ),
    "publisher": Noun("desk.cli.publisher", N_("Run the publisher, ask how it is."), _OUT),
    "portal": Noun("desk.cli.portal", N_("Run the reference portal."), _OUT),
    "alerts": Noun("desk.cli.alerts", N_("Tell people what waits and what goes wrong."), _OUT),
    "audit": Noun("desk.cli.audit", N_("Verify, show and export the log of signed acts."), _OUT),
    "backup": Noun("desk.cli.backup", N_("Save the newsroom, restore it, resume."), _OUT),
    "newsroom": Noun(
        "desk.cli.newsroom", N_("Check, make and adopt the newsroom's rules."), _RULES
    ),
    "roster": Noun("desk.cli.roster", N_("Say who may do what, with which key."), _RULES),
    "people": Noun("desk.cli.people", N_("See who can act, stand in, replace lost keys."), _RULES),
    "key": Noun("desk.cli.key", N_("Make and look after your own key."), _SELF),
    "settings": Noun(
        "desk.cli.settings", N_("Show and change what belongs to you on this machine."), _SELF
    ),
    "begin": Noun("desk.cli.begin", N_("Begin: look around, make a newsroom, or join one."), _SELF),
    "serve": Noun("desk.cli.serve", N_("Offer the desk to a browser on this machine."), _SELF),
    "demo": Noun("desk.cli.demo", N_("Watch a release go public on three channels."), _SELF),
    "docs": Noun("desk.cli.docs", N_("Write the generated pages of docs/."), _SELF),
}

EPILOG = N_(
    """\
Examples:
  desk newsroom check                  every mistake in calendar.yaml, with its line
  desk item submit i-4f0zk2m9qx        hand an item to its approvers
  desk release list --json             the calendar, for a script
  desk audit verify                    prove the log against its checkpoint

Exit codes:
  0 done (also when it was done before)   4 not found, or somebody was first
  1 another error                         5 unavailable: try again
  2 usage, or a mistake in a file         6 trust: a signature or digest does not hold
  3 refused by the newsroom's policy      70 a fault in Desk   130 stopped by Ctrl+C

Data goes to stdout, narration to stderr. With --json a failure is {"error": {...}} on stdout."""
)


class Root(NounGroup):
    """`desk` itself: knows its nouns by name and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every noun, in the order of the table."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a noun. Raises UsageError when this build was made without it."""
        from importlib import import_module

        noun = NOUNS.get(cmd_name)
        if noun is None:
            return None
        try:
            module = import_module(noun.module)
        except ModuleNotFoundError as error:
            if error.name != noun.module:
                raise
            raise UsageError(
                phrase("“{command}” is not part of this build", command=cmd_name),
                noun.module,
                "See: desk --help",
            ) from None
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the nouns by section, from the table alone."""
        widest = max(map(len, NOUNS))
        for section in dict.fromkeys(noun.section for noun in NOUNS.values()):
            rows = [
                (name.ljust(widest), _(noun.help))
                for name, noun in NOUNS.items()
                if noun.section == section
            ]
            with formatter.section(_(section)):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples and exit codes as they stand."""
        formatter.write(f"\n{_(EPILOG)}\n")


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from desk import __version__

        run = ctx.find_object(Run) or Run()
        run.out.emit({"desk": __version__}, lambda view: f"desk {view['desk']}")
        ctx.exit()


@click.pass_context
def _root(ctx: click.Context) -> None:
    run = ctx.ensure_object(Run)
    if ctx.invoked_subcommand is None:
        if run.out.on_terminal and sys.stdin is not None and sys.stdin.isatty():
            ctx.invoke(root.get_command(ctx, "begin" if _first_time(run) else "app") or root)
        else:
            run.out.emit({"help": ctx.get_help()}, lambda view: view["help"])


def _first_time(run: Run) -> bool:
    """Whether there is no newsroom, and none was named: then the guide begins."""
    import os

    from desk.errors import NotFound
    from desk.newsroom.find import ENVIRONMENT

    if run.newsroom or os.environ.get(ENVIRONMENT):
        return False
    try:
        run.paths  # noqa: B018 - look for it
    except NotFound:
        return True
    return False


root = Root(
    "desk",
    help="Desk: a terminal newsroom for a controlled publishing calendar.",
    callback=_root,
    invoke_without_command=True,
    context_settings=HELP,
    subcommand_metavar="NOUN VERB [ARGS]...",
    params=[
        *shared_options(),
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False,
                     callback=_version, help="Show the version."),
    ],
)  # fmt: skip
"""The click command of `desk`."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line with `args` (default: those of the process); the exit code it ends with.

    Never lets a traceback reach the screen: a fault of Desk's own leaves a crash report that holds
    places in the code and no values.
    """
    garbage.starting(own_process=args is None)
    args = list(sys.argv[1:] if args is None else args)
    # Known before click has parsed them, so that a mistake among the options is told in JSON too.
    options = args[: args.index("--")] if "--" in args else args
    out = Output(json="--json" in options, quiet="--quiet" in options)
    try:
        completed = _completed()
        code = _run(args, out) if completed is None else completed
        out.flush()
    except DeskError as error:
        return _told(out, error)
    except ReaderGone:
        return _pipe_closed()
    except KeyboardInterrupt:
        return _stopped(out)
    except Exception as error:
        from desk.cli.crash import report

        return _told(out, report(error, [word for word in args[:2] if word.isalpha()]))
    return code


def _run(args: list[str], out: Output) -> int:
    """Parse and run. Not by click's own `main`, which takes any EPIPE, also that of a socket, for
    a reader of stdout who left.
    """
    run = Run(out)
    _speak(run)
    try:
        with root.make_context("desk", args, obj=run) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        raise _which_verb(error.ctx) from None
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        where = getattr(error, "ctx", None)
        path = where.command_path if where is not None else "desk"
        see = phrase("See: {path} --help", path=path)
        if isinstance(error, click.NoSuchOption) and error.possibilities:
            near = ", ".join(sorted(error.possibilities))
            see = phrase("Near: {names}. See: {path} --help", names=near, path=path)
        raise UsageError(_what_click_says(error), "", see) from None
    return 0


def _what_click_says(error: click.ClickException) -> str:
    """Click's commonest mistakes as phrases; the others in its own words."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.make_metavar(error.ctx) if error.ctx else error.param.human_readable_name
        if isinstance(error.param, click.Argument):
            return phrase("Missing argument '{name}'", name=placeholders(name))
        return phrase("Missing option '{name}'", name=" / ".join(error.param.opts))
    if isinstance(error, click.NoSuchOption):
        return phrase("No such option: {name}", name=error.option_name)
    return of_click(error.format_message())


def _speak(run: Run) -> None:
    """Choose the language before anything is said; --lang chooses again while options are read.

    Times in what is said are on the newsroom's clocks; it is looked for when one is told.

    Settings with a mistake keep nobody from `desk --help`; they are told when a command runs.
    """
    from desk.locales import set_language, set_zone

    set_zone(lambda: run.zone)
    try:
        set_language(run.language())
    except DeskError:
        set_language(run.language_of_locale())


def _completed() -> int | None:
    """Answer a shell that completes a half-typed command (`_DESK_COMPLETE=bash_source desk`)."""
    import os

    instruction = os.environ.get("_DESK_COMPLETE")
    if not instruction:
        return None
    from click.shell_completion import shell_complete

    return shell_complete(root, {}, "desk", "_DESK_COMPLETE", instruction)


def _which_verb(ctx: click.Context | None) -> UsageError:
    if ctx is None or not isinstance(ctx.command, click.Group):
        return UsageError("Which command?", "", "See: desk --help")
    verbs = ", ".join(ctx.command.list_commands(ctx))
    path = ctx.command_path
    return UsageError(
        "Which verb?",
        phrase("{path} can: {verbs}", path=path, verbs=verbs),
        phrase("See: {path} --help", path=path),
    )


def _told(out: Output, error: DeskError) -> int:
    try:
        out.fail(error)
    except ReaderGone:
        return _pipe_closed()
    except DeskError:  # stdout is full or gone; stderr has heard it already
        return error.exit_code
    return error.exit_code


def _stopped(out: Output) -> int:
    out.say(_("Stopped."))
    return 130


def _pipe_closed() -> int:
    """Whoever read us has gone: end as a process that SIGPIPE ended would, without a word."""
    import os

    # What is still buffered would be tried, and complained about, when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
