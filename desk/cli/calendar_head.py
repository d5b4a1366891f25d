"""What a command needs of its newsroom before calendar.yaml is judged: its id and its zone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from desk.errors import Unavailable, UsageError
from desk.phrase import phrase


def newsroom_id(calendar: Path) -> str:
    """`newsroom.id` of a calendar.yaml, read without judging the rest of the file.

    Raises Unavailable, UsageError when it is not there or not an id.
    """
    from desk.settings import PERSON

    found = newsroom_field(calendar, "id")
    if not PERSON.fullmatch(found):
        raise UsageError(
            "calendar.yaml names no newsroom",
            phrase("newsroom.id: {found}", found=found[:40]),
            "Run: desk newsroom check",
        )
    return found


def newsroom_field(calendar: Path, name: str) -> str:
    """A text of the section `newsroom` of a calendar.yaml, not judged; "" where there is none.

    Raises Unavailable for a file that cannot be read.
    """
    import yaml

    # Events only: libyaml composes deep nesting on the stack of C.
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        with calendar.open("rb") as file:
            return _field_among(yaml.parse(file.read(1 << 20), Loader=loader), name)
    except OSError as error:
        raise Unavailable("Cannot read the newsroom", f"{calendar}: {error.strerror}") from None
    except yaml.YAMLError:
        return ""


def _field_among(events: Iterable[Any], name: str) -> str:
    """`newsroom.NAME` from the events of a YAML file, or ''. Parses no further than to it.

    The place is the keys above it, one for each mapping or sequence that is open: `...` where a
    key comes next, None for a sequence.
    """
    place: list[Any] = []
    for event in events:
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            place.append(... if kind.startswith("Mapping") else None)
            continue
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            place.pop()
        elif kind not in ("ScalarEvent", "AliasEvent"):
            continue
        value = getattr(event, "value", "")
        if place == ["newsroom", name]:
            return str(value)
        if place == ["newsroom"]:
            return ""
        if place and place[-1] is not None:
            place[-1] = value if place[-1] is ... else ...
    return ""
