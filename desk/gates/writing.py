"""Gates on the writing itself: the short version, and lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.gates.registry import Finding, GateInput, finding, from_problem, gate
from desk.items.figures import figures

_MARK = re.compile(r"\[\^[^\]\s]{1,20}\]")  # `[^2]` is a reference, no figure


@gate("summary", version=2)
def summary(given: GateInput) -> Iterator[Finding]:
    """There is a short version, of its own words, and its figures stand in the full version."""
    text = given.text("summary").strip()
    if not text:
        yield finding(
            "error",
            "summary",
            ("The short version is missing", "Thiếu bản tóm tắt"),
            hint="Say in two or three sentences what the public must know",
        )
        return
    plain = given.body.text.strip()
    if plain and text == plain:
        says = ("The short version repeats the full version", "Bản tóm tắt lặp lại toàn văn")
        yield finding("warning", "summary", says)
    if text.casefold() == given.text("headline").strip().casefold():
        says = ("The short version repeats the headline", "Bản tóm tắt lặp lại tiêu đề")
        yield finding("warning", "summary", says)
    stated = {figure.key for figure in figures(plain, given.language)}
    for name in ("headline", "summary"):
        said = _MARK.sub(lambda mark: " " * len(mark[0]), given.text(name))
        for figure in figures(said, given.language):
            if figure.key not in stated:
                says = (
                    f"{figure.text} does not stand in the full version",
                    f"Số liệu {figure.text} không có trong toàn văn",
                )
                yield finding("warning", name, says, at=(figure.start, figure.end))


@gate("length", version=1)
def length(given: GateInput) -> Iterator[Finding]:
    """Headline, short and full version are neither empty nor too long; the body is sound."""
    limits = given.limits
    headline = given.text("headline").strip()
    if not headline:
        yield finding("error", "headline", ("The headline is missing", "Thiếu tiêu đề"))
    elif "\n" in headline:
        says = ("The headline has more than one line", "Tiêu đề có nhiều hơn một dòng")
        yield finding("error", "headline", says)
    yield from _measure("headline", len(headline), 0, limits.headline)
    size = len(given.text("summary").strip())
    least = limits.summary_least if size else 0
    yield from _measure("summary", size, least, limits.summary_most)
    if not given.body.text.strip():
        yield finding("error", "body", ("The full version is missing", "Thiếu toàn văn"))
        return
    for problem in given.body.problems:
        yield from_problem(problem)
    yield from _measure("body", len(given.body.text), limits.body_least, limits.body_most)


_NAMES = {
    "headline": ("The headline", "Tiêu đề"),
    "summary": ("The short version", "Bản tóm tắt"),
    "body": ("The full version", "Toàn văn"),
}


def _measure(name: str, size: int, least: int, most: int) -> Iterator[Finding]:
    en, vi = _NAMES[name]
    if size > most:
        says = (
            f"{en} has {size} characters, at most {most} are allowed",
            f"{vi} có {size} ký tự, tối đa {most}",
        )
        yield finding("error", name, says)
    elif size < least:
        says = (
            f"{en} has only {size} characters, {least} are usual",
            f"{vi} chỉ có {size} ký tự, thông thường từ {least}",
        )
        yield finding("warning", name, says)
