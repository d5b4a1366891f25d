"""Shapes: what the value of an act's field may look like. Each is a test of one value.

What an act carries is read before any signature is checked, so a shape never raises, never takes
long, and takes nothing for what it is not: no digits of other scripts, no true for 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from desk.trust.keys import weak_signing_key

Check = Callable[[Any], bool]


def matches(pattern: str) -> Check:
    """Text that a pattern describes, all of it."""
    compiled = re.compile(pattern, re.ASCII)  # no digits or letters of other scripts
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def text(limit: int) -> Check:
    """Text of one to `limit` characters."""
    return lambda value: isinstance(value, str) and 0 < len(value) <= limit


def moment(pattern: str) -> Check:
    """Text of that pattern that is a date and time which exists."""
    shape = matches(pattern)

    def check(value: Any) -> bool:
        if not shape(value):
            return False
        try:
            datetime.fromisoformat(value.removesuffix("Z"))
        except ValueError:
            return False
        return True

    return check


def whole(value: Any) -> bool:
    """Whether it is a whole number, from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def list_of(check: Check, limit: int = 2000) -> Check:
    """At most `limit` values that pass."""
    return lambda value: (
        isinstance(value, list) and len(value) <= limit and all(check(entry) for entry in value)
    )


def distinct(check: Check) -> Check:
    """Values that pass, none of them twice."""
    listed = list_of(check)
    return lambda value: listed(value) and len(set(value)) == len(value)


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields, and no others than the optional ones."""
    extra = optional or {}

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and required.keys() <= value.keys()
            and value.keys() <= required.keys() | extra.keys()
            and all((required.get(k) or extra[k])(v) for k, v in value.items())
        )

    return check


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda value: isinstance(value, str) and value in words


PERSON = matches(r"[a-z0-9][a-z0-9-]{0,63}")
ITEM = matches(r"i-[0-9a-hjkmnp-tv-z]{10}")
RELEASE = matches(r"r-[0-9a-hjkmnp-tv-z]{10}")
MESSAGE = matches(r"m-[0-9a-hjkmnp-tv-z]{10}")
REVISION = matches(r"v-[0-9a-hjkmnp-tv-z]{16}")
ENQUIRY = matches(r"q-[0-9a-hjkmnp-tv-z]{10}")
CONTACT = matches(r"c-[0-9a-hjkmnp-tv-z]{10}")
# A contact, a shift, an absence; or a topic of an agency.
ENTRY = matches(r"[csw]-[0-9a-hjkmnp-tv-z]{10}|[a-z0-9][a-z0-9-]{0,63}@[a-z0-9][a-z0-9-]{0,63}")
DIGEST = matches(r"[0-9a-f]{64}")
SIGN_KEY: Check = lambda value: DIGEST(value) and not weak_signing_key(value)  # noqa: E731
# A date that exists, in two centuries: nothing computed from it can overflow.
# Hours to 23: newer Pythons read 24:00 as the next day, and all must read one act alike.
_CLOCK = r"2[01]\d\d-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d"
INSTANT = moment(_CLOCK + "Z")
WALL = moment(_CLOCK)
NAME = matches(r"[a-z0-9][a-z0-9-]{0,63}")
AGENCY: Check = lambda value: value == "*" or NAME(value)  # noqa: E731
LANGUAGE = matches(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ZONE = matches(r"[A-Za-z0-9_+\-/]{1,64}")
WHOLE: Check = whole
NEWSROOM = matches(r"[a-z0-9][a-z0-9-]{0,63}@[0-9a-f]{32}")
GATE = fields(
    {
        "id": NAME,
        "version": whole,
        "outcome": one_of("pass", "warn", "fail"),
        "input": DIGEST,
    }
)
_ENTRY_VALUE: Check = lambda v: isinstance(v, dict) and NAME(v.get("agency"))  # noqa: E731
BOARD_ENTRY = fields({"id": ENTRY}, {"value": _ENTRY_VALUE, "parent": DIGEST, "private": DIGEST})
SIGNED_ITEM = fields({"item": ITEM, "revision": DIGEST, "language": LANGUAGE})
TRIGGER = fields({"grant": DIGEST, "key": SIGN_KEY, "script": NAME})
