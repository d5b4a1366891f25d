"""What a channel has seen of a newsroom: versions, bundles, withdrawals; asked after a restore.

Nothing here makes a channel hear us: a publisher in quarantine asks before it is anybody.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.errors import DeskError, Unavailable
from desk.portal.contract.fields import Fields
from desk.portal.contract.receipt import Receipt
from desk.portal.contract.wire import STATES, State
from desk.trust.canonical import parse
from desk.trust.envelope import Envelope

_MANY = 1_000_000  # bundles or withdrawals in one answer


@dataclass(frozen=True)
class Seen:
    """One bundle as the channel knows it. `release` and `at` are '' where it cannot know them."""

    address: str
    state: State
    release: str = ""
    at: str = ""


@dataclass(frozen=True)
class Standing:
    """What a channel has seen. Versions are 0 where it has none, or judges nothing.

    `withdrawn`: digests of the revisions that must not come back; `holder`: the publisher that
    has the newest epoch.
    """

    roster: int = 0
    policy: int = 0
    calendar: int = 0
    epoch: int = 0
    bundles: tuple[Seen, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    holder: str = ""


def read_standing(value: Any, newsroom: str) -> Standing:
    """A portal's answer to `GET /v1/newsrooms/{n}`; what else it says is passed over.

    Raises Malformed, Unavailable for another newsroom's.
    """
    f = Fields(value, "standing")
    if f.newsroom() != newsroom:
        raise Unavailable("This portal serves another newsroom", "its standing names another")
    bundles = []
    for one in f.each("bundles", _MANY):
        state: State = one.one_of("state", STATES)  # type: ignore[assignment]
        bundles.append(Seen(one.hex64("address"), state, one.release(), one.instant("at")))
        one.done()
    withdrawn = f.array("withdrawn", _MANY)
    return Standing(
        f.count("roster"), f.count("policy"), f.count("calendar"), f.count("epoch"),
        tuple(bundles), frozenset(map(str, withdrawn)),
        f.text("holder", 64) if f.has("holder") else "",
    )  # fmt: skip


def read_acts(value: Mapping[str, Any]) -> list[Envelope]:
    """The envelopes of an answer that lists acts. Raises TrustError, Malformed."""
    return [Envelope.from_value(one) for one in Fields(value, "acts").array("acts", _MANY)]


def folder_standing(path: Path) -> Standing:
    """What the files of a folder channel say: claims, sealed bundles, withdrawals."""
    try:
        opened = [_claimed(file) for file in _files(path, "opened")]
        staged = [_staged(folder) for folder in _files(path, "staged")]
        marks = [json.loads(file.read_bytes())["revision"] for file in _files(path, "withdrawn")]
    except (OSError, ValueError, KeyError, DeskError) as error:
        raise Unavailable("The folder cannot be read", f"{path}: {type(error).__name__}") from None
    known = {seen.address for seen in opened}
    waiting = [seen for seen in staged if seen and seen.address not in known]
    return Standing(bundles=(*opened, *waiting), withdrawn=frozenset(marks))


def _files(path: Path, name: str) -> list[Path]:
    folder = path / ".desk" / name
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [file for file in found if not file.name.startswith(".")]


def _claimed(file: Path) -> Seen:
    value = parse(file.read_bytes())
    receipt = Receipt.from_value(parse(base64.b64decode(value["receipt"]["payload"])))
    return Seen(file.name, "opened", receipt.release, receipt.at)


def _staged(folder: Path) -> Seen | None:
    if (folder / "recalled").exists():
        return Seen(folder.name, "recalled")
    return Seen(folder.name, "staged") if (folder / "bundle").exists() else None
