"""docs/keys.md: every action of the desk with its keys and its command, from the registry."""

from __future__ import annotations

from collections.abc import Iterator


def keys_page(made: str) -> str:
    """The page; `made` is the line that says that it is generated."""
    from desk.cli.app import key_rows

    return "\n\n".join([made, *_parts(key_rows())]) + "\n"


def _parts(rows: list[tuple[str, str, str, str, str]]) -> Iterator[str]:
    yield "# Keys"
    yield (
        "`^X` is Ctrl+X, `M-x` is Alt+X (or Escape, then x). Letters work while Telex or VNI is "
        "on. Give an action another key with `desk settings set keys.ACTION KEY`, such as "
        "`desk settings set keys.queue.approve f8`. In the desk `?` shows the keys of the room, "
        "`^P` finds any action by its name, `i` puts a letter on everything in sight."
    )
    for place in dict.fromkeys(row[0] for row in rows):
        yield f"## {place.capitalize()}"
        lines = ["| key | action | what it does | command |", "|---|---|---|---|"]
        for _place, id, keys, about, twin in (row for row in rows if row[0] == place):
            lines.append(f"| {keys} | `{id}` | {_cell(about)} | {_code(twin)} |")
        yield "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""
