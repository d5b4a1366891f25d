"""The interface's language: one current gettext catalogue, and the functions that read it.

Messages are written in English in the code, marked with `_()`; the catalogues beside this file
translate them (GNU gettext, `xx/LC_MESSAGES/desk.po`, compiled to `desk.mo`). The language is a
property of the process, chosen once by the command line or the app; so is the zone of the newsroom
that it works in. Content is never translated here: an item carries its own language.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from desk.errors import UsageError
from desk.phrase import Instant, Phrase, phrase

DOMAIN = "desk"
FOLDER = Path(__file__).parent
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages there are: code (BCP 47) to the name its own readers use."""

_current = "en"
_zone: Callable[[], str] = str


@cache
def catalogue(code: str) -> _gettext.NullTranslations:
    """The catalogue of one language, read once. Raises UsageError for a language there is not."""
    if code not in LANGUAGES:
        raise UsageError(
            "Unknown interface language",
            code[:20],
            phrase("Choose one of: {names}", names=", ".join(LANGUAGES)),
        )
    return _gettext.translation(DOMAIN, FOLDER, [code], fallback=code == "en")


def set_language(code: str) -> None:
    """Choose the language of the interface, for the whole process. Raises UsageError."""
    global _current  # noqa: PLW0603 - the one setting of this module
    catalogue(code)
    _current = code


def language() -> str:
    """The code of the language chosen."""
    return _current


def set_zone(find: Callable[[], str]) -> None:
    """Say on whose clocks instants are told: `find` gives an IANA zone, or "" while none is known.

    It is asked when an instant is told, so that a command need not look for its newsroom before.
    """
    global _zone  # noqa: PLW0603 - like the language
    _zone = find


def _(message: str) -> str:
    """`message` in the language chosen; the English itself when no translation is there."""
    return catalogue(_current).gettext(message) if message else ""


def told(text: str) -> str:
    """What an error, a refusal or a finding says, in the language chosen.

    A `Phrase` is said again from its template; a plain text is looked up as it is, and stays as
    it is when the catalogue does not know it (a path, an id, the words of another program).
    Instants among a phrase's values are told on the newsroom's clocks, where its zone is known.
    """
    if not isinstance(text, Phrase):
        return _(text)
    if _current in text.versions:
        return text.versions[_current]
    if not text.values:
        return _(text.template)
    values = {name: _told_value(value) for name, value in text.values.items()}
    return _(text.template).format(**values)


def _told_value(value: object) -> object:
    if isinstance(value, Phrase):
        return told(value)
    return _on_clocks(value) if isinstance(value, Instant) else value


def _on_clocks(at: Instant) -> str:
    """15:00:00 20/11/2026 GMT+7; as it is written where no zone is known, or it is no instant."""
    if not (zone := _zone()):
        return at
    from desk.clock import parse_instant, to_wall  # late: `desk --help` tells no time
    from desk.locales.dates import instant_on

    try:
        return instant_on(to_wall(parse_instant(at), zone))
    except UsageError:  # out of a file that somebody else wrote
        return at


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of a counted message that suits `number`. Vietnamese has one form, English two."""
    return catalogue(_current).ngettext(singular, plural, number)


def N_(message: str) -> str:
    """Mark a message for the catalogue where it is written; `_()` translates it when shown."""
    return message
