"""What becomes of released files later: taken down, put back, marked as corrected.

What is taken down for a time moves to `.desk/withheld/<revision>/<release>/`, which only the
publisher's user may read; what is withdrawn for good is deleted. Each step can be repeated.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from desk.channels.folder_fence import Pen
from desk.channels.folder_files import as_json, page, sums, write
from desk.durable import sync_folder
from desk.errors import TrustError
from desk.phrase import phrase
from desk.portal.contract.content import Content, read_content
from desk.portal.contract.ninjs import pub_status
from desk.trust.acts import Act
from desk.trust.fold import WITHDRAWALS
from desk.trust.press import Press
from desk.trust.state import LIFTERS

_ENDINGS = ("content.json", "json", "md", "html")
_CORRECTED = {
    "vi": "Đây là bản cũ, đã được đính chính và không còn giá trị sử dụng.",
    "en": "This is an older version. It has been corrected and must not be used any more.",
}


def tombstone(act: Mapping[str, Any]) -> bytes:
    """What stands where a withdrawn item was."""
    return as_json(
        {
            "item": act["subject"],
            "revision": act["revision"],
            "state": "withdrawn",
            "mode": act["mode"],
            "pubStatus": pub_status(act["mode"]),
            "note": act.get("note", ""),
            "time": act["time"],
        }
    )


def carry_out(path: Path, acts: Sequence[Act], pen: Pen) -> None:
    """Carry out signed withdrawals, and lift the takedowns that enough of the acts lift.

    Raises TrustError for other acts, and when too few people lift one; FencedOff.
    """
    back: dict[str, set[str]] = {}
    for act in acts:
        if act.kind.name == "item.withdraw":
            _withdraw(path, act.fields, pen)
        elif act.kind.name == "item.restore":
            back.setdefault(act.fields["revision"], set()).add(act.actor)
        else:
            raise TrustError("Not a withdrawal", act.kind.name)
    for revision, people in back.items():
        if len(people) < LIFTERS:
            raise TrustError(
                "Too few have lifted it",
                phrase("{signed} of {needed}", signed=len(people), needed=LIFTERS),
            )
        _restore(path, revision, pen)


def _withdraw(path: Path, fields: Mapping[str, Any], pen: Pen) -> None:
    place, mark = _mark_of(path, fields["revision"]), tombstone(fields)
    known = json.loads(place.read_bytes())["mode"] if place.exists() else ""
    if WITHDRAWALS[fields["mode"]] < WITHDRAWALS[known]:
        return
    write(place, [mark], pen)
    for folder in released(path):
        take_down(path, folder, json.loads(mark), pen)


def _restore(path: Path, revision: str, pen: Pen) -> None:
    place = _mark_of(path, revision)
    if place.exists() and json.loads(place.read_bytes())["mode"] == "takedown":
        put_back(path, revision, pen)
        pen.check()
        place.unlink()
        sync_folder(place.parent)


def _mark_of(path: Path, revision: str) -> Path:
    return path / ".desk" / "withdrawn" / revision


def _withheld(path: Path, revision: str) -> Path:
    return path / ".desk" / "withheld" / revision


def _entries(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "index.json").read_bytes())["items"]
    return entries


def released(path: Path) -> Iterator[Path]:
    """The folders of everything that was released here."""
    for index in sorted(path.glob("*/r-*/index.json")):
        yield index.parent


def take_down(path: Path, folder: Path, mark: Mapping[str, Any], pen: Pen) -> None:
    """Replace the files of a withdrawn revision in a released folder by its tombstone."""
    entries = _entries(folder)
    kept = {a for e in entries if e["revision"] != mark["revision"] for a in e["assets"]}
    for entry in entries:
        if entry["revision"] != mark["revision"]:
            continue
        name = f"{entry['item']}.{entry['language']}"
        write(folder / f"{name}.withdrawn.json", [as_json(dict(mark))], pen)
        files = [folder / f"{name}.{ending}" for ending in _ENDINGS]
        files += [folder / "assets" / asset for asset in set(entry["assets"]) - kept]
        if mark["mode"] == "takedown":
            _move(files, folder, _withheld(path, mark["revision"]) / folder.name)
        for file in files:
            file.unlink(missing_ok=True)
        write(folder / "SHA256SUMS", [sums(folder)], pen)
    if mark["mode"] != "takedown":
        shutil.rmtree(_withheld(path, mark["revision"]), ignore_errors=True)


def _move(files: list[Path], start: Path, to: Path) -> None:
    top = to.parents[1]  # .desk/withheld
    top.mkdir(mode=0o700, exist_ok=True)
    for file in files:
        if file.exists():
            there = to / file.relative_to(start)
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(file, there)
            sync_folder(there.parent)


def put_back(path: Path, revision: str, pen: Pen) -> None:
    """Put the files of a revision back where they were, after a takedown was lifted."""
    for folder in released(path):
        for entry in _entries(folder):
            if entry["revision"] != revision:
                continue
            name = f"{entry['item']}.{entry['language']}"
            held = _withheld(path, revision) / folder.name
            pen.check()
            _return(held, folder)
            (folder / f"{name}.withdrawn.json").unlink(missing_ok=True)
            write(folder / "SHA256SUMS", [sums(folder)], pen)
    shutil.rmtree(_withheld(path, revision), ignore_errors=True)


def _return(held: Path, folder: Path) -> None:
    for file in sorted(held.rglob("*")) if held.is_dir() else ():
        if file.is_file():
            there = folder / file.relative_to(held)
            os.replace(file, there)
            sync_folder(there.parent)


def mark_corrected(path: Path, folder: Path, pen: Pen, press: Press | None = None) -> None:
    """Mark the older versions of what was just released: kept, and shown as corrected."""
    for entry in _entries(folder):
        if entry["number"] == 1:
            continue
        file = folder / f"{entry['item']}.{entry['language']}.content.json"
        if not file.exists():
            continue  # withdrawn meanwhile
        note = read_content(file.read_bytes()).edit_note
        for older in released(path):
            for known in _entries(older):
                same = (known["item"], known["language"]) == (entry["item"], entry["language"])
                if same and known["number"] < entry["number"]:
                    newer = entry | {"folder": folder, "note": note}
                    _mark(path, older, known, newer, pen, press)


def _mark(
    path: Path, older: Path, known: Mapping[str, Any], newer: Mapping[str, Any], pen: Pen,
    press: Press | None,
) -> None:  # fmt: skip
    name = f"{known['item']}.{known['language']}"
    place = older / f"{name}.corrected.json"
    before = json.loads(place.read_bytes())["by"]["number"] if place.exists() else 0
    source = older / f"{name}.content.json"
    if before >= newer["number"] or not source.exists():
        return
    by = {"number": newer["number"], "path": newer["folder"].relative_to(path).as_posix()}
    mark = {"item": known["item"], "revision": known["revision"], "number": known["number"],
            "state": "corrected", "by": by, "note": newer["note"]}  # fmt: skip
    content = read_content(source.read_bytes())
    shown = page(content, _notice(content, newer["note"]), press)
    write(older / f"{name}.html", [shown.encode()], pen)
    write(place, [as_json(mark)], pen)
    write(older / "SHA256SUMS", [sums(older)], pen)


def _notice(content: Content, note: str) -> str:
    return f"{_CORRECTED.get(content.language, _CORRECTED['en'])} {note}".strip()
