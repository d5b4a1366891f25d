"""Public keys on the command line: typed as hex, or from what `desk key show --json` printed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run
from desk.errors import NotFound, Unavailable, UsageError
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.administer import PublicKeys

_HEX = re.compile(r"[0-9a-f]{64}")


def hex_key(text: str, option: str) -> str:
    """A public key as it may stand in a roster. Raises UsageError."""
    key = text.strip().lower()
    if not _HEX.fullmatch(key):
        raise UsageError(
            "Not a public key",
            phrase("{option}: 64 hex digits are wanted", option=option),
            "Its owner sees it with: desk key show",
        )
    return key


def public_keys(sign: str, read: str) -> PublicKeys:
    """Both public keys of a person. Raises UsageError."""
    from desk.newsroom.administer import PublicKeys

    return PublicKeys(
        hex_key(sign, phrase("the signing key")), hex_key(read, phrase("the reading key"))
    )


def keys_given(run: Run, who: str, sign: str | None, read: str | None, source: str | None,
               ) -> PublicKeys:  # fmt: skip
    """The keys from --sign and --read, or from what `desk key show --json` printed."""
    if source is None:
        if sign is None or read is None:
            raise UsageError(
                "Whose keys?", "--sign and --read, or --from-file",
                "Its owner makes the file: desk key show --json > keys.json",
            )  # fmt: skip
        return public_keys(sign, read)
    try:
        raw = sys.stdin.read(65536) if source == "-" else Path(source).read_text("utf-8")
        found = json.loads(raw)
        keys = public_keys(str(found["sign"]), str(found["read"]))
        newsroom, owner = found.get("newsroom", run.newsroom_id), found.get("person", who)
    except FileNotFoundError:
        raise NotFound("No such file", source) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{source}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("Not what desk key show --json prints", source) from None
    if (newsroom, owner) != (run.newsroom_id, who):
        raise UsageError(
            "These are other keys",
            phrase("of {owner} in {newsroom}", owner=owner, newsroom=newsroom),
        )
    return keys


def tell_voice(run: Run, who: str, keys: PublicKeys, where: str = "desk key show") -> None:
    """Ask for the comparison that no file can replace."""
    from desk.trust.canonical import digest
    from desk.trust.keys import fingerprint

    both = fingerprint(digest({"sign": keys.sign, "read": keys.read}))
    run.out.say(
        phrase(
            "Let {who} read the fingerprint aloud ({where}). It must be:\n  {both}",
            who=who,
            where=where,
            both=both,
        )
    )


_KEYS = (
    click.option("--sign", metavar="HEX", help="The public signing key."),
    click.option("--read", metavar="HEX", help="The public reading key."),
    click.option("--from-file", "source", metavar="FILE",
                 help="What `desk key show --json` printed; - reads it."),
)  # fmt: skip


def with_keys(function: Any) -> Any:
    """The options that name a person's public keys."""
    for option in reversed(_KEYS):
        function = option(function)
    return function
