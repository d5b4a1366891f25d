"""New identifiers: a letter for what it is, and random Crockford base32 in lower case."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_item() -> str:
    """`i-…`, 50 random bits."""
    return "i-" + _random(10)


def new_release() -> str:
    """`r-…`, 50 random bits."""
    return "r-" + _random(10)


def new_message() -> str:
    """`m-…`: groups the language versions of one message."""
    return "m-" + _random(10)


def new_asset() -> str:
    """`a-…`, 50 random bits."""
    return "a-" + _random(10)


def new_revision() -> str:
    """`v-…`, 80 random bits; part of what a seal is bound to."""
    return "v-" + _random(16)


def new_contact() -> str:
    """`c-…`, 50 random bits."""
    return "c-" + _random(10)


def new_shift() -> str:
    """`s-…`: a recurring shift of a contact."""
    return "s-" + _random(10)


def new_away() -> str:
    """`w-…`: a span in which a contact is away."""
    return "w-" + _random(10)


def new_enquiry() -> str:
    """`q-…`, 50 random bits."""
    return "q-" + _random(10)


def new_salt() -> str:
    """64 hex digits (256 random bits)."""
    return secrets.token_hex(32)
