"""Finding the newsroom: by `--newsroom`, by `DESK_NEWSROOM`, or upwards from the working folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.errors import NotFound, Refused, Unavailable
from desk.phrase import phrase
from desk.text import safe_text

CALENDAR = "calendar.yaml"
ENVIRONMENT = "DESK_NEWSROOM"
_HINT = (
    "Go into the newsroom's folder, name it with --newsroom FOLDER or DESK_NEWSROOM, "
    "or make one: desk newsroom init"
)


@dataclass(frozen=True)
class NewsroomPaths:
    """Where a newsroom's things lie, all absolute. Nothing but the calendar needs to exist yet."""

    root: Path
    calendar: Path

    @property
    def state(self) -> Path:
        """What Desk itself writes: database, assets, pins."""
        return self.root / "var"

    @property
    def database(self) -> Path:
        """The default database, unless settings name another."""
        return self.state / "desk.db"

    @property
    def assets(self) -> Path:
        """Sealed assets."""
        return self.state / "assets"

    @property
    def checkpoints(self) -> Path:
        """Where a publisher signs the log's head unless it is told another place."""
        return self.state / "checkpoints.jsonl"

    def folder(self, path: str) -> Path:
        """A path of calendar.yaml (a folder channel's), relative ones from the root."""
        return self.root / path


def find_newsroom(
    explicit: str | None, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> NewsroomPaths:
    """Find the newsroom; `explicit` wins over the environment, that over the working folder.

    `explicit` and `DESK_NEWSROOM` name a folder or the calendar itself. Raises NotFound that says
    what to do, Refused for a calendar that was not named and that a stranger could have put there.
    """
    environment = os.environ if env is None else env
    start = Path.cwd() if cwd is None else cwd
    if explicit:
        return _named(explicit, "--newsroom", start)
    if environment.get(ENVIRONMENT):
        return _named(environment[ENVIRONMENT], ENVIRONMENT, start)
    here = start.resolve()
    for folder in (here, *here.parents):
        calendar = folder / CALENDAR
        if _is_file(calendar):
            _require_trusted(calendar)
            return NewsroomPaths(folder, calendar)
    raise NotFound(
        "There is no newsroom here",
        phrase(
            "no {calendar} in {here} or the folders above it",
            calendar=CALENDAR,
            here=safe_text(here),
        ),
        _HINT,
    )


def _named(given: str, by: str, start: Path) -> NewsroomPaths:
    if "\x00" in given:
        raise NotFound("There is no such newsroom", f"{by}: {safe_text(given)}", _HINT)
    place = (start / Path(given).expanduser()).resolve()
    if _is_file(place):
        return NewsroomPaths(place.parent, place)
    if _is_file(place / CALENDAR):
        return NewsroomPaths(place, place / CALENDAR)
    what = f"{safe_text(place)} holds no {CALENDAR}" if place.is_dir() else safe_text(place)
    raise NotFound("There is no such newsroom", f"{by}: {what}", _HINT)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    except OSError as error:
        raise Unavailable(
            "The newsroom cannot be looked for", f"{safe_text(path)}: {error.strerror}"
        ) from None


def _require_trusted(calendar: Path) -> None:
    """Refuse a calendar met by chance that lies where anybody could have put it, as in /tmp."""
    if not hasattr(os, "getuid"):
        return
    anybody = calendar.parent.stat().st_mode & stat.S_IWOTH
    if anybody and calendar.stat().st_uid not in {0, os.getuid()}:
        raise Refused(
            "This newsroom may be a stranger's",
            hint=phrase(
                "Anybody can write in {parent}. If you mean it, name it: --newsroom {parent}",
                parent=safe_text(calendar.parent),
            ),
        )
