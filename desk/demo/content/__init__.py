"""Sample messages: what the demo's newsroom publishes, in every language, from public facts.

`index.yaml` lists the messages; each text is Markdown with a YAML header in `<id>.<language>.md`.
Headers and bodies have the shapes of the content document, so a sample goes straight into an item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from desk.demo.assets import SampleAsset, asset_files
from desk.text import nfc

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).parent
_NUMBERED = {"vi": "{headline} – bản sao số {number}", "en": "{headline} – copy {number}"}


@dataclass(frozen=True)
class SampleText:
    """One language version: plain headline and summary, a CommonMark body, what they rest on.

    `sources` and `legal` are objects as in the content document; the body cites them as footnotes
    `[^1]` and `[^l1]`.
    """

    headline: str
    summary: str
    body: str
    sources: tuple[Mapping[str, str], ...]
    legal: tuple[Mapping[str, str], ...]
    places: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class SampleMessage:
    """One message: `texts` and `assets` by language code; `id` is unique in one `messages()`."""

    id: str
    kind: str
    agency: str
    section: str
    texts: Mapping[str, SampleText]
    assets: Mapping[str, tuple[SampleAsset, ...]] = field(default_factory=dict)


def messages(n: int | None = None) -> list[SampleMessage]:
    """The first `n` sample messages, all distinct; by default each text once.

    Past the last text they start again as numbered copies. A copy carries no files, so that a
    load of 500 items weighs what its text weighs.

    Raises ValueError when `n` is negative.
    """
    originals = _originals()
    count = len(originals) if n is None else n
    if count < 0:
        raise ValueError("the number of messages cannot be negative")
    return [_nth(originals, index) for index in range(count)]


def _nth(originals: tuple[SampleMessage, ...], index: int) -> SampleMessage:
    message = originals[index % len(originals)]
    if index < len(originals):
        return message
    number = index + 1
    texts = {
        language: replace(
            text, headline=_NUMBERED[language].format(headline=text.headline, number=number)
        )
        for language, text in message.texts.items()
    }
    return replace(message, id=f"{message.id}-{number}", texts=texts, assets={})


@cache
def _originals() -> tuple[SampleMessage, ...]:
    rows = _yaml((_FOLDER / "index.yaml").read_text(encoding="utf-8"))
    return tuple(
        SampleMessage(
            id=row["id"],
            kind=row["kind"],
            agency=row["agency"],
            section=row["section"],
            texts={language: _read(row["id"], language) for language in LANGUAGES},
            assets={lang: tuple(asset_files(lang)) for lang in LANGUAGES if row.get("bundle")},
        )
        for row in rows
    )


def _read(message: str, language: str) -> SampleText:
    whole = nfc((_FOLDER / f"{message}.{language}.md").read_text(encoding="utf-8"))
    _, header, body = whole.split("---\n", 2)
    head = _yaml(header)
    return SampleText(
        headline=head["headline"],
        summary=head["summary"],
        body=_unwrap(body),
        sources=tuple(head["sources"]),
        legal=tuple(head["legal"]),
        places=tuple(head["places"]),
        subjects=tuple(head["subjects"]),
    )


def _yaml(text: str) -> Any:
    import yaml

    return yaml.safe_load(text)


def _unwrap(body: str) -> str:
    """The body with one line per paragraph and list entry: files are wrapped, editors wrap."""
    blocks = []
    for block in body.strip().split("\n\n"):
        lines: list[str] = []
        for line in block.splitlines():
            if lines and not line.startswith("- "):
                lines[-1] += " " + line.strip()
            else:
                lines.append(line)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
