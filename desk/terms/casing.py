"""Casing: where a text has its capitals, beside where a form has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=1 << 14)
def capitals(text: str) -> tuple[bool, ...]:
    """Which letters of a text are capitals."""
    return tuple(map(str.isupper, text))


def written(found: str, forms: Sequence[str]) -> bool:
    """Whether the text is one of the forms letter by letter, capitals included."""
    if not forms:
        return False
    return found in forms or any(capitals(form) == capitals(found) for form in forms)


def shouted(found: str) -> bool:
    """Whether a text of two letters or more is in capitals throughout."""
    return found.isupper() and sum(map(str.isalpha, found)) > 1


def steady(found: str, forms: Sequence[str]) -> bool:
    """Whether a text is one of the forms in a way it may be written.

    As it stands, with another first letter, in small letters or in capitals throughout. Capitals
    scattered over it are wrong, and hide nothing that is wrong inside.
    """
    if found.islower() or shouted(found):
        return True
    rest = capitals(found)[1:]
    return any(capitals(form)[1:] == rest for form in forms)
