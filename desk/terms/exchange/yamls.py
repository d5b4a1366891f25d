"""The YAML of other tools: read as plain values with places, written with every text in quotes."""

from __future__ import annotations

import json
from typing import Any

from desk.errors import ConfigError
from desk.newsroom.document import Document, read_document
from desk.newsroom.marks import Path
from desk.phrase import phrase
from desk.terms.exchange.built import LARGEST, MEND
from desk.text import safe_text

MOST_VALUES = 1_000_000


def read_yaml(raw: bytes, name: str) -> Document:
    """The document. Raises ConfigError with all that is wrong, each with line and column.

    Plain YAML only: anchors, aliases, tags and merge keys are refused where they stand.
    """
    document = read_document(raw, max_bytes=LARGEST, max_nodes=MOST_VALUES, quick=True)
    if document.problems or not document.readable:
        error = ConfigError(safe_text(name), document.problems)
        error.hint = MEND
        raise error
    return document


def line_of(document: Document, path: Path) -> str:
    """`line N` of a value, as losses name their place."""
    return phrase("line {line}", line=document.marks.value(path).line)


def texts(value: Any) -> list[str]:
    """A text or a list of texts as a list; what is no text is left out."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []


def quoted(text: str) -> str:
    """A double-quoted YAML scalar."""
    return json.dumps(text, ensure_ascii=False)
