"""The oracle: a matcher of plain string searches, slow and obvious, which the engine must match.

Nothing here is shared with `desk.terms.match` but the folding of text: every rule is written down
a second time, in the simplest way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desk.terms.entry import SEVERITIES, Entry, Form
from desk.terms.fold import Folded, fold

Span = tuple[int, int]
Found = tuple[int, int, str, str]
"""Start and end in the folded text, id of the entry, form."""


def find(entries: Iterable[Entry], folded: Folded) -> list[Found]:
    """What stands in a text, whatever its day and its markup, in the order of the text."""
    listed = list(entries)
    text, cased = folded.text, folded.cased
    rights = [
        (span, form) for entry in listed for form in entry.forms if form.standard
        for span in occurrences(text, form.text) if steady(cased[span[0] : span[1]], form.text)
    ]  # fmt: skip
    claims = []
    for entry in listed:
        excepted = [span for one in entry.exceptions for span in occurrences(text, one)]
        for order, form in enumerate(entry.forms):
            if form.standard:
                continue
            for span in occurrences(text, form.text):
                found = cased[span[0] : span[1]]
                if (
                    any(span == other and alike(found, right.text) for other, right in rights)
                    or any(covers(other, span) and other != span for other, _ in rights)
                    or any(covers(other, span) for other in excepted)
                    or beside(text, span, entry)
                    or not case_fits(found, entry, form)
                ):
                    continue
                rank = (span[0] - span[1], SEVERITIES.index(entry.severity), entry.id, order)
                claims.append((rank, span[0], span[1], entry.id, form.text))
    kept: list[Found] = []
    for _, start, end, name, form_text in sorted(claims):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end, name, form_text))
    return sorted(kept)


def occurrences(text: str, form: str) -> Iterator[Span]:
    """Where a form stands as whole words."""
    wanted = fold(form).text
    for start in range(len(text) - len(wanted) + 1):
        end = start + len(wanted)
        if text[start:end] != wanted:
            continue
        if wanted[0].isalnum() and start > 0 and text[start - 1].isalnum():
            continue
        if wanted[-1].isalnum() and end < len(text) and text[end].isalnum():
            continue
        yield start, end


def covers(outer: Span, inner: Span) -> bool:
    """Whether one span lies in another."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def alike(found: str, form: str) -> bool:
    """Whether a text has its capitals where a form has them."""
    return [ch.isupper() for ch in found] == [ch.isupper() for ch in fold(form).cased]


def steady(found: str, form: str) -> bool:
    """Whether the capitals of a text are those of a form, the first aside, or none, or all."""
    letters = sum(ch.isalpha() for ch in found)
    if found == found.lower() or (found == found.upper() and letters > 1):
        return True
    return [ch.isupper() for ch in found[1:]] == [ch.isupper() for ch in fold(form).cased[1:]]


def beside(text: str, span: Span, entry: Entry) -> bool:
    """Whether a negative context stands next to a span."""
    before, after = text[: span[0]].removesuffix(" "), text[span[1] :].removeprefix(" ")
    for phrase in entry.left:
        wanted = fold(phrase).text
        rest = before.removesuffix(wanted)
        if rest != before and not (wanted[0].isalnum() and rest[-1:].isalnum()):
            return True
    for phrase in entry.right:
        wanted = fold(phrase).text
        rest = after.removeprefix(wanted)
        if rest != after and not (wanted[-1].isalnum() and rest[:1].isalnum()):
            return True
    return False


def case_fits(found: str, entry: Entry, form: Form) -> bool:
    """Whether the case of a text makes it this form, as `Entry.case` says."""
    if entry.case == "exact":
        return alike(found, form.text)
    standards = [one.text for one in entry.forms if one.standard]
    standards.sort(key=lambda text: -len(fold(text).text))
    wanted = fold(form.text).text
    inner = [fold(one).text for one in standards]
    if wanted not in inner and form.status == "superseded":
        return True
    if wanted not in inner:
        for standard, part in zip(standards, inner, strict=True):
            if f" {part} " in f" {wanted} ":
                at = f" {wanted} ".index(f" {part} ")
                listed = fold(form.text).cased[at : at + len(part)]
                first = 1 if at else 0
                if alike(listed[first:], fold(standard).cased[first:]):
                    return True
                if all(ch.isupper() for ch in found if ch.isalpha()) and len(found) > 1:
                    return alike(found, form.text)
                return alike(found, form.text) or entry.case == "any" or (
                    at > 0 and alike(found[at : at + len(part)], listed)
                )  # fmt: skip
        return True
    letters = [ch for ch in found if ch.isalpha()]
    if alike(found, form.text):
        return True
    if found.isupper() and len(letters) > 1:
        return False
    if entry.case == "any":
        return True
    return (
        found.count(" ") >= 2
        and not found.islower()
        and any(found[0].isupper() == one[0].isupper() for one in standards)
    )
