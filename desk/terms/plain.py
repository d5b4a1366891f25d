"""An entry as plain values and as YAML text: what is digested, kept in changes, and written.

`plain(entry)` has the shape of the termbase file with `language` and the source written out in
full, so that it stands alone. `entry_of` reads it back through the same strict reader as a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from desk.terms.entry import SCOPES, Entry, Source

FORMAT: Final = 1


def plain(entry: Entry) -> dict[str, Any]:
    """The entry as dicts, lists, strings and booleans; what is at its default is left out.

    It has a canonical form (`desk.trust.canonical`): no null, dates as `YYYY-MM-DD`.
    """
    return {"language": entry.language, **_body(entry), "source": _source(entry)}


def content(entry: Entry) -> dict[str, Any]:
    """What digests are made of: the entry as plain values but for the name of its source.

    A file names its sources, and two that would share a name there get another.
    """
    value = plain(entry)
    return {**value, "source": {k: v for k, v in value["source"].items() if k != "id"}}


def _body(entry: Entry) -> dict[str, Any]:
    """Every field but language and source, in the order in which people read them."""
    unless = {"left": list(entry.left), "right": list(entry.right)}
    examples = {"match": list(entry.match), "clean": list(entry.clean)}
    scope = [one for one in SCOPES if one in entry.scope]
    given: dict[str, Any] = {
        "id": entry.id,
        "concept": entry.concept if entry.concept != entry.id else "",
        "forms": [{"text": form.text, "status": form.status} for form in entry.forms],
        "severity": entry.severity,
        "case": entry.case if entry.case != "sentence-start" else "",
        "scope": scope if len(scope) < len(SCOPES) else [],
        "unless": {side: phrases for side, phrases in unless.items() if phrases},
        "from": _day(entry.since),
        "until": _day(entry.until),
        "historical": entry.historical,
        "exceptions": list(entry.exceptions),
        "rule": entry.rule,
        "owner": entry.owner,
        "examples": {kind: texts for kind, texts in examples.items() if texts},
    }
    return {key: value for key, value in given.items() if value}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _source(entry: Entry) -> dict[str, str]:
    source = entry.source.source
    given = {
        "id": source.id,
        "title": source.title,
        "place": source.place,
        "date": _day(source.date),
        "url": source.url,
        "where": entry.source.place if entry.source.place != source.place else "",
    }
    return {key: value for key, value in given.items() if value}


def entry_of(value: Mapping[str, Any], name: str = "entry") -> Entry:
    """The entry that `plain` wrote. Raises ConfigError with what is wrong in it."""
    return entries_of([value], name)[0]


def entries_of(values: Iterable[Mapping[str, Any]], name: str = "entries") -> tuple[Entry, ...]:
    """Entries from their plain values, each read as strictly as a termbase file is.

    Raises ConfigError whose places are lines of the file as `file_text` would write it.
    """
    from desk.terms.load import read

    found: list[Entry] = []
    for value in values:
        given = dict(value)
        source = dict(given.pop("source", {}))
        ref, where = str(source.pop("id", "own")), source.pop("where", "")
        document = {
            "format": FORMAT,
            "language": given.pop("language", ""),
            "sources": {ref: source},
            "entries": [{**given, "source": {"ref": ref, "place": where} if where else ref}],
        }
        raw = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        found += read(raw, f"{name}: {str(given.get('id', ''))[:64]}").entries
    return tuple(found)


def file_text(language: str, entries: Iterable[Entry], heading: str = "") -> str:
    """A termbase file of these entries, as a person would write it; sources come first."""
    listed = list(entries)
    names, sources = _named_sources(listed)
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += [f"format: {FORMAT}", f"language: {language}", ""]
    lines.append("sources:" if sources else "sources: {}")
    for ref, source in sources.items():
        fields = {"title": source.title, "place": source.place, "date": _day(source.date),
                  "url": source.url}  # fmt: skip
        lines.append(f"  {ref}: {_flow({k: v for k, v in fields.items() if v})}")
    lines += ["", "entries:" if listed else "entries: []"]
    for entry in listed:
        lines += ["", *_entry_lines(entry, names[entry.source.source])]
    return "\n".join(lines) + "\n"


def _named_sources(entries: list[Entry]) -> tuple[dict[Source, str], dict[str, Source]]:
    """A name for each source: its own id, or with a number where two share one."""
    names: dict[Source, str] = {}
    sources: dict[str, Source] = {}
    for entry in entries:
        source = entry.source.source
        if source in names:
            continue
        ref, number = source.id, 1
        while ref in sources:
            number += 1
            ref = f"{source.id}-{number}"
        names[source], sources[ref] = ref, source
    return names, sources


def _entry_lines(entry: Entry, ref: str) -> list[str]:
    lines = []
    body = _body(entry)
    examples = body.pop("examples", {})
    where = entry.source.place if entry.source.place != entry.source.source.place else ""
    for key, value in body.items():
        if key == "owner":
            continue
        lines += _field(key, value)
    lines.append("source: " + (_flow({"ref": ref, "place": where}) if where else _quoted(ref)))
    if entry.owner:
        lines.append(f"owner: {_quoted(entry.owner)}")
    if examples:
        lines.append("examples:")
        for kind, texts in examples.items():
            lines += [f"  {kind}:", *(f"    - {_quoted(text)}" for text in texts)]
    return [f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]


def _field(key: str, value: Any) -> list[str]:
    if key == "forms":
        return ["forms:", *(f"  - {_flow(form)}" for form in value)]
    if isinstance(value, dict):
        return [f"{key}:", *(f"  {name}: {_flow(inner)}" for name, inner in value.items())]
    plain_words = key in ("id", "concept", "severity", "case", "from", "until")
    return [f"{key}: {value if plain_words else _flow(value)}"]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A double-quoted scalar: JSON's escapes are YAML's."""
    return json.dumps(text, ensure_ascii=False)
