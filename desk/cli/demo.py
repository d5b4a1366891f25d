"""`desk demo`: a newsroom in a temporary folder, and a release that counts down to its second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from desk.cli.context import HELP, Run, VerbCommand, shared_options
from desk.cli.output import Fields
from desk.phrase import phrase

SECONDS, ITEMS = 20, 6


@click.command(
    "demo",
    cls=VerbCommand,
    context_settings=HELP,
    epilog="Example: desk demo --headless --json --in 8 --items 50",
)
@click.option("--headless", is_flag=True, help="Unattended; also chosen without a terminal.")
@click.option("--in", "seconds", default=SECONDS, show_default=True, type=click.IntRange(7, 3600),
              metavar="SECONDS", help="From the sign-off to the release.")  # fmt: skip
@click.option("--items", default=ITEMS, show_default=True, type=click.IntRange(1, 1000),
              metavar="N", help="How many items go out together.")  # fmt: skip
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False),
              metavar="FOLDER", help="Build it there and keep it.")  # fmt: skip
@click.make_pass_decorator(Run)
def command(run: Run, headless: bool, seconds: int, items: int, folder: Path | None) -> None:
    """Show a release of approved items going public on three channels at its second."""
    if headless or run.out.json or not run.out.on_terminal:
        _headless(run, seconds, items, folder)
    else:
        from desk.demo.live import live

        live(run, seconds, items, folder)


def _headless(run: Run, seconds: int, items: int, folder: Path | None) -> None:
    from desk.demo.headless import run as run_headless

    report = run_headless(seconds, items, run.out.say, folder)
    run.out.emit(report.as_json(), _fields)
    if not report.ok:
        click.get_current_context().exit(1)


def _fields(view: dict[str, Any]) -> Fields:
    late = view["late_ms"]
    return Fields([
        ("release", view["release"]),
        ("items", view["items"]),
        ("channels", view["channels"]),
        ("due", view["due"]),
        ("early", view["early"]),
        ("late", phrase("p50 {p50} ms, p99 {p99} ms, max {most} ms", p50=late["p50"],
                        p99=late["p99"], most=late["max"])),
        ("receipts", view["receipts"]),
        ("verified", view["verified"]),
        ("seen before", phrase("{hits} in {looks} looks",
                               hits=view["public_hits_before_due"], looks=view["looks"])),
        ("log", phrase("verified") if view["log"] == "verified" else view["log"]),
    ])  # fmt: skip


command.params += shared_options()
