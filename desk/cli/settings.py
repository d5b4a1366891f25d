"""`desk settings`: what belongs to you on this machine, shown and changed one line at a time.

A change touches the one line it is about: comments, order and everything else stay.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import examples
from desk.errors import ConfigError, Unavailable, UsageError
from desk.locales import N_, _
from desk.phrase import as_phrase, joined, phrase

command = noun("settings", "Show and change what belongs to you on this machine.")
MEANT = {
    "language": N_("language of the interface: vi, en"),
    "person": N_("whose key is used"),
    "theme": N_("colours of the desk"),
    "keys": N_("actions of the desk with other keys"),
    "input_method": N_("how Vietnamese is typed: telex, vni"),
    "idle_minutes": N_("minutes until the desk locks"),
    "key_store": N_("where keys are kept: auto, keyring, file"),
    "key_folder": N_("folder of the keys"),
    "database": N_("database, when it is not the newsroom's own file"),
}
"""What each setting is, in the reader's language."""


@dataclass(frozen=True)
class Shown:
    """The file, and every setting as it counts: those of the file, else the defaults."""

    file: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One setting, what it was and is in the file; None is the default. `already`: no change."""

    file: str
    setting: str
    before: str | None
    after: str | None
    already: bool


@verb(command, "show", examples("desk settings show", "desk settings show --json"))
def show(run: Run) -> None:
    """Show every setting as it counts, and where the file is. A database's password is hidden."""
    from desk.settings import CHECKS, FILE, config_folder

    settings = run.settings
    values = {name: getattr(settings, name) for name in CHECKS}
    values["keys"] = dict(settings.keys)
    values["key_folder"] = str(settings.key_folder) if settings.key_folder else None
    values["database"] = _without_password(settings.database)
    run.out.emit(Shown(str(config_folder() / FILE), values), _blocks)


def _without_password(url: str | None) -> str | None:
    if url is None or "@" not in url:
        return url
    head, _at, tail = url.rpartition("@")
    scheme, found, rest = head.partition("://")
    return f"{scheme}{found}{rest.partition(':')[0]}:***@{tail}"


def _blocks(view: Shown) -> list[Block]:
    def text(value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{name}: {key}" for name, key in value.items()) or "-"
        return "-" if value is None else str(value)

    # Names of settings are shown as one types them: a table's cells are not translated.
    rows = [[name, text(value), _(MEANT[name])] for name, value in view.settings.items()]
    return [Fields([("file", view.file)]), Table(["setting", "value", "what it is"], rows)]


@verb(
    command, "set",
    examples("desk settings set theme light", "desk settings set keys.approve f8",
             "desk settings set idle_minutes 5"),
)  # fmt: skip
@click.argument("name", metavar="SETTING")
@click.argument("value")
def set_one(run: Run, name: str, value: str) -> None:
    """Change one setting. keys.ACTION gives an action of the desk another key."""
    _change(run, name, value)


@verb(command, "unset", examples("desk settings unset theme", "desk settings unset keys.approve"))
@click.argument("name", metavar="SETTING")
def unset(run: Run, name: str) -> None:
    """Go back to the default of one setting."""
    _change(run, name, None)


def _change(run: Run, name: str, value: str | None) -> None:
    from desk.settings import FILE, config_folder
    from desk.settings_file import changed

    if name.startswith("keys.") and value is not None:
        from desk.cli.app import check_key

        check_key(run.settings.keys, name.removeprefix("keys."), value)
    path = config_folder() / FILE
    try:
        text = path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeError) as error:
        raise Unavailable("Cannot read the settings", f"{path}: {error}") from None
    before, after = changed(text, name, value)
    if after != text:
        _write(path, after)
    view = Changed(str(path), name, before, value, after == text)
    run.out.emit(view, lambda view: phrase("It was so already.") if view.already else
                 f"{view.setting}: {view.before or '-'} → {view.after or '-'}")  # fmt: skip


def _write(path: Path, text: str) -> None:
    """Put the new file in place of the old one at once, when Desk can read it."""
    from desk.settings import load

    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        load(fresh)
        fresh.replace(path)
    except OSError as error:
        raise Unavailable("Cannot write the settings", f"{path}: {error.strerror}") from None
    except ConfigError as error:
        hint = phrase("The file stays as it was: {file}", file=str(path))
        wrong = joined("\n", (as_phrase(problem.what) for problem in error.problems))
        raise UsageError("This setting cannot have that value", wrong, hint) from None
    finally:
        fresh.unlink(missing_ok=True)
