"""`desk portal`: the reference portal. Make its state directory, run it, see how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from desk.cli.clock_word import believed, tell
from desk.cli.context import Run, noun, verb
from desk.cli.output import Fields
from desk.cli.telling import examples
from desk.locales.words import word
from desk.phrase import phrase

command = noun("portal", "Run the reference portal.")

_STATE = click.option(
    "--state", "state", required=True, metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False), help="The portal's own directory.",
)  # fmt: skip


@dataclass(frozen=True)
class NewPortal:
    """A portal just made. `key` goes into the channel's entry in calendar.yaml.

    `token` is the secret with which the publisher calls it; it is shown once and kept nowhere,
    unless `token_file` says where it was put.
    """

    state: str
    newsroom: str
    root: str
    key: str
    token: str
    token_file: str


@verb(command, "init")
@_STATE
@click.option("--newsroom-id", required=True, metavar="ID", help="Whose portal: `desk-vn`.")
@click.option("--root", required=True, metavar="FINGERPRINT",
              help="Fingerprint of the newsroom's root, compared by voice.")  # fmt: skip
@click.option("--token-file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the token there (0600) and do not show it.")  # fmt: skip
def init(run: Run, state: Path, newsroom_id: str, root: str, token_file: Path | None) -> None:
    """Make the state directory, the key that signs receipts, and the bearer token."""
    from desk.portal.home import init as make
    from desk.portal.home import keep_token

    home, token = make(state, newsroom_id, root)
    if token_file is not None:
        keep_token(token_file, token)
    run.out.say("Put the key into the channel's entry in calendar.yaml, then: desk newsroom adopt")
    view = NewPortal(
        str(state), home.newsroom, home.root, home.key, "" if token_file else token,
        str(token_file or ""),
    )  # fmt: skip
    run.out.emit(view, _new_fields)


def _new_fields(view: NewPortal) -> Fields:
    from desk.trust.keys import fingerprint

    pairs = [
        ("state", view.state),
        ("newsroom", view.newsroom),
        ("root", fingerprint(view.root)),
        ("key", view.key),
        ("token", view.token or phrase("in {file}", file=view.token_file)),
    ]
    return Fields(pairs)


@verb(command, "serve")
@_STATE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8601, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
@click.option("--certificate", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="TLS certificate chain (PEM).")  # fmt: skip
@click.option("--tls-key", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Its private key (PEM).")  # fmt: skip
def serve(
    run: Run, state: Path, host: str, port: int, certificate: Path | None, tls_key: Path | None
) -> None:
    """Run the portal until SIGTERM. Prints its address on stdout once it answers."""
    from desk.portal import logs
    from desk.portal.server import serve as run_server

    logs.to_stderr()

    def ready(url: str) -> None:
        run.out.emit({"url": url}, lambda view: view["url"])

    run_server(state, host, port, certificate=certificate, key=tls_key, ready=ready)


@verb(command, "status")
@_STATE
def status(run: Run, state: Path) -> None:
    """Show what the portal has pinned and what lies there, without asking the server."""
    from desk.portal.overview import Overview, overview

    def fields(view: Overview) -> Fields:
        bundles = ", ".join(
            f"{count} {word('channel', name)}" for name, count in view.bundles.items()
        )
        return Fields([
            ("newsroom", view.newsroom),
            ("root", view.root),
            ("key", view.key),
            ("channel", view.channel
             or phrase("none: the adopted policy does not name this key")),
            ("address", view.address),
            ("roster", view.roster),
            ("policy", view.policy),
            ("calendar", view.calendar),
            ("epoch", f"{view.epoch} {view.publisher}".strip()),
            ("bundles", bundles or phrase("none")),
            ("withdrawn", view.withdrawn),
            ("clock", phrase("behind: desk portal clock") if view.clock_behind else phrase("good")),
        ])  # fmt: skip

    run.out.emit(overview(state), fields)


@verb(
    command,
    "clock",
    examples(
        "desk portal clock --state /var/lib/desk-portal",
        "desk portal clock --state /var/lib/desk-portal --believe",
    ),
)
@_STATE
@believed
def clock(run: Run, state: Path, believe: bool, yes: bool) -> None:
    """Show whether the portal's clock is behind the time that it wrote down at its last run.

    It opens nothing until that time has passed. Where the clock once ran ahead, compare it with
    another one and say that it is right now. Nothing opens before its instant because of that.
    """
    from desk.clock import SystemClock
    from desk.portal import kept_time

    clock = SystemClock()
    tell(
        run, lambda: kept_time.look(state, clock),
        lambda shown: kept_time.believe(state, clock, shown), believe, yes,
    )  # fmt: skip


@verb(command, "openapi")
def openapi(run: Run) -> None:
    """Print the portal contract as an OpenAPI 3.1 document (JSON)."""
    import json

    from desk.portal.openapi import document

    run.out.emit(document(), lambda value: json.dumps(value, ensure_ascii=False, indent=1))
