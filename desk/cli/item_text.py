"""An item's text on the command line: how it comes in from files and fields, how it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.cli.context import Run
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import LARGEST_TEXT, text_of
from desk.errors import DeskError, NotFound, Unavailable, UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import as_phrase, both, phrase
from desk.text import one_line

if TYPE_CHECKING:
    from desk.gates import GateResult

HEADER = ("kind", "agency", "language", "code")
"""What a file may say of an item besides its fields; options say it louder."""
_STRUCTURED = ("sources", "legal", "places", "subjects")
_SEALED_TEXT = ("headline", "summary", "body")


def fields_given(
    run: Run, file: Path | None, sets: Sequence[str]
) -> tuple[dict[str, str], dict[str, Any]]:
    """The header and the changed fields from a file and from `field=value` options.

    A value `@FILE` or `-` is read, and so stays out of the arguments, which everybody on the
    machine can see. Raises UsageError, NotFound, Unavailable.
    """
    from desk.items.content import from_file

    found: dict[str, Any] = {}
    if file is not None:
        raw = _read_stdin() if str(file) == "-" else _read(file)
        found = from_file(raw, file.name)
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError("--set is FIELD=VALUE", text[:20])
        if name in _SEALED_TEXT and value and value != "-" and not value.startswith("@"):
            run.out.warn(
                phrase(
                    "Others on this machine can see the {name} in the list of processes; "
                    "--set {name}=@FILE and --set {name}=- keep it to yourself.",
                    name=name,
                )
            )
        found[name] = _value(name, value)
    header = {name: str(found.pop(name)) for name in HEADER if name in found}
    return header, found


def _value(name: str, text: str) -> Any:
    from desk.items.content import LISTS, names_in

    if text.startswith("@"):
        try:
            text = _read(Path(text[1:])).decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise UsageError(
                "Not UTF-8", phrase("{text}, byte {start}", text=text[1:], start=error.start)
            ) from None
    elif text == "-":
        text = text_of("-", f"--set {name}")
    if name == "urgency" and text.isdigit():
        return int(text)
    if name in LISTS and not text.startswith("["):
        return names_in(text)
    if name in _STRUCTURED and text:
        try:
            return json.loads(text)
        except ValueError:
            raise UsageError(
                phrase("{name} is JSON", name=name),
                "a list",
                phrase("Put it into the file, or: --set '{name}=[…]'", name=name),
            ) from None
    return text


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_TEXT + 1)
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{path}: {error.strerror}") from None
    if len(raw) > LARGEST_TEXT:
        raise UsageError(
            "That text is too long",
            phrase("{path}: over {most} bytes", path=path, most=LARGEST_TEXT),
        )
    return raw


def _read_stdin() -> bytes:
    return text_of("-", "--file").encode()


def known_section(run: Run, agency: str, changes: Mapping[str, Any]) -> None:
    """Raise UsageError when the section given is none of the agency's in calendar.yaml.

    A calendar.yaml that cannot be read names no sections and is not this command's trouble.
    """
    from desk.cli.opened import config

    section = changes.get("section")
    if not section or not isinstance(section, str):
        return
    try:
        found = config(run)
    except DeskError:
        return
    known = next((one.sections for one in found.agencies if one.id == agency), ())
    if section in known:
        return
    hint = phrase("Its sections: {names}", names=", ".join(known)) if known else phrase(
        "calendar.yaml names no sections of this agency."
    )  # fmt: skip
    raise UsageError(
        phrase("{agency} has no such section", agency=agency), one_line(section)[:40], hint
    )


def same_header(header: Mapping[str, str], item: Mapping[str, Any]) -> None:
    """Raise UsageError when a file belongs to another kind, agency or language than the item."""
    for name in ("kind", "agency", "language"):
        if name in header and header[name] != item[name]:
            raise UsageError(
                phrase("An item keeps its {name}", name=name),
                phrase("{header}, it is {item}", header=header[name], item=item[name]),
            )


def document_blocks(
    document: Mapping[str, Any], facts: Sequence[tuple[str, object]]
) -> list[Block]:
    """A content document as people read it in a terminal."""
    plain = ("section", "urgency", "places", "subjects", "edit_note", "correction_of")
    headless = _("(no headline yet)")
    blocks: list[Block] = [
        Fields([
            *facts,
            ("kind", document["kind"]),
            ("agency", document["agency"]),
            ("language", document["language"]),
            *((word("field", name), document[name]) for name in plain if name in document),
        ]),
        f"\n{document['headline'] or headless}\n\n{document['summary']}\n\n"
        f"{document['body']}\n",
    ]  # fmt: skip
    for name, columns in (
        ("sources", ("id", "title", "date", "url")),
        ("legal", ("id", "number", "title", "url")),
        ("assets", ("id", "role", "name", "media_type", "size", "alt")),
    ):
        if document.get(name):
            rows = [
                [word("file", entry["role"]) if column == "role" else entry.get(column, "")
                 for column in columns]
                for entry in document[name]
            ]  # fmt: skip
            blocks.append(Table(columns, rows, word("field", name)))
    return blocks


def step_fact(step: str, by: str, who: Sequence[str]) -> tuple[str, object]:
    """One step of a chain as a line: who took it, or who could."""
    return word("step", step), by or phrase("open: {names}", names=", ".join(who))


def gate_table(results: Iterable[GateResult]) -> Table:
    """What the gates said, a line per finding."""
    rows: list[list[object]] = []
    for result in results:
        rows += [
            [
                word("gate", result.id),
                word("gate says", found.severity),
                word("field", found.field) + (f":{found.line}" if found.line else ""),
                both(found.message, found.message_vi),
                as_phrase(found.hint),
            ]
            for found in result.findings
        ]
        rows += (
            []
            if result.findings
            else [[word("gate", result.id), word("gate says", result.outcome), "", "", ""]]
        )
    return Table(["gate", "says", "where", "what", "hint"], rows)  # fmt: skip
