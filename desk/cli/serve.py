"""`desk serve`: the desk in a browser of this machine."""

from __future__ import annotations

from dataclasses import dataclass

import click

from desk.cli.context import HELP, Run, VerbCommand, shared_options
from desk.locales import N_, _

PORT = 8710


@dataclass(frozen=True)
class Served:
    """Where the desk is. `link` works once."""

    link: str


@click.command(
    "serve",
    cls=VerbCommand,
    context_settings=HELP,
    help=N_("Offer the desk to a browser on this machine, to you alone."),
    epilog="Example: desk serve --port 8710 --idle 30",
)
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535),
              metavar="N", help=N_("Where to listen on 127.0.0.1; 0 is any free one."))  # fmt: skip
@click.option("--sessions", default=4, show_default=True, type=click.IntRange(1, 16),
              metavar="N", help=N_("How many desks may be open at once."))  # fmt: skip
@click.option("--idle", default=15, show_default=True, type=click.IntRange(1, 480),
              metavar="MINUTES",
              help=N_("End a desk that nobody has touched for so long."))  # fmt: skip
@click.make_pass_decorator(Run)
def command(run: Run, port: int, sessions: int, idle: int) -> None:
    """Serve the desk on loopback. Every session asks for the passphrase itself."""
    import asyncio

    from desk import garbage
    from desk.browser.server import Limits, Server, serve
    from desk.cli.app import Sitting, no_passphrase

    sitting = Sitting(run)
    if not sitting.in_file:
        raise no_passphrase()
    sitting.known_newsroom()  # a fingerprint to compare is told here, where the person is
    limits = Limits(sessions, idle * 60.0)
    server = Server(sitting.locked_command(), port=port, limits=limits, say=run.out.warn)

    def ready(link: str) -> None:
        run.out.say(_("Open this link in a browser on this machine. It works once, in 10 minutes."))
        run.out.emit(Served(link), lambda view: view.link)
        run.out.flush()
        run.out.say(_("Ctrl+C ends all sessions."))

    garbage.staying()
    asyncio.run(serve(server, ready))


command.params += shared_options()
