"""What a finding says: suggestions in the case of the text, one plain sentence in each language."""

from __future__ import annotations

from collections.abc import Callable

from desk.terms.casing import shouted
from desk.terms.finding import Says
from desk.terms.fold import key
from desk.terms.match import Variant


def suggestions(variant: Variant, found: str, begins: Callable[[], bool]) -> tuple[str, ...]:
    """The standard forms, in capitals where the text is, with a capital where a sentence begins."""
    offered = variant.suggestions
    if not offered:
        return ()
    if variant.inside is not None:
        at, size = variant.inside
        part = key(found[at : at + size])
        offered = tuple(
            found[:at] + text + found[at + size :] for text in offered if key(text) == part
        )
    if shouted(found) and not shouted(variant.form.text):
        return tuple(text.upper() for text in offered)
    if found[0].isupper() and any(text[0].islower() for text in offered):
        listed_small = variant.word and variant.form.text[0].islower()
        if listed_small or begins():
            return tuple(text[0].upper() + text[1:] for text in offered)
    return offered


def told(variant: Variant, found: str, offered: tuple[str, ...]) -> Says:
    """The message. A change of case alone says so."""
    if not offered:
        return f"Do not write “{found}”", f"Không dùng “{found}”"
    if offered[0].casefold() == found.casefold():
        return (
            f"Only capitals differ: write “{offered[0]}”",
            f"Chỉ khác chữ hoa, chữ thường: viết “{offered[0]}”",
        )
    best, *rest = (f"“{text}”" for text in offered)
    either = f" (or {', '.join(rest)})" if rest else ""
    either_vi = f" (hoặc {', '.join(rest)})" if rest else ""
    if variant.form.status == "superseded":
        return (
            f"“{found}” is now {best}{either}",
            f"“{found}” nay là {best}{either_vi}",
        )
    return f"Write {best}{either}, not “{found}”", f"Viết {best}{either_vi}, không viết “{found}”"


def beside(says: Says, part: str, inner: Says) -> Says:
    """The message with that of something graver inside what is told."""
    return f"{says[0]}. “{part}”: {inner[0]}", f"{says[1]}. “{part}”: {inner[1]}"
