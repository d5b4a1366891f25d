"""Changing one line of settings.yaml: comments, order and the other lines stay as they are."""

from __future__ import annotations

import re
from typing import Any

from desk.errors import UsageError
from desk.phrase import phrase
from desk.settings import CHECKS

KEYS = "keys"
_ACTION = re.compile(r"[a-z][a-z_.]{0,60}")


def changed(text: str, name: str, value: str | None) -> tuple[str | None, str]:
    """What the setting was in the file, and the file's new text. None: it is not in the file.

    `name` is a setting, or `keys.ACTION`. The keys are written anew as one line, so a comment
    inside them is not kept; one behind a plain value is. Raises UsageError for a setting that
    there is not, and for a file that is not YAML.
    """
    setting, dot, action = name.partition(".")
    if setting not in CHECKS or (dot and setting != KEYS) or (setting == KEYS and not action):
        hint = phrase(
            "Settings: {names}, keys.ACTION", names=", ".join(n for n in CHECKS if n != KEYS)
        )
        raise UsageError("There is no such setting", name[:60], hint)
    start, end, present = _place(text, setting)
    if setting != KEYS:
        before = None if present is None else str(present)
        return before, _with(text, start, end, value and f"{setting}: {_quoted(value)}")
    if not _ACTION.fullmatch(action):
        raise UsageError("There is no such action", action[:60], "See: docs/keys.md")
    keys = dict(present) if isinstance(present, dict) else {}
    before = keys.pop(action, None)
    if value is not None:
        keys[action] = value
    inside = ", ".join(f"{one}: {_key(str(key))}" for one, key in keys.items())
    if before == value:
        return before, text
    return before, _with(text, start, end, f"{KEYS}: {{{inside}}}" if keys else None)


def _place(text: str, setting: str) -> tuple[int, int, Any]:
    """Where the setting's lines are in the text, and its value; the end of it when not there."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = phrase("line {line}", line=mark.line + 1 if mark else 1)
        raise UsageError("The settings are not YAML", where, "Mend that line first") from None
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if str(key.value) == setting:
            value = yaml.SafeLoader("").construct_document(node)
            last = node  # a block ends where the next line begins: not what stands between
            while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
                last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
            return key.start_mark.index, last.end_mark.index, value
    return len(text), len(text), None


def _with(text: str, start: int, end: int, line: str | None) -> str:
    """The text with that part replaced, or with its whole line taken out."""
    if line is not None:
        if start == len(text):
            return text + ("\n" if text and not text.endswith("\n") else "") + line + "\n"
        tail = text[end:]
        return text[:start] + line + (tail if tail.startswith((" ", "\n")) or not tail
                                      else "\n" + tail)  # fmt: skip
    after = text.find("\n", end - 1 if text[end - 1 : end] == "\n" else end)
    return text[:start] + (text[after + 1 :] if after >= 0 else "")


def _quoted(value: str) -> str:
    """A YAML scalar: plain where YAML reads that as this text, or as whole minutes; else quoted."""
    import json

    import yaml

    if re.fullmatch(r"[1-9][0-9]*|0|[A-Za-z~/][\w./:@~+-]*", value, re.ASCII) and (
        value.isdigit() or isinstance(yaml.safe_load(value), str)
    ):
        return value
    return json.dumps(value, ensure_ascii=False)


def _key(value: str) -> str:
    """The name of a key: text also where it is a digit."""
    return f'"{value}"' if value.isdigit() else _quoted(value)
