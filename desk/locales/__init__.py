"""The interface's language: one current gettext catalogue, and the functions that read it.

Messages are written in English in the code, marked with `_()`; the catalogues beside this file
translate them (GNU gettext, `xx/LC_MESSAGES/desk.po`, compiled to `desk.mo`). The language is a
property of the process, chosen once by the command line or the app. Content is never translated
here: an item carries its own language.
"""

from __future__ import annotations

import gettext as _gettext
from functools import cache
from pathlib import Path

from desk.errors import UsageError
from desk.phrase import Phrase, phrase

DOMAIN = "desk"
FOLDER = Path(__file__).parent
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages there are: code (BCP 47) to the name its own readers use."""

_current = "en"


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


def _(message: str) -> str:
    """`message` in the language chosen; the English itself when no translation is there."""
    return catalogue(_current).gettext(message) if message else ""


def told(text: str) -> str:
    """What an error, a refusal or a finding says, in the language chosen.

    A `Phrase` is said again from its template; a plain text is looked up as it is, and stays as
    it is when the catalogue does not know it (a path, an id, the words of another program).
    """
    if not isinstance(text, Phrase):
        return _(text)
    if _current in text.versions:
        return text.versions[_current]
    if not text.values:
        return _(text.template)
    values = {
        name: told(value) if isinstance(value, Phrase) else value
        for name, value in text.values.items()
    }
    return _(text.template).format(**values)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of a counted message that suits `number`. Vietnamese has one form, English two."""
    return catalogue(_current).ngettext(singular, plural, number)


def N_(message: str) -> str:
    """Mark a message for the catalogue where it is written; `_()` translates it when shown."""
    return message
