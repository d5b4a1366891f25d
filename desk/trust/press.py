"""Press: what the adopted policy tells reporters about whom to ask, whom to name, and the logo.

It stands in the policy, and not in the calendar that a publisher signs, so that nobody puts a
telephone number of their own on the public pages: administrators adopt it. All of it is public.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.errors import TrustError
from desk.text import nfc, safe_text
from desk.trust.acts import LANGUAGE

PHONE = re.compile(r"\+?\(?[0-9][0-9 ().\-]{2,38}", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
LONGEST = 300  # characters of a text
Names = Mapping[str, str]


@dataclass(frozen=True)
class Press:
    """The press contact is a post with its public number and address; texts are by language.

    Empty where the policy says nothing. `logo_alt`: what the logo shows, in words; `logo_use`:
    what reporters may do with it; `byline`: the post or desk that texts are signed with.
    """

    post: Names = field(default_factory=dict)
    phone: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    byline: Names = field(default_factory=dict)
    logo_alt: Names = field(default_factory=dict)
    logo_use: Names = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As it stands in the policy document: nothing empty in it."""
        contact = {"post": dict(self.post), "phone": self.phone, "email": self.email,
                   "languages": list(self.languages)}  # fmt: skip
        logo = {"alt": dict(self.logo_alt), "use": dict(self.logo_use)}
        whole = {"contact": _filled(contact), "byline": dict(self.byline), "logo": _filled(logo)}
        return _filled(whole)

    @property
    def dial(self) -> str:
        """The number as a `tel:` address has it: digits and a leading plus (RFC 3966)."""
        return re.sub(r"[^0-9+]", "", self.phone)


def said(names: Names, language: str) -> str:
    """A text in that language, else in another one, else ''."""
    return names.get(language) or next(iter(names.values()), "")


def _filled(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one}


def read_press(document: Mapping[str, Any]) -> Press | None:
    """The press part of a policy document; None without one. Raises TrustError for another shape.

    Portals show it as it is, so text is taken in NFC and without control characters only.
    """
    given = document.get("press")
    if given is None:
        return None
    whole = _part(given, {"contact", "byline", "logo"})
    contact = _part(whole.get("contact", {}), {"post", "phone", "email", "languages"})
    logo = _part(whole.get("logo", {}), {"alt", "use"})
    phone, email = contact.get("phone", ""), contact.get("email", "")
    _must(phone == "" or (isinstance(phone, str) and PHONE.fullmatch(phone)), "phone")
    _must(email == "" or (isinstance(email, str) and EMAIL.fullmatch(email)), "email")
    spoken = contact.get("languages", [])
    _must(isinstance(spoken, list) and all(LANGUAGE(code) for code in spoken), "languages")
    post = _names(contact.get("post", {}))
    _must(not contact or (bool(post) and bool(phone or email)), "contact")
    return Press(
        post, phone, email, tuple(spoken), _names(whole.get("byline", {})),
        _names(logo.get("alt", {})), _names(logo.get("use", {})),
    )  # fmt: skip


def _must(good: object, what: str) -> None:
    if not good:
        raise TrustError("Malformed policy", f"press: {what}")


def _part(value: Any, known: set[str]) -> Mapping[str, Any]:
    _must(isinstance(value, dict) and value.keys() <= known, "fields")
    found: Mapping[str, Any] = value
    return found


def _names(value: Any) -> Names:
    _must(isinstance(value, dict) and len(value) <= 20, "text by language")
    for code, text in value.items():
        _must(LANGUAGE(code) and isinstance(text, str) and 0 < len(text) <= LONGEST, "text")
        _must(nfc(text) == text == safe_text(text) and "\n" not in text, "control characters")
    found: Names = value
    return found
