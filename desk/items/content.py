"""The content document of a revision: what is signed, sealed, and made public at the instant.

Shape (canonical JSON): format, salt, item, message?, language, kind, agency, section?, headline,
summary, body, sources, legal, assets, translates?, places?, subjects?, urgency?, edit_note?,
correction_of?. A draft has the same shape without the salt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from desk.errors import UsageError
from desk.phrase import phrase
from desk.text import nfc
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.ids import new_salt

FORMAT = 1
TEXT_FIELDS = ("headline", "summary", "body")
FREE_FIELDS = (
    *TEXT_FIELDS, "sources", "legal", "section", "places", "subjects", "urgency", "edit_note",
)  # fmt: skip
LISTS = ("places", "subjects")
URGENCY = range(1, 10)
"""IPTC ninjs `urgency`: 1 is the most urgent, 5 the usual, 9 is set by the user of the news."""
_MOST, _LONGEST = 100, 200  # entries of a list, characters of one: the portal contract's bounds
_SECTION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")  # as the portal contract spells names
LIMITS = {"headline": 300, "summary": 4_000, "body": 1_000_000, "edit_note": 500}
_ROWS = {
    "sources": ({"id", "title"}, {"url", "date"}),
    "legal": ({"id", "title", "url"}, {"number"}),
}


def blank(
    *, item: str, kind: str, agency: str, language: str, message: str = "", section: str = ""
) -> dict[str, Any]:
    """An empty document for a new item."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "item": item,
        "language": language,
        "kind": kind,
        "agency": agency,
        "headline": "",
        "summary": "",
        "body": "",
        "sources": [],
        "legal": [],
        "assets": [],
    }
    if message:
        document["message"] = message
    if section:
        document["section"] = section
    return document


def cleaned(value: Any) -> Any:
    """The same value with every string in NFC and without carriage returns."""
    if isinstance(value, str):
        return nfc(value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, Mapping):
        return {nfc(str(key)): cleaned(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(child) for child in value]
    return value


def changed(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with these free fields replaced. Raises UsageError for a field or shape unknown."""
    unknown = sorted(set(changes) - set(FREE_FIELDS))
    if unknown:
        raise UsageError(
            "Unknown field",
            ", ".join(unknown),
            phrase("Fields: {names}", names=", ".join(FREE_FIELDS)),
        )
    result = dict(document)
    for name, given in changes.items():
        value = cleaned(given)
        if value in ("", None, []) and name not in (*TEXT_FIELDS, *_ROWS):
            result.pop(name, None)
            continue
        _check(name, value)
        result[name] = value
    return result


def refused(changes: Mapping[str, Any]) -> dict[str, UsageError]:
    """Of these changes to free fields, those that no draft takes, each with the reason."""
    found: dict[str, UsageError] = {}
    for name, value in changes.items():
        try:
            changed({}, {name: value})
        except UsageError as error:
            found[name] = error
    return found


def names_in(text: str) -> list[str]:
    """Places or subjects as a person writes them in one line: parted by semicolons, each once."""
    found = (" ".join(part.split()) for part in nfc(text).split(";"))
    return list(dict.fromkeys(part for part in found if part))


def _check(name: str, value: Any) -> None:
    if name in (*TEXT_FIELDS, "edit_note", "section"):
        if not isinstance(value, str):
            raise UsageError(phrase("{name} is text", name=name), type(value).__name__)
        if len(value) > LIMITS.get(name, 200):
            raise UsageError(
                phrase("{name} is too long", name=name),
                phrase("{count} of {most}", count=len(value), most=LIMITS.get(name, 200)),
            )
        if name == "section" and not _SECTION.fullmatch(value):
            hint = "One of its agency in calendar.yaml, such as activity-news"
            raise UsageError("section is the id of a section", value[:40], hint)
    elif name in LISTS:
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise UsageError(phrase("{name} is a list of texts", name=name))
        if len(value) > _MOST or any(len(one) > _LONGEST for one in value):
            raise UsageError(
                phrase("{name} is too long", name=name),
                phrase("at most {most} of {longest} characters", most=_MOST, longest=_LONGEST),
            )
    elif name == "urgency":
        if not isinstance(value, int) or isinstance(value, bool) or value not in URGENCY:
            raise UsageError("urgency is a number from 1 to 9")
    elif name in _ROWS:
        _check_rows(name, value)


def _check_rows(name: str, rows: Any) -> None:
    required, optional = _ROWS[name]
    if not isinstance(rows, list):
        raise UsageError(phrase("{name} is a list", name=name))
    seen = set()
    for row in rows:
        if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values()):
            raise UsageError(phrase("{name}: each entry is a group of texts", name=name))
        if not required <= row.keys() or not row.keys() <= required | optional:
            fields = ", ".join(sorted(required)) + "".join(f", {o} (may be left out)"
                                                           for o in sorted(optional))  # fmt: skip
            raise UsageError(
                phrase("{name}: an entry has other fields", name=name),
                phrase("it has {fields}", fields=fields),
            )
        if row["id"] in seen:
            raise UsageError(
                phrase("{name}: two entries have the id {id}", name=name, id=row["id"])
            )
        seen.add(row["id"])


def finished(document: Mapping[str, Any]) -> tuple[dict[str, Any], bytes, str]:
    """The document with a fresh salt, its canonical bytes, and their digest (64 hex)."""
    value = {**cleaned(document), "format": FORMAT, "salt": new_salt()}
    data = canonical(value)
    return value, data, digest_bytes(data)


def asset_part(asset_id: str) -> str:
    """The name under which an asset's bytes are sealed."""
    return f"asset:{asset_id}"


def from_file(data: bytes, name: str) -> dict[str, Any]:
    """Read a text with YAML front matter: headline, summary, sources, …, then `---` and the body.

    Raises UsageError with the line that is wrong.
    """
    import yaml

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            "Not UTF-8", phrase("{name}, byte {start}", name=name, start=error.start)
        ) from None
    text = str(cleaned(text))
    if not text.startswith("---\n"):
        return {"body": text.strip()}
    head, found, body = text[4:].partition("\n---\n")
    if not found:
        raise UsageError(
            "The front matter does not end", phrase("{name}: a line with --- is missing", name=name)
        )
    try:
        fields = _front_matter(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = mark.line + 2 if mark else 1
        raise UsageError(
            "The front matter is not YAML", phrase("{name}, line {place}", name=name, place=place)
        ) from None
    except ValueError as error:
        raise UsageError("The front matter cannot be used", f"{name}: {error}") from None
    return {**fields, "body": body.strip()}


def _front_matter(head: str) -> dict[str, Any]:
    """The fields of a front matter. Values stay as written, so that `date: 2026-10-06` and
    `id: 2` are texts; only urgency is a number. Raises YAMLError, ValueError.
    """
    import yaml

    for event in yaml.parse(head, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"write out what *{event.anchor} stands for")
    root = yaml.compose(head, Loader=yaml.BaseLoader)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("it is not a list of fields")
    names = [str(key.value) for key, _ in root.value]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands there twice")
    fields: dict[str, Any] = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    if str(fields.get("urgency", "")).isdigit():
        fields["urgency"] = int(fields["urgency"])
    return fields
